"""Whoever watches papers on their way: what must hold of them at every moment.

I5   nobody reads a paper of a record that is not theirs to hold
I12  what is given out as a paper has the bytes whose hash is its name
I20  what an upload was told to have it keeps, as long as the office is not put back

The rest, once all is healed: `judgement.py`.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from sync.bundle import BundleMessage
from tests.sim.papers.door import (
    CREATED,
    DOOR,
    EXPIRES_MS,
    GONE,
    NO_CONTENT,
    OK,
    DoorAnswer,
    DoorRequest,
    PaperName,
)
from tests.sim.papers.naming import names_in
from tests.sim.ports import Feed, OfficeDump, Written
from tests.sim.scopes import scopes_of
from tests.sim.witness import require

if TYPE_CHECKING:
    from tests.sim.world import PhoneHere, World


@dataclass(frozen=True)
class Photo:
    """A paper that a person was told is saved: on which phone, by which change."""

    phone: int
    data: bytes
    head: bytes


@dataclass(frozen=True)
class Told:
    """How far an upload was told to be, in which epoch, and until when it is kept."""

    offset: int
    epoch: int
    until: int


@dataclass
class PaperWitness:
    """What was promised of papers so far."""

    world: "World"
    photos: dict[PaperName, Photo] = field(default_factory=dict)
    # What a phone's disk has spoilt: nobody can be asked for it there.
    excused: set[tuple[int, PaperName]] = field(default_factory=set)
    bundled: dict[bytes, dict[PaperName, bytes]] = field(default_factory=dict)
    _told: dict[str, Told] = field(default_factory=dict)
    _floors: dict[DoorRequest, tuple[Told | None, int]] = field(default_factory=dict)

    def sees_photo(self, phone: "PhoneHere", written: Written, data: bytes) -> None:
        """A person was told that a paper is saved."""
        skeleton = written.change.skeleton
        assert skeleton is not None
        name = PaperName(skeleton.record, sha256(data).digest())
        if name not in names_in(written.change):
            return  # Written beside it.
        self.photos[name] = Photo(phone.name, data, written.change.head)

    def sees_bundle(self, digest: bytes, message: BundleMessage) -> None:
        """A phone seals papers for somebody to carry."""
        self.bundled[digest] = {
            PaperName(one.record, sha256(one.data).digest()): one.data
            for one in message.attachments
        }

    def sees_request(self, asked: DoorRequest, now: int) -> None:
        """A request begins: what was told of its upload before must still hold at its answer."""
        self._floors[asked] = (self._told.get(asked.address), now)

    def sees_answer(self, asked: DoorRequest, answer: DoorAnswer) -> None:
        """An offset was told, or an upload is gone."""
        floor, begun = self._floors.pop(asked, (None, 0))
        if asked.method == "GET":
            return
        epoch = self.world.office.epoch
        if floor is not None and floor.epoch == epoch:
            is_kept = answer.status != GONE or begun >= floor.until
            require(is_kept, "I20", f"an upload of {floor.offset} bytes is gone before its time")
            if answer.offset is not None:
                fact = f"an upload was told to have {floor.offset} bytes and has {answer.offset}"
                require(answer.offset >= floor.offset, "I20", fact)
        if answer.offset is None:
            return
        address = asked.address
        if answer.status == CREATED:
            address = answer.headers["location"]
        before = self._told.get(address)
        until = begun + EXPIRES_MS if answer.status in (CREATED, NO_CONTENT) else 0
        if before is not None and before.epoch == epoch:
            until = max(until, before.until)
        if address.startswith(DOOR):
            self._told[address] = Told(answer.offset, epoch, until)

    def sees_reading(self, seat: int, name: PaperName, answer: DoorAnswer) -> None:
        """Somebody asked for a paper: they get it only where its record is theirs to hold."""
        if answer.status == OK:
            fact = f"{seat} reads a paper of {dossier(name)} that it may not hold"
            require(self.may_hold(seat, name, self.world.office.dump()), "I5", fact)
            is_it = sha256(answer.body).digest() == name.digest
            require(is_it, "I12", f"a paper of {dossier(name)} is given out with other bytes")

    def may_hold(self, seat: int, name: PaperName, office: OfficeDump) -> bool:
        """Tell whether a record is in what a seat may hold."""
        facts = self.world.registry.seats.get(seat)
        if facts is None or self.world.registry.is_revoked(seat):
            return False
        scopes = scopes_of(self.world.registry, office)
        return any(name.record in scopes[Feed(seat, area)] for area in facts.areas)


def dossier(name: PaperName) -> str:
    """Name the dossier of a paper."""
    return f"dossier {int.from_bytes(name.record[-8:], 'big')}"

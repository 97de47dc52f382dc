"""Papers in the world: people photograph them, a faulty network takes their pieces to the office.

All that is drawn here comes from a stream of its own, and none of its events counts: a world
without papers goes as it went before there were any.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from tests.sim.chance import Chance
from tests.sim.papers.door import (
    OK,
    PIECE_BYTES,
    UNFIT,
    DoorAnswer,
    DoorRequest,
    PaperName,
    request_of,
)
from tests.sim.papers.witness import PaperWitness
from tests.sim.ports import OfficeDied
from tests.sim.witness import require

if TYPE_CHECKING:
    from tests.sim.world import PhoneHere, World

LEVELS = (0, 0, 120, 350)
PHOTOS_EACH = (150, 400, 800)
PIECES_MAX = 4
PAPERS_MAX = 12
# How often a phone goes on sending, and how long it waits for an answer.
TURN_MS = 5_000
PATIENCE_MS = 5_000
# From one step of the office with a request to the next; a slow request outlives its phone's wait.
STEP_MS = 500
LATE_MS = 60_000
MOMENT_MS = 60_000
# Papers that each phone asks for at the end.
READ_EACH = 4
# Of one phone, before it is taken to go on for ever.
REQUESTS_MAX = 400
PORTAL = DoorAnswer(OK, {}, b"<!doctype html><title>Wi-Fi</title>")


@dataclass(frozen=True)
class PaperFaults:
    """Per mille: of requests, of the office's steps, or of the moments for mishaps."""

    drop_request: int = 0  # FAULT-12
    drop_answer: int = 0
    cut: int = 0  # FAULT-6, FAULT-12
    duplicate: int = 0  # FAULT-55
    delay: int = 0  # FAULT-55
    corrupt: int = 0  # FAULT-29
    portal: int = 0  # FAULT-27
    office_crash: int = 0  # FAULT-32
    phone_crash: int = 0  # FAULT-12
    spoil: int = 0  # FAULT-19
    unfit: int = 0
    # No fault: but only what a backup covers may leave a phone.
    back_up: int = 0
    office_restore: int = 0  # FAULT-38
    burn: int = 0  # FAULT-39: files from the backup alone
    spy: int = 0  # THREAT-8

    @classmethod
    def drawn(cls, chance: Chance) -> Self:
        """Draw a world's faults."""
        return cls(**{one.name: chance.pick(LEVELS) for one in fields(cls)})


class Papers:
    """What happens with papers in one world."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.chance = world.chance.beside("papers")
        self.witness = PaperWitness(world)
        self.is_there = self.chance.happens(world.level.papers_per_mille)
        self.faults = PaperFaults.drawn(self.chance) if self.is_there else PaperFaults()
        self.photos_each = self.chance.pick(PHOTOS_EACH) if self.is_there else 0
        self._photos = 0
        # What a phone asks of the exchange because of an answer at the door goes out by this.
        self.send_text: Callable[[PhoneHere, bytes], None] = _nowhere
        world.witness.papers_bundled = self.witness.sees_bundle
        if self.is_there:
            world.office.papers.open()

    def begin(self, phone: "PhoneHere") -> None:
        """Let a phone send its papers now and then, if it does not do so by itself."""
        if self.is_there and not phone.engine.papers.sends_by_itself:
            self.world.beside(self.chance.below(TURN_MS), partial(self._turn, phone))

    def begin_mishaps(self) -> None:
        """Let moments come in which something befalls papers."""
        if self.is_there:
            self.world.beside(self.chance.below(MOMENT_MS), self._moment)

    def photo(self) -> bytes | None:
        """Give what somebody photographs for what they write, if anything."""
        if self._photos >= PAPERS_MAX or not self.chance.happens(self.photos_each):
            return None
        self._photos += 1
        is_unfit = self.chance.happens(self.faults.unfit)
        self.world.note("photo")
        # One turned bit does not make one paper another.
        number = sha256(b"%d" % self._photos).hexdigest()[:4].encode()
        start = (UNFIT if is_unfit else b"paper") + b" " + number + b" "
        return start.ljust(1 + self.chance.below(PIECES_MAX * PIECE_BYTES), b".")

    # The way to the office and back.

    def _turn(self, phone: "PhoneHere") -> None:
        world = self.world
        if phone not in world.phones:
            return
        self.begin(phone)
        if phone.cut_until > world.now:
            return
        asked = phone.engine.papers.ask()
        if asked is not None:
            self._send(phone, asked)

    def wants(self, engine: object, asked: DoorRequest) -> None:
        """A phone asks for something by itself. Where the world heals, it is asked what."""
        if not self.world.is_healing:
            self.world.beside(1, partial(self._leave, engine, asked))

    def _leave(self, engine: object, asked: DoorRequest) -> None:
        for phone in self.world.phones:
            if phone.engine is engine and phone.cut_until > self.world.now:
                self._hear(phone, asked, None)
            elif phone.engine is engine:
                self._send(phone, asked)

    def _send(self, phone: "PhoneHere", asked: DoorRequest) -> None:
        world, chance, faults = self.world, self.chance, self.faults
        phone.engine.papers.sets_out(asked)
        world.beside(PATIENCE_MS, partial(self._hear, phone, asked, None))
        if chance.happens(faults.drop_request):
            world.note("paper:drop-request")
            return
        if chance.happens(faults.portal):
            world.note("paper:portal")
            world.beside(10, partial(self._hear, phone, asked, PORTAL))
            return
        sent = self._spoiled(asked)
        if chance.happens(faults.duplicate):
            world.note("paper:duplicate")
            world.beside(self._delay(), partial(self._arrive, phone, asked, sent))
        world.beside(self._delay(), partial(self._arrive, phone, asked, sent))

    def _spoiled(self, asked: DoorRequest) -> DoorRequest:
        chance, faults, body = self.chance, self.faults, asked.body
        if not body:
            return asked
        if chance.happens(faults.cut):
            self.world.note("paper:cut")
            kept = body[: chance.below(len(body))]
            return DoorRequest(asked.method, asked.address, asked.headers, kept, is_cut=True)
        if chance.happens(faults.corrupt):
            self.world.note("paper:corrupt")
            place, bit = chance.below(len(body)), chance.below(8)
            worn = body[:place] + bytes([body[place] ^ 1 << bit]) + body[place + 1 :]
            return DoorRequest(asked.method, asked.address, asked.headers, worn)
        return asked

    def _delay(self) -> int:
        if self.chance.happens(self.faults.delay):
            self.world.note("paper:delay")
            return self.chance.below(LATE_MS)
        return 1 + self.chance.below(STEP_MS)

    def _arrive(self, phone: "PhoneHere", asked: DoorRequest, sent: DoorRequest) -> None:
        world = self.world
        self.witness.sees_request(sent, world.now)
        ticket = world.office.papers.begin(sent)
        self._later(partial(self._go_on, phone, asked, sent, ticket, world.office_life))

    def _later(self, deed: "partial[None]") -> None:
        self.world.beside(1 + self.chance.below(STEP_MS), deed)

    def _go_on(
        self, phone: "PhoneHere", asked: DoorRequest, sent: DoorRequest, ticket: int, life: int
    ) -> None:
        world = self.world
        if life != world.office_life:
            world.note("paper:lost-in-crash")
            return
        try:
            answer = world.office.papers.go_on(ticket, world.now)
        except OfficeDied:
            world.note("paper:crash-in-transaction")
            world.crash_office()
            return
        is_dying = self.chance.happens(self.faults.office_crash)
        if answer is not None:
            world.tell(f"the office answers a {sent.method} for a paper: {answer.status}")
            self.witness.sees_answer(sent, answer)
        if is_dying:
            world.note("paper:office-crash")
            world.crash_office()
            return
        if answer is None:
            self._later(partial(self._go_on, phone, asked, sent, ticket, life))
        elif self.chance.happens(self.faults.drop_answer):
            world.note("paper:drop-answer")
        else:
            world.beside(self._delay(), partial(self._hear, phone, asked, answer))

    def _hear(self, phone: "PhoneHere", asked: DoorRequest, answer: DoorAnswer | None) -> None:
        world = self.world
        if phone not in world.phones:
            return
        for body in phone.engine.papers.take(asked, answer):
            self.send_text(phone, body)
        world.hear_of_writings(phone)
        if answer is not None and self.chance.happens(self.faults.phone_crash):
            world.note("paper:phone-crash")
            world.crash_phone(phone)

    # Mishaps.

    def _moment(self) -> None:
        world, chance, faults = self.world, self.chance, self.faults
        world.beside(1 + chance.below(MOMENT_MS), self._moment)
        if chance.happens(faults.spoil) and world.phones:
            self._spoil(chance.pick(world.phones))
        if chance.happens(faults.back_up):
            world.back_up_office()
        elif chance.happens(faults.office_restore):
            world.restore_office()
        if chance.happens(faults.spy) and world.phones:
            self._spy(chance.pick(world.phones))
        world.attempt(self._sweep)

    def _sweep(self) -> bool:
        self.world.office.papers.sweep(self.world.now)
        return True

    def _spoil(self, phone: "PhoneHere") -> None:
        name = phone.engine.papers.spoil(self.chance.below(PAPERS_MAX))
        if name is not None:
            self.witness.excused.add((phone.name, name))
            self.world.note("paper:spoilt")

    def _spy(self, phone: "PhoneHere") -> None:
        """Let somebody ask for a paper, whether it is theirs to see or not."""
        names = sorted(self.witness.photos)
        if names:
            self.look(phone, self.chance.pick(names))

    def look(self, phone: "PhoneHere", name: PaperName) -> DoorAnswer | None:
        """Ask for a paper with the token that a phone has, to the end."""
        world, sending = self.world, phone.engine.papers
        if not sending.token:
            return None
        asked = request_of("GET", name.address, sending.token, {})
        answer = self.ask_now(asked)
        self.witness.sees_reading(sending.reader, name, answer)
        world.note("paper:read" if answer.status == OK else "paper:not-read")
        return answer

    def some(self, names: Iterable[PaperName]) -> set[PaperName]:
        """Choose a few papers."""
        known = sorted(names)
        return {self.chance.pick(known) for _ in range(READ_EACH)}

    def send_all(self, phone: "PhoneHere") -> Sequence[bytes]:
        """Let the office answer a phone until it asks nothing more; give what it asks in text."""
        sending = phone.engine.papers
        texts: list[bytes] = []
        for _ in range(REQUESTS_MAX):
            asked = sending.ask()
            if asked is None:
                return texts
            texts += sending.take(asked, self.ask_now(asked))
        fact = f"phone {phone.name} sends papers on and on"
        require(claim=False, invariant="liveness", fact=fact)
        return texts

    def ask_now(self, asked: DoorRequest) -> DoorAnswer:
        """Let the office take a request to its end, with nothing in between."""
        door = self.world.office.papers
        self.witness.sees_request(asked, self.world.now)
        ticket = door.begin(asked)
        while (answer := door.go_on(ticket, self.world.now)) is None:
            pass
        self.witness.sees_answer(asked, answer)
        return answer

    def before_restoring(self) -> None:
        """The office's database goes back to its backup; perhaps its files are lost with it."""
        if self.chance.happens(2 * self.faults.burn):
            self.world.note("paper:burnt")
            self.world.tell("what files of papers there are is in the backup alone")
            self.world.office.papers.burn()
        if self.is_there:
            self.world.note("paper:restored")


def _nowhere(phone: "PhoneHere", body: bytes) -> None:
    del phone, body

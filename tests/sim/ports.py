"""What the world knows of the parties in it: small ports, so that real ones can take their place.

Level A plays both parts itself (`device.py`, `office.py`). Level B puts the real server behind
`OfficeEngine`, level C the real TypeScript engine behind `DeviceEngine`. The world, the network,
the mishaps and the checks speak to these ports only.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from sync.change import Dot, LinkedChange
from sync.papers import Erasure
from tests.sim.papers.door import PaperName, PaperOffice, PaperSender
from tests.sim.signing import KeyPair

if TYPE_CHECKING:
    from tests.sim.bundles import Sealing
    from tests.sim.phone import Paper

OFFICE = "simulated-office"
OK = 200


class Reply(NamedTuple):
    """What comes back over HTTP. The body is an envelope only if the status is 200."""

    status: int
    body: bytes


class Grant(NamedTuple):
    """What signing in gives: a seat with its key, and the areas that it may write in."""

    seat: int
    key: KeyPair
    areas: tuple[str, ...]


class Feed(NamedTuple):
    """An area as one seat reads it."""

    seat: int
    area: str


@dataclass(frozen=True)
class Edit:
    """A person sets fields of one record."""

    seat: int
    record: bytes
    values: Mapping[str, Any]
    # The application dies before the write is known to be durable; nobody is told "saved".
    is_torn: bool = False
    # The bytes of a paper that is named with it, if there is one.
    photo: bytes | None = None


@dataclass(frozen=True)
class Written:
    """A change that a device wrote, and the heads that its author saw in each field."""

    change: LinkedChange
    saw: Mapping[str, Sequence[tuple[Dot, bytes]]]
    # How far of this seat's own changes the record had seen before this one.
    seen_own: int


@dataclass
class DeviceDump:
    """All that checks look at in a device."""

    states: dict[bytes, bytes] = field(default_factory=dict)
    feeds: dict[bytes, frozenset[Feed]] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    areas: dict[int, tuple[str, ...]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    carried: dict[bytes, bytes] = field(default_factory=dict)  # by head
    kept: set[tuple[int, int]] = field(default_factory=set)
    # Seats whose branch was carried over by what it says, not change by change.
    retold: set[int] = field(default_factory=set)
    # Heads of the changes in its logs of which it still has the body.
    with_body: set[bytes] = field(default_factory=set)
    # Of the bundles that it carries, by digest: in which epoch they were held, and why not.
    bundles: dict[bytes, tuple[int | None, str]] = field(default_factory=dict)
    papers: Mapping[PaperName, "Paper"] = field(default_factory=dict)
    # Seats whose branch waits for pages that tell what the office lacks of it, and how far the
    # office is known to have it.
    untold: dict[int, int] = field(default_factory=dict)


class DeviceEngine(Protocol):
    """A phone: every deed gets the phone's own time in ms, and is over when it returns."""

    def edit(self, edit: Edit, now: int) -> Sequence[Written]:
        """Write a change; two, where two tabs are at it. None: a person knows it is not saved."""

    def own_time(self, now: int) -> int:
        """Give what it takes for the time, when its clock says `now`."""

    def editable(self, seat: int) -> Sequence[bytes]:
        """Name the records that this seat could edit."""

    def in_conflict(self, record: bytes) -> Sequence[str]:
        """Name the fields of a record that people disagree about."""

    def work_as(self, seat: int) -> None:
        """Let another person take the phone; pages are for that seat from now on."""

    def ask(self, now: int) -> Sequence[bytes]:
        """Give the envelopes of what it asks of its own accord; a model asks once each time."""

    def deliver(self, reply: Reply, *, is_torn: bool = False) -> Sequence[bytes]:
        """Take what came back, whatever it is; give what it asks because of that.

        Torn: it is about to die, perhaps in the middle of this.
        """

    def wrote(self) -> Sequence[tuple[Written, bool]]:
        """Give what it has written by itself since it was last asked, and whether it is saved."""

    def hand_over(self) -> Sequence[bytes]:
        """Give the encoded batches of what is unsent, for somebody else to carry."""

    def seal(self, sealing: "Sealing", now: int) -> Sequence[bytes]:
        """Give what is unsent in bundles sealed to the office, for anybody to carry."""

    def carry(self, bundles: Sequence[bytes]) -> bool:
        """Take bundles over, to bring them to the office; false if there was nothing to keep."""

    def troubled(self) -> Sequence[int]:
        """Name the seats whose log the office will never take on: they need new ones."""

    def replace_seat(self, old: int, grant: Grant, now: int) -> Sequence[Written]:
        """Go on under a new seat, with the unsent work carried over as new changes."""

    def carry_owed(self, now: int) -> Sequence[Written]:
        """Carry over what a log that parted earlier than was known left behind."""

    def grant(self, grant: Grant) -> None:
        """Take a seat, or what it may do now."""

    def crash(self, keep: Callable[[int], int]) -> int:
        """Die and start again from the disk; give how many transactions were lost."""

    def fill_disk(self, *, is_full: bool) -> None:
        """Let every further write fail, or end that."""

    def copy(self) -> Self:
        """Give what a copy of the whole profile would be."""

    def dump(self) -> DeviceDump:
        """Show everything, for checks."""

    def content(self) -> Sequence[bytes]:
        """Give all bytes that lie on its disk, for checks; a model has none but what it shows."""

    @property
    def papers(self) -> PaperSender:
        """Give what sends its papers."""

    @property
    def is_fresh(self) -> bool:
        """Tell whether the last answer had a page for all that was asked, and they were taken."""

    @property
    def moves(self) -> int:
        """Count what was written, counted requests aside: no move, no progress."""


class OfficeDied(Exception):
    """The office was killed in the middle of a deed; what had been committed is on its disk."""


class Rights(NamedTuple):
    """What a seat may read at one moment."""

    areas: tuple[str, ...]
    is_revoked: bool


class Arrival(NamedTuple):
    """A request that lies in the office's door; nothing is promised."""

    body: bytes
    # What the office wrote down when it came in.
    ticket: int | None
    # Of each seat, where an answer may still go by what held when its request came in.
    rights: Mapping[int, Rights] = {}


class OfficeRow(NamedTuple):
    """A change as the office keeps it."""

    change: LinkedChange
    effect: str
    received: int


@dataclass
class OfficeDump:
    """All that checks look at in the office. Records by id, areas and holders with them."""

    rows: dict[tuple[int, int], OfficeRow] = field(default_factory=dict)
    states: dict[bytes, bytes] = field(default_factory=dict)
    areas: dict[bytes, str | None] = field(default_factory=dict)
    conflicts: set[tuple[bytes, str]] = field(default_factory=set)
    branches: set[bytes] = field(default_factory=set)  # heads of changes in kept branches
    beside: set[Erasure] = field(default_factory=set)  # what still has its body in a branch
    assigned: dict[bytes, set[int]] = field(default_factory=dict)  # people, by number


class OfficeEngine(Protocol):
    """The office: a request arrives, and goes on step by step until it is answered.

    A deed may raise OfficeDied: the world then lets the office start again.
    """

    @property
    def epoch(self) -> int:
        """Say which life of the database this is."""

    @property
    def papers(self) -> PaperOffice:
        """Give its door for papers."""

    def arrive(self, body: bytes) -> Arrival:
        """Take a request in at the door."""

    def proceed(self, arrival: Arrival, now: int, /) -> Reply | None:
        """Take the next step with a request; its answer, if that was the last one."""

    def settle(self, record: bytes, now: int, /) -> bool:
        """Let the desk settle the conflicts of a record; false if there are none."""

    def desk_edit(self, record: bytes, values: Mapping[str, Any], now: int, /) -> bool:
        """Let the desk set fields of a record; false if it could not."""

    def erase(self, record: bytes, now: int, /) -> bool:
        """Let the desk erase a dossier by law; false if there was nothing to erase."""

    def listed(self) -> AbstractSet[Erasure]:
        """Give all that was ever listed as erased."""

    def import_file(self, file: bytes, now: int, /) -> Mapping[bytes, str]:
        """Let the desk take a rescue file; gives what became of each bundle, by digest."""

    def visible(self) -> Sequence[bytes]:
        """Name the records that the desk shows."""

    def crash(self, keep: Callable[[int], int], /) -> None:
        """Die and start again from the disk."""

    def back_up(self) -> None:
        """Make a backup and verify it: what it covers is safe."""

    def restore(self) -> None:
        """Go back to the newest verified backup, and begin a new epoch."""

    def close(self) -> None:
        """Let go of whatever it holds: the world has ended."""

    def last(self, seat: int) -> int:
        """Give how far the log of a seat goes."""

    def row(self, seat: int, seq: int) -> OfficeRow | None:
        """Give one entry of a log."""

    def seats(self) -> Sequence[int]:
        """Name the seats that have a log here."""

    def calm(self) -> None:
        """Let nothing go wrong in the office from now on."""

    def dump(self) -> OfficeDump:
        """Show everything, for checks."""

    @property
    def moves(self) -> int:
        """Count what was written, counted requests aside."""

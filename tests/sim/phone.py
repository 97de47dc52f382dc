"""What the simulated phone keeps on its disk, and what can be asked of that."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from sync import chain
from sync.change import LinkedChange
from sync.clock import START, At
from sync.codes import HeldLease
from sync.record import State, fold
from tests.sim.disk import Disk
from tests.sim.papers.door import PaperName
from tests.sim.ports import Feed, Grant
from tests.sim.signing import KeyPair

KIND = "dossier"


class SeatRow(NamedTuple):
    """A seat on this phone: the end of its log, and from where on its entries are still here."""

    seat: int
    key: KeyPair
    areas: tuple[str, ...]
    last: int
    head: bytes
    at: At
    pruned: int
    pruned_head: bytes
    # The first change of a branch that the office keeps beside the log; 0 while all is well.
    parting: int = 0
    successor: int = 0
    # The epoch in which the office was seen to hold what stands before the parting.
    agreed: int = 0

    @property
    def is_well(self) -> bool:
        """Tell whether this log still grows and is sent."""
        return self.parting == 0

    @property
    def last_due(self) -> int:
        """Give up to where the office is to have this log: of one that parted, what came before."""
        return self.last if self.is_well else self.parting - 1


class DeviceRow(NamedTuple):
    """The phone itself. `jump`: by how much the next request's number grows.

    `erasures`: the number of the newest list that it has heeded.
    """

    number: int = 0
    epoch: int = 0
    jump: int = 1
    erasures: int = 0


NEW = DeviceRow()


class Entry(NamedTuple):
    """A change in the log; `turn` orders the changes of all seats of the phone."""

    turn: int
    change: LinkedChange

    @property
    def as_sent(self) -> bytes:
        """Give the bytes that were made."""
        assert self.change.body_bytes is not None
        return self.change.skeleton_bytes + self.change.body_bytes


class Kept(NamedTuple):
    """A record on the phone, and the feeds in which it came; none yet if it was made here."""

    state: State
    feeds: frozenset[Feed]
    has_left: bool = False


class Bundled(NamedTuple):
    """A sealed bundle that this phone carries.

    `epoch`: in which life of the office all of it was held there; `code`: why it last was not.
    """

    raw: bytes
    epoch: int | None = None
    code: str = ""


class Paper(NamedTuple):
    """A paper, named by a change of this phone; its bytes, until a backup covers them.

    `address`: of its upload at the office, and how far that goes; `held_epoch`, `held_last`: in
    which life the office had it, and how long the own log was then; `tag`: of the change that
    names it.
    """

    name: PaperName
    seat: int
    seq: int
    data: bytes | None
    stage: Literal["named", "held", "refused"] = "named"
    address: str = ""
    offset: int = 0
    held_epoch: int = 0
    held_last: int = 0
    tag: bytes = b""


class Phone:
    """The tables of one phone."""

    def __init__(self, disk: Disk, note: Callable[[str], None]) -> None:
        self.disk, self.note = disk, note
        self.device: dict[str, DeviceRow] = disk.table("numbers")
        self.seats: dict[int, SeatRow] = disk.table("seats")
        self.log: dict[tuple[int, int], Entry] = disk.table("log")
        self.held: dict[int, int] = disk.table("held")
        self.cursors: dict[Feed, int] = disk.table("cursors")
        self.records: dict[bytes, Kept] = disk.table("records")
        # The last own change to each record. It outlives the log's own entries: nobody may edit a
        # record whose state lacks their own last change to it, dropped from the log or not.
        self.own_last: dict[tuple[int, bytes], int] = disk.table("own_last")
        self.carried: dict[bytes, bytes] = disk.table("carried")
        # What of a log that parted earlier than was known nobody has carried over yet.
        self.owed: dict[tuple[int, int], bool] = disk.table("owed")
        # By seat and number.
        self.leases: dict[tuple[int, int], HeldLease] = disk.table("leases")
        # By digest.
        self.bundles: dict[bytes, Bundled] = disk.table("bundles")
        self.papers: dict[PaperName, Paper] = disk.table("papers")

    @property
    def row(self) -> DeviceRow:
        """Give the phone's own row."""
        return self.device.get("row", NEW)

    def add_seat(self, grant: Grant) -> SeatRow:
        """Begin a log for a new seat."""
        start = chain.start(grant.key.public)
        row = SeatRow(grant.seat, grant.key, grant.areas, 0, start, START, 0, start)
        self.disk.put("seats", grant.seat, row)
        return row

    def change_areas(self, seat: int, areas: tuple[str, ...]) -> None:
        """Note what a seat may do now."""
        self.disk.put("seats", seat, self.seats[seat]._replace(areas=areas))

    def head_at(self, seat: SeatRow, seq: int) -> bytes | None:
        """Give the own head at a seq; None if the log does not go so far, or is dropped there."""
        if seq == seat.pruned:
            return seat.pruned_head
        entry = self.log.get((seat.seat, seq))
        return entry.change.head if entry else None

    def newest(self, seat: int) -> SeatRow:
        """Give the last of the seats that go on from one."""
        row = self.seats[seat]
        return self.newest(row.successor) if row.successor else row

    def is_retold(self, seat: SeatRow) -> bool:
        """Tell whether a restored office may have lost what came before a log parted."""
        return not seat.is_well and seat.last_due > 0 and seat.agreed != self.row.epoch

    def unsent(self) -> list[Entry]:
        """Give what the office has not said that it holds, in the order of writing."""
        held = {seat: self.held.get(seat, 0) for seat, row in self.seats.items() if row.is_well}
        waiting = [
            entry for (seat, seq), entry in self.log.items() if seat in held and seq > held[seat]
        ]
        return sorted(waiting, key=_turn)

    def unsent_records(self) -> set[bytes]:
        """Name the records that have something unsent."""
        return {record_of(entry.change) for entry in self.unsent()}

    def own_changes(self, record: bytes | None = None) -> Iterator[LinkedChange]:
        """Give what was written here, to one record or to all; branches are left out."""
        entries = [
            entry
            for entry in self.log.values()
            if record is None or record_of(entry.change) == record
        ]
        for _, change in sorted(entries, key=_turn):
            parting = self.seats[change.seat].parting
            is_on_branch = parting and change.seq >= parting
            if not is_on_branch:
                yield change

    def rebuild_states(self) -> None:
        """Forget what came from others; pages bring it again, on top of what was written here."""
        self.note("states-rebuilt")
        for feed in list(self.cursors):
            self.disk.drop("cursors", feed)
        for record in list(self.records):
            self.disk.drop("records", record)
        for record in dict.fromkeys(record_of(change) for change in self.own_changes()):
            state, _ = fold(State(record, KIND), self.own_changes(record))
            if self.has_all_own(state):  # else a part of the log is dropped: only the office has it
                self.disk.put("records", record, Kept(state, frozenset()))
            else:
                self.note("rebuilt-without-record")

    def has_all_own(self, state: State) -> bool:
        """Tell whether a state has seen all that was written to it here, branches aside."""
        return all(
            state.seen.get(seat, 0) >= self.own_last.get((seat, state.record), 0)
            for seat, row in self.seats.items()
            if row.is_well
        )


def record_of(change: LinkedChange) -> bytes:
    """Name the record that a change of this phone sets."""
    assert change.skeleton is not None
    return change.skeleton.record


def _turn(entry: Entry) -> int:
    return entry.turn

"""What the simulated office keeps on its disk, and its own logs."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from server.codes.rules import Standing
from sync import chain, clock
from sync.batch import Batch, link_changes
from sync.change import VERSION, Dot, LinkedChange, Skeleton, write_change
from sync.clock import At
from sync.limits import SALT_BYTES
from sync.log import Held
from sync.record import State, heads, shown
from tests.sim.disk import Disk, Table
from tests.sim.ports import Grant, OfficeRow

Sets = Mapping[str, tuple[Sequence[Dot], Any]]


class Folded(NamedTuple):
    """A record at the office. Hidden until something was applied that was not quarantined."""

    state: State
    stored: bytes
    applied: int

    @property
    def area(self) -> str | None:
        """Give the area whose feed it stands in."""
        value = shown(self.state, "area")
        return value if isinstance(value, str) else None

    @property
    def is_hidden(self) -> bool:
        """Tell whether no device and no list shows it yet."""
        return self.applied == 0


class FeedRow(NamedTuple):
    """The place of a record in the feed of an area."""

    number: int
    has_left: bool


class Tables:
    """The office's tables, typed. All are only to be read; writes go through the disk."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.logs: dict[int, Held] = disk.table("logs")
        self.changes: dict[tuple[int, int], OfficeRow] = disk.table("changes")
        self.records: dict[bytes, Folded] = disk.table("records")
        self.feeds: dict[tuple[str, bytes], FeedRow] = disk.table("feeds")
        self.counters: dict[str, int] = disk.table("counters")
        self.holders: dict[tuple[bytes, str], bool] = disk.table("holders")
        self.branches: dict[tuple[int, bytes], Batch] = disk.table("branches")
        self.numbers: Table = disk.table("numbers")
        self.conflicts: dict[tuple[bytes, str], bool] = disk.table("conflicts")
        # By number: whose, and what; and which lease has a block on a date.
        self.leases: dict[int, tuple[int, Standing]] = disk.table("leases")
        self.leased_days: dict[tuple[str, int], int] = disk.table("leased_days")

    def held(self, seat: int, public_key: bytes) -> Held:
        """Give how far a log goes."""
        return self.logs.get(seat) or Held(0, chain.start(public_key))

    def head_at(self, seat: int, public_key: bytes, seq: int) -> bytes:
        """Give the head at a place in a log."""
        if seq == 0:
            return chain.start(public_key)
        return self.changes[seat, seq].change.head


def write_own(tables: Tables, grant: Grant, state: State, sets: Sets, now: int) -> LinkedChange:
    """Make the next change of a seat whose key the office has. The caller keeps it."""
    held = tables.held(grant.seat, grant.key.public)
    last_row = tables.changes.get((grant.seat, held.last))
    at = last_row.change.at if last_row else At(0, 0)
    for name, (dots, _) in sets.items():
        for head in heads(state, name):
            if head.dot in dots:
                at = clock.witness(at, At(*head.at), now)
    skeleton = Skeleton(
        VERSION,
        grant.seat,
        held.last + 1,
        state.seen.get(grant.seat, 0),
        state.record,
        state.kind,
        clock.tick(at, now),
        {name: list(dots) for name, (dots, _) in sets.items()},
    )
    values = [value for _, value in sets.values()]
    written = write_change(skeleton, values, bytes(SALT_BYTES))
    (change,) = link_changes(grant.seat, held.last + 1, [written], held.head)
    return change

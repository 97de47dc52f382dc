"""What the checks read of the real office: its tables, past every deed that could be wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from server.database import Job
from server.dossiers.tables import dossiers, findings
from server.lists.tables import erased_changes
from server.records.changes import change_of
from server.records.tables import branches, changes, logs, records
from server.statements import Statement
from sync import chain
from sync.batch import Batch, link_changes
from sync.change import LinkedChange, read_skeleton
from sync.papers import Erasure
from sync.reconcile import ASSIGNEE
from sync.record import decode_state, heads
from sync.register import open_value
from tests.sim.erasures import name_of
from tests.sim.ports import OfficeDump, OfficeRow

# Asked after every step of the office: said to the driver itself.
PROGRESS = Statement(
    sa.text(
        "SELECT (SELECT coalesce(sum(last), 0) FROM logs)"
        " + (SELECT coalesce(sum(number), 0) FROM area_counters)"
        " + (SELECT count(*) FROM branches) + (SELECT count(*) FROM findings)"
    )
)
ABOVE = Statement(
    sa.select(
        changes.c.seq,
        changes.c.head,
        changes.c.skeleton,
        changes.c.body,
        changes.c.effect,
        changes.c.received,
    ).where(changes.c.seat == sa.bindparam("log"), changes.c.seq > sa.bindparam("read"))
)
ENDS = Statement(sa.select(logs.c.seat, logs.c.last).order_by(logs.c.seat))


class Ledger:
    """The logs of an office. What was read of them once is asked again only after a new start."""

    def __init__(
        self,
        run: Callable[[Job[Any]], Any],
        look: Callable[[Job[Any]], Any],
        public_key_of: Callable[[int], bytes],
    ) -> None:
        self._run, self._look, self._public_key_of = run, look, public_key_of
        self._ends: dict[int, int] | None = None
        self._rows: dict[tuple[int, int], OfficeRow] = {}
        self._read: dict[int, int] = {}

    def look_again(self, *, from_the_start: bool = False) -> None:
        """Forget what may have changed: how far logs go, or all of them."""
        self._ends = None
        if from_the_start:
            self._rows.clear()
            self._read.clear()

    def ends(self) -> dict[int, int]:
        """Give how far each log goes."""
        if self._ends is None:
            self._ends = dict(self._look(ENDS.rows))
        return self._ends

    def row(self, seat: int, seq: int) -> OfficeRow | None:
        """Give one entry of a log."""
        read = self._read.get(seat, 0)
        if seq > read:
            self._read[seat] = max(self.ends().get(seat, 0), read)
            found = self._look(lambda connection: ABOVE.rows(connection, log=seat, read=read))
            for place, head, skeleton, body, effect, received in found:
                change = LinkedChange(seat, place, head, skeleton, body, read_skeleton(skeleton))
                self._rows[seat, place] = OfficeRow(change, effect, received)
        return self._rows.get((seat, seq))

    def progress(self) -> int:
        """Count what was written, counted requests aside."""
        ((moved,),) = self._look(PROGRESS.rows)
        return int(moved)

    def shown(self) -> list[bytes]:
        """Name the dossiers that the desk lists."""
        found = sa.select(dossiers.c.record).order_by(dossiers.c.record)
        return list(self._run(lambda connection: connection.execute(found).scalars().all()))

    def branches_of(self, seat: int) -> set[bytes]:
        """Give the heads of the branches that are kept of a log."""
        found = sa.select(branches.c.head).where(branches.c.seat == seat)
        return set(self._run(lambda connection: connection.execute(found).scalars().all()))

    def listed(self) -> frozenset[Erasure]:
        """Give all that is listed as erased."""
        found = self._run(lambda connection: connection.execute(sa.select(erased_changes)).all())
        return frozenset(Erasure(*row) for row in found)

    def dump(self) -> OfficeDump:
        """Read everything."""
        dumped: OfficeDump = self._run(self._dump)
        return dumped

    def _dump(self, connection: sa.Connection) -> OfficeDump:
        kept = connection.execute(sa.select(records)).all()
        is_open = (findings.c.kind == "conflict") & findings.c.closed.is_(None)
        in_conflict = sa.select(findings.c.record, findings.c.field).where(is_open)
        return OfficeDump(
            rows=_rows(connection),
            states={row.id: row.state for row in kept},
            areas={row.id: None if row.hidden else row.area for row in kept},
            conflicts={(row.record, row.field) for row in connection.execute(in_conflict)},
            branches={change.head for change in self._beside(connection)},
            beside={name_of(one) for one in self._beside(connection) if not one.is_erased},
            assigned={row.id: _assigned(row.state) for row in kept},
        )

    def _beside(self, connection: sa.Connection) -> Iterator[LinkedChange]:
        for row in connection.execute(sa.select(branches)):
            batch = msgspec.msgpack.decode(row.batch, type=Batch)
            before = chain.start(self._public_key_of(batch.seat))
            if batch.first > 1:
                place = (changes.c.seat == batch.seat) & (changes.c.seq == batch.first - 1)
                before = connection.execute(sa.select(changes.c.head).where(place)).scalar_one()
            yield from link_changes(batch.seat, batch.first, batch.changes, before)


def _assigned(state: bytes) -> set[int]:
    """Name the people that a record is assigned to: several, where officers disagree."""
    values = [open_value(head) for head in heads(decode_state(state), ASSIGNEE)]
    return {value for value in values if isinstance(value, int)}


def _rows(connection: sa.Connection) -> dict[tuple[int, int], OfficeRow]:
    found = connection.execute(sa.select(changes))
    return {
        (row.seat, row.seq): OfficeRow(change_of(row), row.effect, row.received) for row in found
    }

"""Writes who holds the records that one transaction changed.

Who ever wrote in a record is asked only where it decides something: when somebody's assignment
has gone.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from server.devices.tables import seats
from server.records import holding
from server.records.changes import APPLIED
from server.records.holding import Holding
from server.records.rows import put_rows
from server.records.tables import changes, holders
from server.statements import Row
from sync.record import State


class Holdings:
    """The holders of the records of one transaction, by record."""

    def __init__(self, connection: sa.Connection) -> None:
        """Begin with nothing."""
        self._connection = connection
        self._by_record: dict[bytes, Holding] = {}

    def load(self, state: State) -> None:
        """Go on from a record as it stood."""
        self._by_record[state.record] = holding.begin(state)

    def note(self, after: State, effect: str, staff: int | None, team: int | None) -> None:
        """Note a change: the state it led to, what became of it, and whose seat wrote it."""
        held = self._by_record.get(after.record)
        if held is None:
            held = self._by_record[after.record] = Holding()
        held.note(after, effect, staff, team)

    def write(self, stood: Collection[bytes]) -> None:
        """Write the rows; call it when the changes themselves are written.

        `stood` names those of the records that may have rows already.
        """
        overwrite = "(record, holder) DO UPDATE SET held = excluded.held"
        # Nearly every row stands already as it should.
        overwrite += " WHERE holders.held <> excluded.held"
        rows = [row for record, held in self._by_record.items() for row in self._rows(record, held)]
        put_rows(self._connection, holders, holding.COLUMNS, rows, overwrite, stood)

    def _rows(self, record: bytes, held: Holding) -> Iterable[Row]:
        rows = held.rows
        if not all(rows.values()):
            held.wrote |= self._writers(record)
            rows = held.rows
        return [(record, holder, is_held) for holder, is_held in rows.items()]

    def _writers(self, record: bytes) -> set[str]:
        mine = (changes.c.record == record) & (changes.c.effect == APPLIED)
        wrote = (
            sa.select(seats.c.staff, seats.c.team)
            .distinct()
            .join_from(changes, seats, seats.c.number == changes.c.seat)
            .where(mine)
        )
        rows = self._connection.execute(wrote)
        return {holder for row in rows for holder in holding.holders_of(row.staff, row.team)}

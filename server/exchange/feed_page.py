"""Pages: the stored states of an area that a person may hold, one after the other.

The bytes are handed on as they are stored; the office does not open what it gives out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from server.exchange.opening import Reader
from server.keys import OfficeKeys
from server.records.holding import holders_of
from server.records.tables import area_counters, feeds, holders, records
from server.staff.rules import holds_for_team
from sync.exchange import Page
from sync.limits import PAGE_BYTES_MAX, PAGE_STATES_MAX
from sync.record import encode_left_mark


@dataclass
class _Budget:
    """What one answer may still hold; its first entry goes in whatever it weighs."""

    bytes_left: int
    entries_left: int = PAGE_STATES_MAX
    is_first: bool = True

    def spend(self, size: int) -> bool:
        if not self.is_first and (size > self.bytes_left or self.entries_left == 0):
            return False
        self.bytes_left -= size
        self.entries_left -= 1
        self.is_first = False
        return True


def read_pages(
    connection: sa.Connection,
    keys: OfficeKeys,
    reader: Reader,
    cursors: Mapping[str, int],
    want: int,
) -> dict[str, Page]:
    """Give what is new behind the cursors, in the areas that the reader has a right to."""
    areas = sorted(area for area in cursors if area in reader.areas)
    if not areas:
        return {}
    budget = _Budget(min(want, PAGE_BYTES_MAX))
    # The counters first: whatever is numbered up to them is committed and seen below.
    newest = {row.area: row.number for row in connection.execute(_counters, {"areas": areas})}
    return {
        area: _read_page(
            connection, keys, reader, area, (cursors[area], newest.get(area, 0)), budget
        )
        for area in areas
    }


def dropped_areas(reader: Reader, cursors: Mapping[str, int]) -> list[str]:
    """Name the areas of which the device must forget what it holds."""
    return sorted(area for area in cursors if area not in reader.areas)


def _read_page(
    connection: sa.Connection,
    keys: OfficeKeys,
    reader: Reader,
    area: str,
    span: tuple[int, int],
    budget: _Budget,
) -> Page:
    """Give the page of an area from a cursor up to its newest number."""
    cursor, newest = span
    if cursor >= newest:
        return Page(b"", cursor, more=False)
    entries: list[bytes] = []
    streamed = connection.execute(
        _behind,
        {"area": area, "cursor": cursor, "newest": newest, "mine": _holders_of(reader)},
        execution_options={"stream_results": True},
    )
    with streamed as rows:
        for number, record, left, state in rows:
            entry = encode_left_mark(record) if left else state
            if not budget.spend(len(entry)):
                return _page_of(keys, entries, cursor, more=True)
            entries.append(entry)
            cursor = number
    return _page_of(keys, entries, newest, more=False)


def _page_of(keys: OfficeKeys, entries: list[bytes], cursor: int, *, more: bool) -> Page:
    return Page(b"".join(entries), cursor, more, b"".join(map(keys.mark, entries)))


def _holders_of(reader: Reader) -> list[str]:
    """Name as whom the reader may hold records."""
    person = reader.person
    return holders_of(person.id, person.team if holds_for_team(person.role) else None)


_counters = sa.select(area_counters.c.area, area_counters.c.number).where(
    area_counters.c.area.in_(sa.bindparam("areas", expanding=True))
)

_known = sa.exists().where(
    holders.c.record == feeds.c.record,
    holders.c.holder.in_(sa.bindparam("mine", expanding=True)),
)

# Whoever held a record by an assignment that has gone is told so: their devices forget it.
_left = feeds.c.left | ~_known.where(holders.c.held)

# What a reader holds or held of an area, from a cursor up to a number.
_behind = (
    sa.select(feeds.c.number, feeds.c.record, _left, records.c.state)
    .join(records, records.c.id == feeds.c.record)
    .where(
        feeds.c.area == sa.bindparam("area"),
        feeds.c.number > sa.bindparam("cursor"),
        feeds.c.number <= sa.bindparam("newest"),
    )
    .where(_known, ~records.c.hidden)
    .order_by(feeds.c.number)
    .limit(PAGE_STATES_MAX + 1)
)

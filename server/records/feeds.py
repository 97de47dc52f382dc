"""Numbers the records of each area in the order in which the office last changed them.

1. Call this last in a transaction: the row of the counter is locked until the commit, so numbers
   become visible in order, and nobody who reads by number can miss one.
2. A record stands once in the feed of an area, at its newest number.
"""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from server.facts import current_epoch
from server.records.rows import put_rows, taking_over
from server.records.tables import area_counters, feeds
from server.statements import Statement

SPAN_NUMBERS = 2**32
"""Feed numbers that one epoch may give out in one area."""

COLUMNS = ("area", "record", "number", "left")


def number_feeds(
    connection: sa.Connection,
    entries_by_area: Mapping[str, Sequence[tuple[bytes, bool]]],
    stood: Collection[bytes],
) -> None:
    """Give the records of each area new numbers; `True` marks one that left the area.

    `stood` names those of them that may stand in a feed already.
    """
    overwrite = taking_over(("number", "left"), ("area", "record"))
    for area in sorted(entries_by_area):
        entries = entries_by_area[area]
        first = _take_numbers(connection, area, len(entries))
        rows = [
            (area, record, number, left) for number, (record, left) in enumerate(entries, first)
        ]
        put_rows(connection, feeds, COLUMNS, rows, overwrite, stood)


def fresh_number(connection: sa.Connection) -> int:
    """Give the number before the first of this epoch."""
    return (current_epoch(connection) - 1) * SPAN_NUMBERS


def _take_numbers(connection: sa.Connection, area: str, count: int) -> int:
    row = _take.row(connection, this=area, count=count)
    if row is not None:
        return int(row[0]) - count + 1
    # Two who write the first record of an area at once: the key lets one in, the other tries its
    # whole transaction again.
    first = fresh_number(connection) + 1
    number = first + count - 1
    connection.execute(sa.insert(area_counters).values(area=area, number=number))
    return first


_take = Statement(
    sa.update(area_counters)
    .where(area_counters.c.area == sa.bindparam("this"))
    .values(number=area_counters.c.number + sa.bindparam("count", type_=sa.BigInteger))
    .returning(area_counters.c.number)
)

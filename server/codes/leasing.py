"""Gives a seat the ranges of ordinals that it is due, in the transaction that took its batches.

An exchange that is due nothing, which is nearly every one, costs no statement: what stands for the
seat was read together with who sits there.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from server.codes.rules import (
    Life,
    Standing,
    blocks_of,
    dates_due,
    days_between,
    range_of,
    span_of,
)
from server.codes.span import life_of
from server.codes.tables import leased_days, leases
from server.facts import next_number
from server.records.rows import insert_rows
from sync.exchange import Lease, LeaseHeld

standing_columns = (
    leases.c.number.label("lease"),
    leases.c.first,
    leases.c.last,
    leases.c.from_day,
    leases.c.to_day,
    leases.c.agency,
    leases.c.used,
)
"""Of a statement that joins the leases of a seat; in the order of `Standing`."""

_COLUMNS = ("number", "seat", "first", "last", "from_day", "to_day", "agency", "given_at", "used")


def hear_used(
    connection: sa.Connection, seat: int, standing: Sequence[Standing], named: Sequence[LeaseHeld]
) -> list[Standing]:
    """Note how far a phone has used its leases; gives what stands with what it said."""
    used = {one.lease: one.used for one in named}
    known = {one.lease: one.used for one in standing}
    for lease, highest in used.items():
        # Of a lease that is over only the last word counts, so it costs a statement once.
        if highest > known.get(lease, 0):
            connection.execute(_note_used, {"lease": lease, "of": seat, "highest": highest})
    return [replace(one, used=max(one.used, used.get(one.lease, 0))) for one in standing]


def lend(
    connection: sa.Connection,
    seat: int,
    standing: Sequence[Standing],
    agency: str,
    today: str,
    epoch: int,
    now: int,
) -> list[Standing]:
    """Give the seat what it is due; returns all that stands for it then.

    `epoch` is the one that the device knows: where it is another, it hears of the new one first.
    """
    due = dates_due(standing, today)
    if not due:
        return list(standing)
    life = life_of(connection)
    if life.epoch != epoch:
        return list(standing)
    return [*standing, *_lend(connection, life, seat, due, agency, now)]


def as_lease(seat: int, one: Standing) -> Lease:
    """Give a lease as it travels."""
    return Lease(one.lease, seat, one.first, one.last, one.from_day, one.to_day, one.agency)


def _lend(
    connection: sa.Connection,
    life: Life,
    seat: int,
    due: Sequence[tuple[str, str]],
    agency: str,
    now: int,
) -> list[Standing]:
    number = next_number(connection, leases.c.number)
    given: list[Standing] = []
    for from_day, to_day in due:
        least, greatest = blocks_of(span_of(life, from_day))
        asked = {"from": from_day, "to": to_day, "least": least, "greatest": greatest}
        last = connection.execute(_last_block, asked).scalar()
        block = least if last is None else last + 1
        if block > greatest:
            continue  # every range of these dates is out: the phone gives provisional codes
        days = [(day, block, number) for day in days_between(from_day, to_day)]
        insert_rows(connection, leased_days, ("day", "block", "lease"), days)
        first, end = range_of(block)
        given.append(Standing(number, first, end, from_day, to_day, agency, 0))
        number += 1
    rows = [
        (one.lease, seat, one.first, one.last, one.from_day, one.to_day, one.agency, now, 0)
        for one in given
    ]
    insert_rows(connection, leases, _COLUMNS, rows)
    return given


# Written out once: to build a statement costs more than to run it.
_last_block = sa.select(sa.func.max(leased_days.c.block)).where(
    leased_days.c.day.between(sa.bindparam("from"), sa.bindparam("to")),
    leased_days.c.block.between(sa.bindparam("least"), sa.bindparam("greatest")),
)
_note_used = (
    sa.update(leases)
    .where(
        leases.c.number == sa.bindparam("lease"),
        leases.c.seat == sa.bindparam("of"),
        leases.c.used < sa.bindparam("highest"),
        leases.c.last >= sa.bindparam("highest"),
    )
    .values(used=sa.bindparam("highest"))
)

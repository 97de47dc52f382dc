"""How the simulated parties give codes: the office leases, the phone uses up.

The rules are the product's own; what is modelled is where the numbers are kept, and when.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from server.codes.rules import (
    Life,
    Standing,
    blocks_of,
    dates_due,
    days_between,
    range_of,
    span_of,
)
from server.codes.span import civil_day
from server.facts import first_number
from sync.codes import HeldLease, next_ordinal, official_code
from sync.exchange import ExchangeRequest, Lease, LeaseHeld
from tests.sim.disk import Disk
from tests.sim.office_tables import Tables
from tests.sim.phone import Phone

AGENCY = "H26.118.05"


# The phone


def next_code(phone: Phone, seat: int, now: int) -> str | None:
    """Use up the next ordinal of a seat, in the open transaction; None without a lease."""
    day = civil_day(now)
    held = [lease for (of, _), lease in phone.leases.items() if of == seat]
    found = next_ordinal(held, day)
    if found is None:
        return None
    lease, ordinal = found
    use_up(phone.disk, seat, lease, day, ordinal)
    return official_code(lease.agency, day, ordinal)


def use_up(disk: Disk, seat: int, lease: HeldLease, day: str, ordinal: int) -> None:
    """Keep how far a date has got."""
    used = {**lease.used, day: ordinal}
    disk.put("leases", (seat, lease.lease), msgspec.structs.replace(lease, used=used))


def named_leases(phone: Phone, seat: int | None) -> list[LeaseHeld]:
    """Give what a request says of the leases of the seat that reads."""
    return [
        LeaseHeld(number, max(lease.used.values(), default=0))
        for (of, number), lease in sorted(phone.leases.items())
        if of == seat
    ]


def keep_leases(phone: Phone, given: Sequence[Lease]) -> None:
    """Keep what is new; what is here stays as it is, with what was used of it."""
    for one in given:
        if (one.seat, one.lease) not in phone.leases:
            phone.note("lease")
            held = HeldLease(one.lease, one.first, one.last, one.from_day, one.to_day, one.agency)
            phone.disk.put("leases", (one.seat, one.lease), held)


# The office


def lend(tables: Tables, life: Life, request: ExchangeRequest, seat: int, now: int) -> list[Lease]:
    """Give a seat what it is due, in the open transaction; gives what the phone does not name."""
    today = civil_day(now)
    used = {one.lease: one.used for one in request.leases}
    for key, (of, one) in list(tables.leases.items()):
        if of == seat and one.used < used.get(key, 0) <= one.last:
            tables.disk.put("leases", key, (of, replace(one, used=used[key])))
    standing = [one for of, one in tables.leases.values() if of == seat and one.to_day >= today]
    if life.epoch == request.epoch:
        for from_day, to_day in dates_due(standing, today):
            standing += _lend_one(tables, life, seat, from_day, to_day)
    return [
        Lease(one.lease, seat, one.first, one.last, one.from_day, one.to_day, one.agency)
        for one in standing
        if one.lease not in used
    ]


def _lend_one(tables: Tables, life: Life, seat: int, from_day: str, to_day: str) -> list[Standing]:
    days = days_between(from_day, to_day)
    least, greatest = blocks_of(span_of(life, from_day))
    taken = {block for day, block in tables.leased_days if day in days}
    block = max([block for block in taken if least <= block <= greatest], default=least - 1) + 1
    number = max(max(tables.leases, default=0) + 1, first_number(life.epoch))
    first, last = range_of(block)
    given = Standing(number, first, last, from_day, to_day, AGENCY, 0)
    tables.disk.put("leases", number, (seat, given))
    for day in days:
        tables.disk.put("leased_days", (day, block), number)
    return [given]

"""Notes that a device was here: the number of its request, and what it says that it still has."""

from collections.abc import Mapping

import sqlalchemy as sa

from server.devices.orders import Heard
from server.devices.tables import devices
from server.exchange.known import KnownDevice
from server.exchange.lending import has_news
from server.exchange.opening import Opened
from server.office import Office
from server.statements import Statement
from sync.exchange import ExchangeRequest
from sync.log import Held
from sync.papers import CONFIRMED
from sync.receipt import Receipt


def heard_of(opened: Opened, ends: Mapping[int, Held]) -> Heard:
    """Give what a device says of itself; `ends` is where the logs stand that it sent some of."""
    request = opened.request
    seats = opened.known.seats if opened.known else {}
    unsent = 0
    for log in request.logs:
        if log.seat in seats:
            held = ends[log.seat].last if log.seat in ends else seats[log.seat].held
            unsent += max(log.last - held, 0)
    return Heard(request.device, request.order, bool(request.logs), unsent)


def is_quiet(opened: Opened, office: Office, now: int) -> bool:
    """Tell whether there is nothing to take, and nothing new to note but the request's number."""
    request, known = opened.request, opened.known
    if opened.status != CONFIRMED or known is None:
        return False
    brings = opened.batches or request.sealed or request.offered or request.shown or request.order
    if brings or request.number <= known.last_number:
        return False
    is_all_here = known.unsent == heard_of(opened, {}).unsent == 0
    is_believed = all(_is_held(receipt, known, office) for receipt in request.receipts)
    return is_all_here and is_believed and not has_news(office, opened, now)


def _is_held(receipt: Receipt, known: KnownDevice, office: Office) -> bool:
    """Tell whether the office holds a log just as the newest receipt says."""
    seat = known.seats.get(receipt.seat)
    if receipt.office != office.settings.office or seat is None:
        return receipt.held == 0
    return (receipt.held, receipt.head) == (seat.held, seat.head)


def count_request(
    connection: sa.Connection, request: ExchangeRequest, unsent: int, now: int
) -> bool:
    """Note the request's number with what goes with it; tell whether it is a new one."""
    counted = _count.count(
        connection,
        device=request.device,
        last_number=request.number,
        last_seen=now,
        app_version=request.app_version,
        unsent=unsent,
    )
    return counted == 1


_columns = "last_number", "last_seen", "app_version", "unsent"
_now = sa.bindparam("last_seen", type_=sa.BigInteger)
_count = Statement(
    sa.update(devices)
    .where(
        devices.c.number == sa.bindparam("device"),
        devices.c.last_number < sa.bindparam("last_number"),
    )
    .values({name: sa.bindparam(name) for name in _columns})
    .values(
        unsent_since=sa.case(
            (
                sa.bindparam("unsent", type_=sa.BigInteger) > 0,
                sa.func.coalesce(devices.c.unsent_since, _now),
            ),
            else_=None,
        )
    )
)

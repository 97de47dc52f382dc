"""What a reader's seat may number dossiers with: heard of, given where due, told to the device."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from server.codes.leasing import hear_used, lend
from server.codes.rules import Standing, dates_due
from server.codes.span import civil_day
from server.exchange.opening import Opened
from server.office import Office
from server.staff.rules import may_receive
from sync.app_version import is_too_old

LEASES_SINCE: Final = 2
"""The version of the protocol whose devices know what a lease is."""


def lease(
    connection: sa.Connection, office: Office, opened: Opened, now: int
) -> Sequence[Standing]:
    """Hear how far the reader's seat has come, and give it what it is due."""
    request, reader = opened.request, opened.reader
    if reader is None:
        return ()
    standing = hear_used(connection, reader.seat, reader.leases, request.leases)
    if not _may_have(office, opened):
        return ()
    agency = office.settings.agency
    return lend(connection, reader.seat, standing, agency, civil_day(now), request.epoch, now)


def leased(office: Office, opened: Opened) -> Sequence[Standing]:
    """Give what stands for the reader's seat already."""
    return opened.reader.leases if opened.reader and _may_have(office, opened) else ()


def has_news(office: Office, opened: Opened, now: int) -> bool:
    """Tell whether `lease` would write anything."""
    reader = opened.reader
    if reader is None:
        return False
    used = {one.lease: one.used for one in reader.leases}
    if any(one.used > used.get(one.lease, 0) for one in opened.request.leases):
        return True
    return _may_have(office, opened) and bool(dates_due(reader.leases, civil_day(now)))


def _may_have(office: Office, opened: Opened) -> bool:
    request, reader, settings = opened.request, opened.reader, office.settings
    return (
        reader is not None
        and settings.leases
        and request.protocol >= LEASES_SINCE
        and may_receive(reader.person.role)
        and not is_too_old(request.app_version, settings.app_version_min)
    )

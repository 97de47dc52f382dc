"""Who ought to be woken because the codes on a phone run out: an exchange brings the next."""

from datetime import date, timedelta

import sqlalchemy as sa

from server.codes.leasing import standing_columns
from server.codes.rules import Standing
from server.codes.span import civil_day
from server.codes.tables import leases
from server.devices.tables import push_subscriptions
from server.push.notices import note_seats
from server.push.rules import CODES_DAYS_MIN, CODES_GAP_MS, CODES_LEFT_MIN
from server.push.tables import push_notices


def note_codes(connection: sa.Connection, now: int) -> None:
    """Note the seats that have too few codes; who never had any takes none on this phone."""
    today = civil_day(now)
    standing: dict[int, list[Standing]] = {}
    found = (
        sa.select(leases.c.seat, *standing_columns)
        .join(push_subscriptions, push_subscriptions.c.seat == leases.c.seat)
        .where(leases.c.to_day >= _days_before(today, CODES_DAYS_MIN))
        .where(leases.c.seat.not_in(_told_since(now - CODES_GAP_MS)))
    )
    for seat, *lease in connection.execute(found):
        standing.setdefault(seat, []).append(Standing(*lease))
    short = [seat for seat, theirs in standing.items() if _are_short(theirs, today)]
    note_seats(connection, "codes", sorted(short), now)


def _are_short(standing: list[Standing], today: str) -> bool:
    if max(one.to_day for one in standing) < _days_before(today, -CODES_DAYS_MIN):
        return True
    of_today = [one for one in standing if one.from_day <= today <= one.to_day]
    left = sum(one.last - max(one.used, one.first - 1) for one in of_today)
    return left < CODES_LEFT_MIN


def _told_since(since: int) -> sa.Select[tuple[int]]:
    told = sa.select(push_notices.c.seat).where(push_notices.c.kind == "codes")
    return told.where(push_notices.c.sent_at > since)


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()

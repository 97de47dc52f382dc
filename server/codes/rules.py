"""Which ranges a seat is due, and where the numbers of each life of the office lie. Pure.

    a span:  1 … 2,000 the office's own · 2,001 … 50,000 leased, 100 at a time · 50,001 … the
             office's own again, should a day ever need them

1. A lost life of the office may have leased for dates to come. For those dates a new epoch takes
   the numbers of a span that no other epoch uses; for later dates codes are short again.
2. A lease is followed by the next a week before it ends, and joined by another where a seat uses
   them fast: a phone that is away for days must not run out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LEASE_ORDINALS: Final = 100  # a morning of one desk on a van is 40 to 60 dossiers
LEASE_DAYS: Final = 14
RENEW_DAYS: Final = 7  # a phone that comes home once a week never stands without
LEFT_MIN: Final = 50
LEASES_PER_SEAT_MAX: Final = 8  # of those not over: a phone that claims much gets no more

SPAN_ORDINALS: Final = 100_000
OFFICE_LAST: Final = 2_000
LEASED_LAST: Final = 50_000
HORIZON_DAYS: Final = RENEW_DAYS + LEASE_DAYS
"""How many days ahead a lease can reach at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease that is not over."""

    lease: int
    first: int
    last: int
    from_day: str
    to_day: str
    agency: str
    used: int


@dataclass(frozen=True, slots=True)
class Life:
    """Which life of the office this is, and the civil date on which it began."""

    epoch: int
    began: str


def dates_due(standing: Sequence[Standing], today: str) -> list[tuple[str, str]]:
    """Give the first and last date of each range that a seat is due now; mostly none."""
    room = LEASES_PER_SEAT_MAX - len(standing)
    of_today = [one for one in standing if one.from_day <= today <= one.to_day]
    if not of_today:
        return [(today, _after(today, LEASE_DAYS - 1))][: max(room, 0)]
    due = []
    left = sum(one.last - max(one.used, one.first - 1) for one in of_today)
    if left < LEFT_MIN:
        due.append((today, max(one.to_day for one in of_today)))
    end = max(one.to_day for one in standing)
    if end < _after(today, RENEW_DAYS):
        due.append((_after(end, 1), _after(end, LEASE_DAYS)))
    return due[: max(room, 0)]


def span_of(life: Life, day: str) -> int:
    """Give the number before the first that this life of the office may use for a date."""
    if life.epoch == 1 or day > _after(life.began, HORIZON_DAYS):
        return 0
    return (life.epoch - 1) * SPAN_ORDINALS


def series_of(life: Life, day: str) -> int:
    """Give the series in which this life of the office numbers its papers on a date.

    No life that was lost has given numbers of a year that came after it.
    """
    return 1 if day[:4] > life.began[:4] else life.epoch


def blocks_of(span: int) -> tuple[int, int]:
    """Give the first and the last block of a span that may be leased."""
    return (span + OFFICE_LAST) // LEASE_ORDINALS, (span + LEASED_LAST) // LEASE_ORDINALS - 1


def range_of(block: int) -> tuple[int, int]:
    """Give the first and the last ordinal of a block."""
    return block * LEASE_ORDINALS + 1, (block + 1) * LEASE_ORDINALS


def next_of_office(span: int, last: int) -> int | None:
    """Give the ordinal after the last that the office used on a date; None where all are used."""
    following = max(last, span) + 1
    if span + OFFICE_LAST < following <= span + LEASED_LAST:
        following = span + LEASED_LAST + 1
    return following if following < span + SPAN_ORDINALS else None


def days_between(first: str, last: str) -> list[str]:
    """Name the dates from one to another, both included."""
    count = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    return [_after(first, number) for number in range(count)]


def _after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()

"""Counts a deadline: from the moment of reception to the day and hour that is promised.

1. The clock starts when a complete dossier is received, at the hour and minute on its receipt, and
   not when the office hears of it.
2. All times are civil times in Vietnam, `YYYY-MM-DDTHH:MM`; nothing here asks for the time.
3. What the calendar does not know is not promised: `OutsideCalendar`.

Twin: pwa/src/procedures/deadlines.ts; both satisfy server/deadlines/vectors.json.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from server.deadlines.days import Calendar, OutsideCalendar
from server.deadlines.limits import Limit

_DAY: Final = timedelta(days=1)
_MINUTES: Final = "minutes"
_DECEMBER: Final = 12


class Promise(msgspec.Struct, frozen=True):
    """When a result is due, by which rule of which calendar."""

    due_at: str
    rule: str
    calendar: str


class Pause(msgspec.Struct, frozen=True):
    """A time in which the clock stood: the supplement was asked for, and it came."""

    asked: str
    given: str


def promise(
    limits: Sequence[Limit],
    received_at: str,
    calendar: Calendar,
    unit: str,
    pauses: Sequence[Pause] = (),
) -> Promise | None:
    """Promise a result; of a bundle's parts, the last one's. None where there is no limit.

    Raises OutsideCalendar.
    """
    received = datetime.fromisoformat(received_at)
    # Also where the count of a batch or of hours would begin elsewhere.
    calendar.is_working(received.date())
    dues = [(_due(limit, received, calendar, unit, pauses), limit) for limit in limits]
    if not dues:
        return None
    due, limit = max(dues, key=lambda one: one[0])
    return Promise(due.isoformat(timespec=_MINUTES), limit.words, calendar.version)


def _due(
    limit: Limit, received: datetime, calendar: Calendar, unit: str, pauses: Sequence[Pause]
) -> datetime:
    reading = limit.supplement or calendar.readings.supplement
    # What is done at once, or in a batch, has nothing to go on with: it is checked anew.
    if pauses and (reading == "anew" or limit.rule != "count"):
        received, pauses = datetime.fromisoformat(pauses[-1].given), ()
    if limit.rule == "monthly_batch":
        return _end(_last_of_batch(limit, received.date(), calendar), calendar, unit)
    if limit.unit == "hours" and limit.rule == "count":
        return _when_open(received + _stood(pauses), limit.number, calendar, unit)
    if limit.rule == "same_day":
        return _end(_day_of_reception(limit, received, calendar, unit), calendar, unit)
    first = _first_day(limit, received, calendar)
    waiting = _days_waited(pauses)
    last = (
        _count_working(first, limit.number, calendar, waiting)
        if limit.unit == "working_days"
        else _count_plain(first, limit.number, calendar, waiting)
    )
    return _end(last, calendar, unit)


def _day_of_reception(limit: Limit, received: datetime, calendar: Calendar, unit: str) -> date:
    """Give the day itself if the office still works on it before the cut-off, else the next one."""
    day = received.date()
    cutoff = limit.cutoff or calendar.closes(unit)
    if calendar.is_working(day) and _minute(received) <= cutoff:
        return day
    return calendar.next_working(day)


def _first_day(limit: Limit, received: datetime, calendar: Calendar) -> date:
    """Give the day that is not counted: the one of reception, or the one that it counts as."""
    day = received.date()
    if calendar.is_working(day):
        is_late = limit.cutoff is not None and _minute(received) > limit.cutoff
        return calendar.next_working(day) if is_late else day
    if calendar.readings.day_off == "next_working_day":
        return calendar.next_working(day)
    return day


def _count_working(day: date, number: int, calendar: Calendar, waiting: frozenset[date]) -> date:
    counted = 0
    while counted < number:
        day = calendar.next_working(day)
        counted += day not in waiting
    return day


def _count_plain(day: date, number: int, calendar: Calendar, waiting: frozenset[date]) -> date:
    """Count every day; a last day on a day off moves to the next working day (Civil Code 148)."""
    counted = 0
    while counted < number:
        day += _DAY
        if day > calendar.last:
            raise OutsideCalendar(day)
        counted += day not in waiting
    return day if calendar.is_working(day) else calendar.next_working(day)


def _last_of_batch(limit: Limit, received: date, calendar: Calendar) -> date:
    """Count from the next start of a batch: what comes before that day is in it, on it no more."""
    start = limit.start_day or 1
    begins = received.replace(day=start)
    if received >= begins:
        is_december = received.month == _DECEMBER
        begins = date(received.year + is_december, 1 if is_december else received.month + 1, start)
    if limit.unit == "working_days":
        return _count_working(begins, limit.number, calendar, frozenset())
    return _count_plain(begins, limit.number, calendar, frozenset())


def _when_open(start: datetime, hours: int, calendar: Calendar, unit: str) -> datetime:
    """Give the hour at which hours end; one at which the office is shut moves to its opening."""
    end = start + timedelta(hours=hours)
    day, minute = end.date(), _minute(end)
    if not calendar.is_working(day) or minute > calendar.closes(unit):
        day, minute = calendar.next_working(day), calendar.opens(unit)
    return _at(day, max(minute, calendar.opens(unit)))


def _stood(pauses: Sequence[Pause]) -> timedelta:
    """Give how long the clock stood."""
    stood = timedelta(0)
    for pause in pauses:
        stood += datetime.fromisoformat(pause.given) - datetime.fromisoformat(pause.asked)
    return stood


def _days_waited(pauses: Sequence[Pause]) -> frozenset[date]:
    """Give the days that do not count: after the day of asking, up to the day of the answer."""
    waited = set()
    for pause in pauses:
        day = datetime.fromisoformat(pause.asked).date()
        last = datetime.fromisoformat(pause.given).date()
        while day < last:
            day += _DAY
            waited.add(day)
    return frozenset(waited)


def _end(day: date, calendar: Calendar, unit: str) -> datetime:
    return _at(day, calendar.closes(unit))


def _at(day: date, minute: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(minute))


def _minute(moment: datetime) -> str:
    return moment.strftime("%H:%M")

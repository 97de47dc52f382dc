"""The office's calendar: which days it works, and its hours.

1. A calendar knows the years that it was made for and no other: a day outside them is said to be
   outside, never guessed from the weekday. Tết moves, and swapped days are decided a year ahead.
2. Days off are named one by one, substitute and swapped ones too; `working` names the Saturdays and
   Sundays that are worked in exchange.
3. It never changes once it was used: another list is another version (`calendar.py`).

Twin: pwa/src/procedures/calendar.ts; both satisfy server/deadlines/vectors.json.
"""

from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal

import msgspec

SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


class OutsideCalendar(Exception):
    """The count leaves the years that the calendar knows."""

    code = "outside-calendar"

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} is outside the calendar")
        self.day = day


class Session(msgspec.Struct, frozen=True):
    """One sitting of an office, `HH:MM` to `HH:MM`."""

    opens: str
    closes: str


class Unit(msgspec.Struct, frozen=True):
    """The hours of one kind of office on a working day, in order, and when it receives Saturdays.

    A Saturday on which the police receive is not for that a working day: nothing is due then.
    """

    code: str
    name_vi: str
    hours: tuple[Session, ...]
    saturday: tuple[Session, ...] = ()


class DayOff(msgspec.Struct, frozen=True):
    """A public holiday, a substitute for one, or a day that was swapped."""

    day: date
    name_vi: str


class Readings(msgspec.Struct, frozen=True):
    """Where the law is read in two ways, the way of this office.

    `day_off`: what was received on a day off counts from the next working day as day 1
    (`as_received`, the stricter for the office), or as received on that day (`next_working_day`).
    `supplement`: once a missing paper has come the check starts anew, or goes on where it paused.
    """

    day_off: Literal["as_received", "next_working_day"] = "as_received"
    supplement: Literal["anew", "paused"] = "anew"


class Calendar(msgspec.Struct, frozen=True, dict=True):
    """One version of the calendar."""

    version: str
    first: date
    last: date
    days_off: tuple[DayOff, ...]
    working: tuple[date, ...]
    units: tuple[Unit, ...]
    readings: Readings = Readings()

    def is_working(self, day: date) -> bool:
        """Tell whether the office works that day.

        Raises OutsideCalendar.
        """
        if not self.first <= day <= self.last:
            raise OutsideCalendar(day)
        if day in self.working:
            return True
        return day.weekday() < SATURDAY and day not in self._off

    def next_working(self, day: date) -> date:
        """Give the first working day after a day.

        Raises OutsideCalendar.
        """
        following = day + _DAY
        while not self.is_working(following):
            following += _DAY
        return following

    def opens(self, unit: str) -> str:
        """Give the hour at which a working day begins."""
        return self._unit(unit).hours[0].opens

    def closes(self, unit: str) -> str:
        """Give the hour at which a working day ends."""
        return self._unit(unit).hours[-1].closes

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset(off.day for off in self.days_off)

    def _unit(self, code: str) -> Unit:
        """Give the hours of a kind of office; the branch's own, the first, for one not known."""
        return next((unit for unit in self.units if unit.code == code), self.units[0])

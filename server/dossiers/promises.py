"""What a dossier was promised, and whether the office comes to the same.

A promise stands as it was made: it is on paper in a citizen's hand. Where the office works out
another hour, or hears of the dossier after its time, a person is told; nothing is corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from server.deadlines.calendar import find_calendar
from server.deadlines.days import OutsideCalendar
from server.deadlines.limits import channel_of, limits_of, unit_of
from server.deadlines.rules import Pause, promise
from server.deadlines.supplements import Supplement, pauses_of, waiting
from server.procedures.areas import areas
from server.procedures.catalogue import catalogue

DUE: Final = "due_at"
_RECEIVED: Final = "received_at"
_MINUTE_CHARACTERS: Final = len("2026-11-17T17:00")
_ZONE: Final = ":00+07:00"


@dataclass(frozen=True)
class Promised:
    """A promise as it was sealed, and the office's own hour where it could be worked out."""

    received_at: str
    due_at: str
    office_due_at: str | None
    is_eaten: bool
    # Where the clock stood for a supplement, the hour that it comes to since.
    moved_due_at: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the office comes to another hour, or cannot tell."""
        return self.office_due_at != self.due_at

    @property
    def trouble(self) -> str | None:
        """Name what a person has to look at: a late arrival before another hour."""
        if self.is_eaten:
            return "eaten"
        return "differs" if self.differs else None


def find_promise(
    connection: sa.Connection,
    values: Mapping[str, Any],
    first_received: int,
    asked: Sequence[Supplement] = (),
) -> Promised | None:
    """Find what was promised; None where nothing was.

    `first_received` is when the office first heard of the dossier, in ms.
    """
    due, received = values.get(DUE), values.get(_RECEIVED)
    if not isinstance(due, str) or not isinstance(received, str):
        return None
    ends = _instant(due)
    pauses = pauses_of(asked)
    counts_again = bool(pauses) and not waiting(asked)
    return Promised(
        received,
        due,
        _office_due(connection, values, received),
        is_eaten=ends is not None and first_received > ends,
        moved_due_at=_office_due(connection, values, received, pauses) if counts_again else None,
    )


def _office_due(
    connection: sa.Connection,
    values: Mapping[str, Any],
    received: str,
    pauses: Sequence[Pause] = (),
) -> str | None:
    """Count anew, by the calendar that the promise names."""
    procedure = catalogue().procedure(_text(values, "procedure"))
    calendar = find_calendar(connection, _text(values, "calendar_version"))
    if procedure is None or calendar is None or _instant(received) is None:
        return None
    area = _text(values, "area")
    flags = next((one.flags for one in areas() if one.code == area), [])
    limits = limits_of(procedure, channel_of(procedure), flags, values)
    try:
        begins = received[:_MINUTE_CHARACTERS]
        made = promise(limits, begins, calendar, unit_of(procedure), pauses)
    except OutsideCalendar:
        return None
    return f"{made.due_at}{_ZONE}" if made else None


def _instant(text: str) -> int | None:
    """Read a promise's time, in ms; None for what is no time of Vietnam to the minute."""
    if not text.endswith(_ZONE):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _text(values: Mapping[str, Any], field: str) -> str:
    value = values.get(field)
    return value if isinstance(value, str) else ""

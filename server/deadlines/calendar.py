"""The office's calendar as data: the one that is shipped, or the office's own beside its database.

The office puts its corrections (a holiday decided late, a swapped Saturday, evening hours) into
`calendar.json` of its data folder, a copy of the shipped one; it counts from the next start.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from server.deadlines.days import Calendar, Readings, Unit
from server.deadlines.tables import calendars
from server.settings import SettingsRefused

SHIPPED: Final = Path(__file__).with_name("calendar.json")
OWN: Final = "calendar.json"
_DIGEST_CHARACTERS: Final = 8


class BadCalendar(SettingsRefused):
    """The office's own calendar cannot be read; it does not start with another in its place."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not a calendar: {why}")


class _Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A calendar as people write it: with a label instead of a version."""

    label: str
    first: str
    last: str
    days_off: list[dict[str, str]]
    working: list[str]
    units: tuple[Unit, ...]
    readings: Readings


def read_calendar(path: Path) -> Calendar:
    """Read a calendar; its version is its label and a digest of what it says.

    So the same label with other days is another version, on every device that has the one or the
    other. Raises BadCalendar.
    """
    try:
        draft = msgspec.json.decode(path.read_bytes(), type=_Draft)
        said = msgspec.json.encode(draft, order="deterministic")
        version = f"{draft.label}-{sha256(said).hexdigest()[:_DIGEST_CHARACTERS]}"
        calendar = msgspec.convert({**msgspec.to_builtins(draft), "version": version}, Calendar)
    except msgspec.MsgspecError as why:
        raise BadCalendar(path, str(why)) from why
    if not calendar.units or not all(unit.hours for unit in calendar.units):
        raise BadCalendar(path, "it names no hours")
    if calendar.first > calendar.last:
        raise BadCalendar(path, "it ends before it begins")
    return calendar


def office_calendar(data: Path) -> Calendar:
    """Give the calendar of an office whose data lies in this folder."""
    own = data / OWN
    return read_calendar(own if own.exists() else SHIPPED)


def keep_calendar(connection: sa.Connection, calendar: Calendar, now: int) -> None:
    """Keep a version for as long as promises name it."""
    is_it = calendars.c.version == calendar.version
    if connection.execute(sa.select(calendars.c.version).where(is_it)).first() is None:
        content = msgspec.json.encode(calendar).decode()
        kept = {"version": calendar.version, "content": content, "since": now}
        connection.execute(sa.insert(calendars).values(**kept))


def find_calendar(connection: sa.Connection, version: str) -> Calendar | None:
    """Find a calendar that the office has given out."""
    content = connection.execute(_content, {"version": version}).scalar()
    return _decoded(content) if content else None


@lru_cache(maxsize=16)
def _decoded(content: str) -> Calendar:
    return msgspec.json.decode(content, type=Calendar)


# Written out once, since every sealed dossier asks.
_content = sa.select(calendars.c.content).where(calendars.c.version == sa.bindparam("version"))

"""What a database that is moved aside still tells, and what of it is taken over.

A backup knows nothing of who joined after it. Their work lies on their devices, signed; the office
only has to know their keys to take it in again. So, where the present database can still be read:

1. Devices that it has and the backup has not come back as *pending*: the desk compares the six
   words once more. Whoever wrote into a database gets no device in by it.
2. Seats on devices come back as they were: without the device's own key nobody can use them.
3. Rights that were taken away stay taken away: from devices, from people who left, from teams.
4. A device that joined and was revoked comes back revoked: what was done on it in good faith can
   still be handed in.
5. Seats at the desk come back retired, for their names alone: what they decided is lost, unless
   devices bring it back, and people should read who it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from server.backups.copying import sqlite_path
from server.database import AnyRow, is_sqlite
from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices, seats
from server.facts import find_fact
from server.keys import OfficeKeys
from server.records.tables import logs
from server.staff.tables import staff, team_areas, teams
from sync.fingerprint import fingerprint_words
from sync.signature import is_public_key

_OUT = ("refused", "revoked")


@dataclass(frozen=True)
class Present:
    """Its epoch, how far its logs went, its devices, the seats on them; empty if unreadable.

    And of its people, those who have left; and of its teams, where each may write.
    """

    epoch: int = 0
    ends: Mapping[int, int] = field(default_factory=dict)
    devices: Mapping[int, AnyRow] = field(default_factory=dict)
    seats: Mapping[int, AnyRow] = field(default_factory=dict)
    desk_seats: Mapping[int, AnyRow] = field(default_factory=dict)
    left: frozenset[int] = frozenset()
    areas_by_team: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Carried:
    """What was taken over; by number, the label of the device."""

    joined: Mapping[int, str]
    seated: Mapping[int, str]
    revoked: Mapping[int, str]
    left: frozenset[int] = frozenset()
    """People who left after the backup, by number."""


def read_present(url: str) -> Present:
    """Read the present database; nothing of one that is damaged or not there."""
    if is_sqlite(url):
        engine = sa.create_engine(f"sqlite:///file:{sqlite_path(url)}?mode=ro&uri=true")
    else:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    on_devices = seats.c.private_key_sealed.is_(None) & seats.c.staff.is_not(None)
    at_desk = seats.c.private_key_sealed.is_not(None) & seats.c.staff.is_not(None)
    known = devices.c.number != OFFICE_DEVICE
    try:
        with engine.connect() as connection:
            return Present(
                int(find_fact(connection, "epoch") or 0),
                {row.seat: row.last for row in connection.execute(sa.select(logs))},
                {row.number: row for row in connection.execute(sa.select(devices).where(known))},
                {row.number: row for row in connection.execute(sa.select(seats).where(on_devices))},
                {row.number: row for row in connection.execute(sa.select(seats).where(at_desk))},
                frozenset(
                    connection.execute(sa.select(staff.c.id).where(~staff.c.active)).scalars()
                ),
                _areas_by_team(connection),
            )
    except exc.DatabaseError:
        return Present()
    finally:
        engine.dispose()


def carry_over(connection: sa.Connection, keys: OfficeKeys, present: Present, now: int) -> Carried:
    """Take over what the restored database does not know; every row is checked on its own."""
    statuses = _by_number(connection, devices, devices.c.status)
    known_keys = {*_by_number(connection, devices, devices.c.public_key).values()}
    joined = {
        number: row
        for number, row in present.devices.items()
        if number not in statuses
        and row.status != "refused"
        and row.public_key not in known_keys
        and is_public_key(row.public_key)
    }
    for row in joined.values():
        words = " ".join(fingerprint_words(keys.public_key, row.public_key))
        status = "revoked" if row.status == "revoked" else "pending"
        _insert(
            connection, devices, row, status=status, words=words, confirmed_at=None,
            confirmed_by=None,
        )  # fmt: skip
    revoked = {
        number: row.label
        for number, row in present.devices.items()
        if row.status in _OUT and statuses.get(number) not in (None, *_OUT)
    }
    for number in revoked:
        taken = sa.update(devices).where(devices.c.number == number)
        connection.execute(taken.values(status=present.devices[number].status))
    seated = _carry_seats(connection, present, {*statuses, *joined})
    _carry_desk_seats(connection, present, now)
    _retire_seats(connection, present)
    _take_areas(connection, present)
    return Carried(
        {number: row.label for number, row in joined.items() if row.status not in _OUT},
        seated,
        revoked,
        _carry_leaving(connection, present),
    )


def _carry_leaving(connection: sa.Connection, present: Present) -> frozenset[int]:
    active = sa.select(staff.c.id).where(staff.c.id.in_(present.left), staff.c.active)
    leaving = frozenset(connection.execute(active).scalars())
    connection.execute(sa.update(staff).where(staff.c.id.in_(leaving)).values(active=False))
    return leaving


def _retire_seats(connection: sa.Connection, present: Present) -> None:
    for number, row in present.seats.items():
        if row.retired_at is not None:
            still = (seats.c.number == number) & seats.c.retired_at.is_(None)
            ended = sa.update(seats).where(still)
            connection.execute(ended.values(retired_at=row.retired_at))


def _take_areas(connection: sa.Connection, present: Present) -> None:
    """Take away what a team had at the time of the backup, and had no more."""
    for team, had in _areas_by_team(connection).items():
        gone = had - present.areas_by_team.get(team, had)
        taken = (team_areas.c.team == team) & team_areas.c.area.in_(gone)
        connection.execute(sa.delete(team_areas).where(taken))


def _areas_by_team(connection: sa.Connection) -> dict[int, frozenset[str]]:
    known = sa.select(teams.c.id, team_areas.c.area).outerjoin(team_areas)
    areas: dict[int, set[str]] = {}
    for row in connection.execute(known):
        areas.setdefault(row.id, set()).update([] if row.area is None else [row.area])
    return {team: frozenset(found) for team, found in areas.items()}


def _carry_seats(connection: sa.Connection, present: Present, on: set[int]) -> dict[int, str]:
    taken = _by_number(connection, seats, seats.c.public_key)
    people = set(connection.execute(sa.select(staff.c.id)).scalars())
    known_teams = {None, *connection.execute(sa.select(teams.c.id)).scalars()}
    carried = {}
    for number, row in present.seats.items():
        fits = row.device in on and row.staff in people and row.team in known_teams
        is_new = number not in taken and row.public_key not in taken.values()
        if fits and is_new and is_public_key(row.public_key) and row.device in present.devices:
            _insert(connection, seats, row)
            carried[number] = str(present.devices[row.device].label)
    return carried


def _carry_desk_seats(connection: sa.Connection, present: Present, now: int) -> None:
    taken = _by_number(connection, seats, seats.c.public_key)
    people = set(connection.execute(sa.select(staff.c.id)).scalars())
    known_teams = {None, *connection.execute(sa.select(teams.c.id)).scalars()}
    for number, row in present.desk_seats.items():
        is_new = number not in taken and row.public_key not in taken.values()
        if is_new and row.staff in people and row.team in known_teams:
            _insert(connection, seats, row, retired_at=now)


def _by_number(
    connection: sa.Connection, table: sa.Table, column: "sa.Column[Any]"
) -> dict[int, Any]:
    rows = connection.execute(sa.select(table.c.number, column)).all()
    return {number: value for number, value in rows}  # noqa: C416 -- a Row is no pair to mypy


def _insert(connection: sa.Connection, table: sa.Table, row: AnyRow, **changed: object) -> None:
    connection.execute(sa.insert(table).values({**row._mapping, **changed}))  # noqa: SLF001 -- public, see its documentation

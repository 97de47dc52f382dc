"""The data folder of the office of a world, in memory where the machine lets us.

It is made once in a process, with its people, and copied for each world: always to the same place,
so that the application need not be put together anew.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

import sqlalchemy as sa

from server import office
from server.backups.copying import sqlite_url
from server.office import open_office
from server.settings import REQUESTS_A_MINUTE_MAX, Settings
from server.staff.tables import staff, team_areas, teams
from tests.sim.ports import OFFICE
from tests.sim.served.drawing import drawn_alike
from tests.sim.world import AREAS
from tests.support.memory import MEMORY, is_roomy

DATABASE: Final = "office.sqlite3"
DISK_PARTS: Final = (DATABASE, f"{DATABASE}-wal")

TEAMS: Final = (AREAS[:2], AREAS[1:])
"""The areas of each team at the beginning; the team's number is the place, from 1."""

OF_THE_TEMPLATE: Final = 0
OF_A_WORLD: Final = 1
"""The streams from which what is random is drawn."""

PEOPLE_EACH: Final = 6
OFFICER: Final = 1
"""Settles at the desk, lets devices in, and takes rights away."""


def person_number(staff_number: int, team: int, *, is_helper: bool) -> int:
    """Number a person: each works for one team, and either is a helper or is not."""
    return 100 * team + 10 * is_helper + staff_number


class Folder:
    """Where an office's files lie."""

    def __init__(self) -> None:
        self.data = data_folder()
        self.settings = settings_in(self.data, sqlite_url(self.data / DATABASE))

    def begin(self) -> None:
        """Put the folder as a new office has it."""
        self.remove()
        shutil.copytree(self.template(), self.data)

    def template(self) -> str:
        """Give where an office lies that nothing has happened at."""
        return make_template(None)

    def remove(self) -> None:
        """Forget it all."""
        shutil.rmtree(self.data, ignore_errors=True)

    def let_go(self) -> None:
        """Be told that nobody has the database open any more."""

    def disk(self) -> dict[str, bytes]:
        """Read the database's files as they are, whoever is at work on them."""
        found = {name: self.data / name for name in DISK_PARTS}
        return {name: path.read_bytes() for name, path in found.items() if path.exists()}

    def put_disk(self, files: dict[str, bytes]) -> None:
        """Put the database's files; nobody may have them open."""
        for path in self.data.glob(f"{DATABASE}*"):
            if path.name in (*DISK_PARTS, f"{DATABASE}-shm"):
                path.unlink()
        for name, content in files.items():
            (self.data / name).write_bytes(content)


@cache
def _place() -> Path:
    place = Path(tempfile.mkdtemp(prefix="luudong-", dir=MEMORY if is_roomy() else None))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def data_folder() -> Path:
    """Give where the data of every world's office lies."""
    return _place() / "data"


@cache
def make_template(database: str | None) -> str:
    """Make a new office at a database, None for a file in its folder; give where it lies."""
    data = _place() / ("template" if database is None else "template-elsewhere")
    with patch.object(office, "make_demo_staff", _make_people), drawn_alike(OF_THE_TEMPLATE):
        open_office(settings_in(data, database or sqlite_url(data / DATABASE))).close()
    return str(data)


def settings_in(data: Path, database: str) -> Settings:
    """Give the settings of an office whose data and database lie there."""
    return Settings(
        mode="demo",
        data=data,
        database=database,
        secret="for worlds that are made up, and long enough",
        host="127.0.0.1",
        port=8000,
        url="http://office.test",
        office=OFFICE,
        office_name=OFFICE,
        requests_a_minute=REQUESTS_A_MINUTE_MAX,
    )


def _make_people(connection: sa.Connection) -> None:
    for number, areas in enumerate(TEAMS, 1):
        connection.execute(sa.insert(teams).values(id=number, name=f"team {number}"))
        rows = [{"team": number, "area": area} for area in areas]
        connection.execute(sa.insert(team_areas), rows)
    people: list[tuple[int, str, int | None]] = [(OFFICER, "case_officer", None)]
    for team in range(1, len(TEAMS) + 1):
        for place in range(1, PEOPLE_EACH + 1):
            people += [
                (person_number(place, team, is_helper=True), "helper", team),
                (person_number(place, team, is_helper=False), "receiving_officer", team),
            ]
    connection.execute(
        sa.insert(staff),
        [
            {
                "id": number,
                "sign_in": f"person{number}",
                "name": f"Person {number}",
                "role": role,
                "team": team,
                "password_hash": "",
                "active": True,
            }
            for number, role, team in people
        ],
    )

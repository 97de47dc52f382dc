"""Somebody who works at the office."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.staff.tables import staff, team_areas


@dataclass(frozen=True)
class Person:
    """Who signed in, as deeds and pages need to know them."""

    id: int
    sign_in: str
    name: str
    role: str
    team: int | None


# Asked at every exchange and for every page: to build a statement costs more than to run it.
_working = sa.select(staff.c.id, staff.c.sign_in, staff.c.name, staff.c.role, staff.c.team).where(
    staff.c.id == sa.bindparam("staff"), staff.c.active
)
_areas = sa.select(team_areas.c.area).where(team_areas.c.team == sa.bindparam("team"))


def find_person(connection: sa.Connection, staff_id: int) -> Person | None:
    """Find somebody who still works here."""
    row = connection.execute(_working, {"staff": staff_id}).first()
    return Person(*row) if row else None


def areas_of_team(connection: sa.Connection, team: int | None) -> list[str]:
    """Name the areas that a team may write in."""
    if team is None:
        return []
    return sorted(connection.execute(_areas, {"team": team}).scalars())

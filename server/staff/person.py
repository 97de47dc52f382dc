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


_columns = (staff.c.id, staff.c.sign_in, staff.c.name, staff.c.role, staff.c.team)


def find_person(connection: sa.Connection, staff_id: int) -> Person | None:
    """Find somebody who still works here."""
    found = sa.select(*_columns).where(staff.c.id == staff_id, staff.c.active)
    row = connection.execute(found).first()
    return Person(*row) if row else None


def areas_of_team(connection: sa.Connection, team: int | None) -> list[str]:
    """Name the areas that a team may write in."""
    if team is None:
        return []
    found = sa.select(team_areas.c.area).where(team_areas.c.team == team)
    return sorted(connection.execute(found).scalars())

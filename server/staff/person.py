"""Somebody who works at the office."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.staff.tables import staff, team_areas
from server.statements import Lines, Statement


@dataclass(frozen=True)
class Person:
    """Who signed in, as deeds and pages need to know them."""

    id: int
    sign_in: str
    name: str
    role: str
    team: int | None


def find_person(connection: sa.Connection, staff_id: int) -> Person | None:
    """Find somebody who still works here."""
    row = _working.row(connection, staff=staff_id)
    return Person(*row) if row else None


def areas_of_team(connection: sa.Connection, team: int | None) -> list[str]:
    """Name the areas that a team may write in."""
    if team is None:
        return []
    return sorted(area for (area,) in _areas.rows(connection, team=team))


def listed_areas(team: "sa.Column[int | None]") -> "sa.ScalarSelect[str]":
    """Give the areas of a team as one column of another statement; `areas_in` reads it."""
    listed = sa.select(Lines(team_areas.c.area)).select_from(team_areas)
    return listed.where(team_areas.c.team == team).correlate(team.table).scalar_subquery()


def areas_in(listed: str | None) -> list[str]:
    """Read the areas of a team."""
    return sorted(listed.split("\n")) if listed else []


_working = Statement(
    sa.select(staff.c.id, staff.c.sign_in, staff.c.name, staff.c.role, staff.c.team).where(
        staff.c.id == sa.bindparam("staff"), staff.c.active
    )
)
_areas = Statement(sa.select(team_areas.c.area).where(team_areas.c.team == sa.bindparam("team")))

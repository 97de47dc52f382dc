"""Who may be given a dossier, and to whom it is given."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from server.devices.tables import seats
from server.dossiers.seen import tokens_of
from server.records.holding import assignees_of, is_number_of_staff
from server.staff.rules import may_be_given_dossiers
from server.staff.tables import staff, team_areas, teams
from sync.reconcile import ASSIGNEE
from sync.record import State, heads, shown
from sync.register import Head, open_value


@dataclass(frozen=True)
class Colleague:
    """Somebody to choose."""

    number: int
    name: str
    role: str
    team_name: str


@dataclass(frozen=True)
class Given:
    """One standing assignment: to whom, by whom, and when the office wrote it (ms)."""

    staff: int
    name: str | None
    by_name: str | None
    since: int


@dataclass(frozen=True)
class Assignment:
    """How a dossier's assignment stands; more than one `given` where officers chose apart."""

    given: list[Given]
    choices: list[Colleague]
    seen: str


def assignment_of(connection: sa.Connection, state: State) -> Assignment:
    """Tell to whom a dossier is given, and who else might be."""
    return Assignment(
        _given(connection, state),
        colleagues_in(connection, shown(state, "area")),
        tokens_of(state, ASSIGNEE),
    )


def colleagues_in(connection: sa.Connection, area: object) -> list[Colleague]:
    """List whose devices may hold a dossier of this area; nobody, if it has none yet."""
    if not isinstance(area, str):
        return []
    rows = connection.execute(
        sa.select(staff.c.id, staff.c.name, staff.c.role, teams.c.name.label("team_name"))
        .join(teams, teams.c.id == staff.c.team)
        .join(team_areas, team_areas.c.team == staff.c.team)
        .where(team_areas.c.area == area, staff.c.active)
        .order_by(teams.c.name, staff.c.name, staff.c.id)
    )
    return [Colleague(*row) for row in rows if may_be_given_dossiers(row.role)]


def names_of(connection: sa.Connection, state: State) -> Mapping[int, str]:
    """Name everybody who works or worked here, where a dossier was ever given to somebody."""
    if ASSIGNEE not in state.registers:
        return {}
    return {row.id: row.name for row in connection.execute(sa.select(staff.c.id, staff.c.name))}


def _given(connection: sa.Connection, state: State) -> list[Given]:
    wanted = assignees_of(state)
    if not wanted:
        return []
    names = names_of(connection, state)
    first: dict[int, Head] = {}
    for head in heads(state, ASSIGNEE):
        value = open_value(head)
        if is_number_of_staff(value) and value not in first:
            first[value] = head
    by = {head.dot.seat for head in first.values()}
    authors = connection.execute(
        sa.select(seats.c.number, staff.c.name)
        .join(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(by)))
    )
    by_name = {row.number: row.name for row in authors}
    return [
        Given(
            number,
            names.get(number),
            by_name.get(first[number].dot.seat),
            first[number].received,
        )
        for number in wanted
    ]

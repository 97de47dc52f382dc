"""The desk plans a trip and its stops: ordinary changes, which reach the phones of the crew."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.exchange.desk_deed import new_record, write_at_desk
from server.exchange.own_log import Sets
from server.fieldwork.reading import Work, find_work
from server.office import Office
from server.staff.person import Person, areas_of_team
from server.staff.tables import staff, teams
from sync.kinds import fits
from sync.refusals import Refusal


class NotPlannable(Refusal):
    """A plan says something that cannot be: the field that is at fault is named."""

    code = "not-plannable"

    def __init__(self, field: str) -> None:
        """Build the sentence."""
        super().__init__(f"the {field} of this plan cannot be")
        self.field = field


@dataclass(frozen=True)
class StopPlan:
    """Where and when people are received: an area's code, a place in words, day and hours."""

    area: str
    place: str
    day: str
    opens: str
    closes: str

    def values(self) -> dict[str, object]:
        """Give the fields of the stop."""
        return {
            "area": self.area,
            "place": self.place,
            "day": self.day,
            "opens": self.opens,
            "closes": self.closes,
            "status": "planned",
        }


def plan_trip(
    connection: sa.Connection,
    office: Office,
    person: Person,
    team: int,
    title: str,
    stop: StopPlan,
    now: int,
    trip: UUID | None = None,
) -> UUID:
    """Make a trip of a team with its first stop; raises NotPlannable before anything is written."""
    _require_plan(connection, team, stop)
    trip = trip or new_record(now)
    record = {"area": stop.area, "title": title, "day": stop.day, "status": "planned"}
    given = {"team": team, "crew": crew_of(connection, team)}
    _make(connection, office, person, "trip", trip, {**record, **given}, now)
    _add(connection, office, person, trip, given, stop, now)
    return trip


def add_stop(
    connection: sa.Connection, office: Office, person: Person, trip: UUID, stop: StopPlan, now: int
) -> UUID:
    """Add a stop to a trip, with the trip's team and crew; raises NotPlannable as above."""
    found = find_work(connection, trip, "trip")
    if found is None:
        raise NotPlannable("trip")
    team = found.count("team")
    _require_plan(connection, team, stop)
    return _add(connection, office, person, trip, _given(found, connection), stop, now)


def crew_of(connection: sa.Connection, team: int) -> list[int]:
    """Name the staff of a team: helpers get a trip by their own number alone."""
    working = sa.select(staff.c.id).where(staff.c.team == team, staff.c.active)
    return sorted(connection.execute(working).scalars())


def _given(trip: Work, connection: sa.Connection) -> Mapping[str, object]:
    team = trip.count("team")
    return {"team": team, "crew": trip.said.get("crew", crew_of(connection, team))}


def _require_plan(connection: sa.Connection, team: int, stop: StopPlan) -> None:
    known = connection.execute(sa.select(teams.c.id).where(teams.c.id == team)).first()
    if known is None:
        raise NotPlannable("team")
    if stop.area not in areas_of_team(connection, team):
        raise NotPlannable("area")
    for field, value in stop.values().items():
        if not fits("stop", field, value):
            raise NotPlannable(field)
    if stop.opens >= stop.closes:
        raise NotPlannable("closes")


def _add(
    connection: sa.Connection,
    office: Office,
    person: Person,
    trip: UUID,
    given: Mapping[str, object],
    stop: StopPlan,
    now: int,
) -> UUID:
    record = new_record(now)
    values = {"trip": trip.hex, **stop.values(), **given}
    _make(connection, office, person, "stop", record, values, now)
    return record


def _make(
    connection: sa.Connection,
    office: Office,
    person: Person,
    kind: str,
    record: UUID,
    values: Mapping[str, object],
    now: int,
) -> None:
    sets: Sets = {field: ([], value) for field, value in values.items()}
    write_at_desk(connection, office, person, record, lambda _: sets, now, makes=kind)

"""Trips at the desk (screen D8, thin): what is planned, a form for a stop, and what one brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.answers import AnyRequest
from server.clock import now_ms
from server.desk.door import desk_rooms, enter
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.leaf import leaf_of
from server.desk.page import Sheet, go_to
from server.desk.writing import instant
from server.exchange.desk_deed import do_and_announce, new_record
from server.fieldwork.reading import Work, work_of
from server.office import Office
from server.procedures.areas import area_names
from server.staff.rules import may_plan_trips
from server.staff.tables import team_areas, teams
from server.trips.brought import Given, brought_by, results_out
from server.trips.planning import NotPlannable, StopPlan, add_stop, plan_trip

UNPROCESSABLE = 422
TRIPS_MAX = 30
RESULTS_MAX = 50
DAYS_BACK = 14
"""Trips that are this old are still asked about; older ones are found by their dossiers."""

_FIELDS = ("to", "area", "place", "day", "opens", "closes")


@dataclass(frozen=True)
class Planned:
    """A trip with its stops, as the list shows them."""

    trip: Work
    stops: list[Work]


@dataclass(frozen=True)
class Choices:
    """What a new stop may belong to: teams with their areas, and trips; and results still out."""

    planned: list[Planned]
    teams: list[tuple[int, str]]
    areas: list[tuple[str, str]] = field(default_factory=list)
    results: list[Given] = field(default_factory=list)


@get("/desk/trips")
async def trips_page(
    request: AnyRequest,
    office: NamedDependency[Office],
    page: FromQuery[int] = 1,
    results: FromQuery[int] = 1,
) -> Response[Any]:
    """List the trips of the last days and of those to come."""
    viewer = await enter(request, office)
    return await _show(Sheet(request, office, viewer), page=page, results=results)


@post("/desk/trips")
async def plan(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Plan a stop, of a trip that is there or of a new one."""
    viewer, form = await enter_or_keep(request, office, may_plan_trips)
    sheet = Sheet(request, office, viewer)
    typed = {name: " ".join(form[name].split()) for name in _FIELDS}
    if form[AGAIN]:
        return await _show(sheet, typed)
    stop = StopPlan(typed["area"], typed["place"], typed["day"], typed["opens"], typed["closes"])
    kind, _, name = typed["to"].partition(":")

    def deed(connection: sa.Connection, now: int) -> None:
        if kind == "trip":
            add_stop(connection, office, viewer, _record_in(name), stop, now)
        else:
            team = int(name) if name.isascii() and name.isdecimal() and len(name) < 10 else 0  # noqa: PLR2004 -- digits
            title = area_names().get(stop.area, stop.area)
            plan_trip(connection, office, viewer, team, title, stop, now)

    try:
        await do_and_announce(office, new_record(now_ms()), deed)
    except NotPlannable as refused:
        return await _show(sheet, typed, refused.field, UNPROCESSABLE)
    return go_to("/desk/trips")


@get("/desk/trips/{record:uuid}")
async def trip_page(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Show what a trip brought: its stops, handover sheets, originals, tickets, surveys."""
    viewer = await enter(request, office)
    found = await office.database.read(lambda connection: brought_by(connection, record))
    if found is None:
        raise NotFoundException(detail="no such trip")
    facts = {"room": "trips", "found": found, "area_names": area_names(), "now": now_ms()}
    return Sheet(request, office, viewer).page("trips/trip.html", facts)


async def _show(
    sheet: Sheet,
    typed: Mapping[str, str] | None = None,
    fault: str | None = None,
    status: int = 200,
    *,
    page: int = 1,
    results: int = 1,
) -> Response[str]:
    assert sheet.viewer is not None
    now = now_ms()
    today = instant(now).date()
    since = (today - timedelta(days=DAYS_BACK)).isoformat()
    choices = await sheet.office.database.read(lambda connection: _choices(connection, since))
    facts = {
        "room": "trips",
        "choices": choices,
        "planned": leaf_of(choices.planned, page, TRIPS_MAX, "/desk/trips"),
        "out": leaf_of(choices.results, results, RESULTS_MAX, "/desk/trips", "results"),
        "area_names": area_names(),
        "typed": typed or {**dict.fromkeys(_FIELDS, ""), "day": today.isoformat()},
        "fault": fault,
        "may_plan": may_plan_trips(sheet.viewer.role),
        "here": "/desk/trips",
        "now": now,
    }
    return sheet.page("trips/trips.html", facts, status=status)


def _choices(connection: sa.Connection, since: str) -> Choices:
    stops = work_of(connection, "stop", since=since)
    trips = {trip.record.hex: trip for trip in work_of(connection, "trip")}
    known = dict.fromkeys(stop.trip for stop in stops if stop.trip in trips)
    planned = [
        Planned(trips[trip], [stop for stop in stops if stop.trip == trip]) for trip in known
    ]
    alone = [stop for stop in stops if stop.trip not in trips]
    planned += [Planned(stop, [stop]) for stop in alone]
    rows = connection.execute(sa.select(teams.c.id, teams.c.name).order_by(teams.c.name))
    mine = set(connection.execute(sa.select(team_areas.c.area).distinct()).scalars())
    areas = sorted(
        ((code, name) for code, name in area_names().items() if code in mine),
        key=lambda entry: entry[1],
    )
    return Choices(planned, [(row.id, row.name) for row in rows], areas, results_out(connection))


def _record_in(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        raise NotPlannable("trip") from None


handlers = desk_rooms(trips_page, plan, trip_page)

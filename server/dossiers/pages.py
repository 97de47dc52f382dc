"""The arrivals (screen D2) and one dossier with its timeline (screen D3)."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.answers import AnyRequest
from server.clock import now_ms
from server.desk.door import desk_rooms, enter, enter_with_form
from server.desk.page import Sheet
from server.desk.words import Language
from server.desk.writing import CIVIL, instant
from server.dossiers.arrivals import Arrival
from server.dossiers.arrivals import arrivals as find_arrivals
from server.dossiers.findings import count_open
from server.dossiers.reading import reader_of
from server.dossiers.showing import facts_of, look_at
from server.dossiers.triage import ROWS_MAX, Counts, counts, read_triage, rows
from server.dossiers.wording import Text
from server.office import Office
from server.procedures.areas import area_names
from sync.codes import is_mistyped

WORDS_CHARACTERS_MAX = 200


@dataclass(frozen=True)
class Listed:
    """A row of the arrivals with its codes put into words."""

    row: Arrival
    procedure_name: Text
    area_name: str
    work: str


@get("/desk")
async def arrivals(
    request: AnyRequest,
    office: NamedDependency[Office],
    only: FromQuery[str] = "all",
    area: FromQuery[str] = "",
    order: FromQuery[str] = "received",
    direction: FromQuery[str] = "down",
    page: FromQuery[int] = 1,
) -> Response[Any]:
    """List what has arrived; htmx asks for the list alone."""
    viewer = await enter(request, office)
    triage = read_triage(only, area, order, direction, page)
    now = now_ms()
    midnight = _midnight(now)

    def look(connection: sa.Connection) -> tuple[list[Arrival], bool, Counts, int]:
        return (
            *rows(connection, triage, midnight),
            counts(connection, triage, midnight),
            count_open(connection, "returned-decision"),
        )

    listed, more, counted, returned = await office.database.read(look)
    sheet = Sheet(request, office, viewer)
    facts = {
        "room": "arrivals",
        "triage": triage,
        "rows": [_listed(row, sheet.language) for row in listed],
        "more": more,
        "counts": counted,
        "returned": returned,
        "areas": sorted(area_names().items(), key=lambda entry: entry[1]),
        "area_name": area_names().get(triage.area, ""),
        "now": now,
        "here": triage.address(page=triage.page),
    }
    if sheet.is_fragment:
        return sheet.fragment("dossiers/arrivals.html", "arrivals", facts)
    return sheet.page("dossiers/arrivals.html", facts)


@get("/desk/find")
async def find_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Ask for a name or a code."""
    viewer = await enter(request, office)
    return _show_found(Sheet(request, office, viewer), "", [])


@post("/desk/find")
async def find(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Find dossiers by code or by the applicant's name, which so stands in no address or log."""
    viewer, form = await enter_with_form(request, office)
    words = " ".join(form["words"].split())[:WORDS_CHARACTERS_MAX]
    found: list[Arrival] = []
    if words:
        found = await office.database.read(
            lambda connection: find_arrivals(connection, words=words, limit=ROWS_MAX + 1)
        )
    return _show_found(Sheet(request, office, viewer), words, found)


@get("/desk/dossiers/{record:uuid}")
async def dossier(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Show one dossier: its answers, its papers, and how it came to be so."""
    viewer = await enter(request, office)

    looked = await office.database.read(lambda connection: look_at(connection, record, now_ms()))
    if looked is None:
        raise NotFoundException(detail="no such dossier")
    sheet = Sheet(request, office, viewer)
    facts = facts_of(looked, sheet.language, viewer.role, now_ms())
    if sheet.is_fragment:
        return sheet.fragment("dossiers/dossier.html", "dossier", facts)
    return sheet.page("dossiers/dossier.html", facts)


def _show_found(sheet: Sheet, words: str, found: list[Arrival]) -> Response[str]:
    facts = {
        "room": "arrivals",
        "words": words,
        "is_mistyped": is_mistyped(words),
        "rows": [_listed(row, sheet.language) for row in found[:ROWS_MAX]],
        "more": len(found) > ROWS_MAX,
        "here": "/desk/find",
    }
    return sheet.page("dossiers/find.html", facts)


def _listed(row: Arrival, language: Language) -> Listed:
    reader = reader_of(row.procedure, language)
    name = area_names().get(row.area or "", row.area or "–")
    return Listed(row, reader.procedure_name, name, reader.work_state(row.status))


def _midnight(now: int) -> int:
    today = datetime.combine(instant(now).date(), time.min, CIVIL)
    return int(today.timestamp() * 1000)


handlers = desk_rooms(arrivals, find_page, find, dossier)

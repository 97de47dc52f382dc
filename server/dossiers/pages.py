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
from server.attachments.listing import Attachment, attachments_of
from server.clock import now_ms
from server.desk.door import desk_rooms, enter, enter_with_form
from server.desk.page import Sheet
from server.desk.words import Language
from server.desk.writing import CIVIL, instant
from server.dossiers.arrivals import Arrival
from server.dossiers.arrivals import arrivals as find_arrivals
from server.dossiers.dossier import Dossier, find_dossier
from server.dossiers.reading import ANSWER, PAPER, Reader, reader_of
from server.dossiers.timeline import Step, timeline
from server.dossiers.triage import ROWS_MAX, Counts, counts, read_triage, rows
from server.dossiers.wording import Text
from server.office import Office
from server.procedures.areas import area_names
from server.staff.rules import may_settle

WORDS_CHARACTERS_MAX = 200

_TELLING = frozenset({"status", "area", "procedure"})
"""Fields beside the answers that say something once the dossier is there."""


@dataclass(frozen=True)
class Listed:
    """A row of the arrivals with its codes put into words."""

    row: Arrival
    procedure_name: Text
    area_name: str
    work: str


@dataclass(frozen=True)
class Told:
    """A step of the timeline in words: what it was, what it set, the reasons that people gave."""

    step: Step
    what: str
    fields: list[tuple[Text, Text]]
    reasons: list[str]


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

    def look(connection: sa.Connection) -> tuple[list[Arrival], bool, Counts]:
        return *rows(connection, triage, midnight), counts(connection, triage, midnight)

    listed, more, counted = await office.database.read(look)
    sheet = Sheet(request, office, viewer)
    facts = {
        "room": "arrivals",
        "triage": triage,
        "rows": [_listed(row, sheet.language) for row in listed],
        "more": more,
        "counts": counted,
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
    """Ask for a name."""
    viewer = await enter(request, office)
    return _show_found(Sheet(request, office, viewer), "", [])


@post("/desk/find")
async def find(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Find dossiers by the applicant's name, which for that reason is in no address or log."""
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

    def look(connection: sa.Connection) -> tuple[Dossier, list[Step], list[Attachment]] | None:
        found = find_dossier(connection, record)
        if found is None:
            return None
        return found, timeline(connection, record), attachments_of(connection, record)

    looked = await office.database.read(look)
    if looked is None:
        raise NotFoundException(detail="no such dossier")
    found, steps, attached = looked
    sheet = Sheet(request, office, viewer)
    reader = reader_of(found.arrival.procedure, sheet.language)
    told = _told(steps, reader)
    facts = {
        "room": "arrivals",
        "record": record,
        "dossier": found,
        "arrival": found.arrival,
        "procedure_name": reader.procedure_name,
        "area_name": area_names().get(found.arrival.area or "", found.arrival.area or "–"),
        "work": reader.work_state(found.arrival.status),
        "sections": reader.sections(found.values, found.conflicts),
        "papers": reader.papers(found.values, found.conflicts),
        "attachments": [(one, reader.label(f"papers.{one.document}")) for one in attached],
        "steps": told,
        "settlement": _last_settlement(told),
        "may_settle": may_settle(viewer.role),
        "now": now_ms(),
    }
    if sheet.is_fragment:
        return sheet.fragment("dossiers/dossier.html", "dossier", facts)
    return sheet.page("dossiers/dossier.html", facts)


def _show_found(sheet: Sheet, words: str, found: list[Arrival]) -> Response[str]:
    facts = {
        "room": "arrivals",
        "words": words,
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


def _told(steps: list[Step], reader: Reader) -> list[Told]:
    """Put the log into words, the newest step first."""
    told = []
    for place, step in enumerate(steps):
        notes = _notes(step)
        fields = [
            (reader.label(path), reader.answer(path, value))
            for path, value in step.fields
            if path.startswith((ANSWER, PAPER)) or (place and path in _TELLING)
        ]
        reasons = [str(note["reason"]) for note in notes if note.get("reason")]
        told.append(Told(step, _what(step, notes, is_first=place == 0), fields, reasons))
    return told[::-1]


def _what(step: Step, notes: list[dict[str, Any]], *, is_first: bool) -> str:
    if step.effect == "quarantined":
        return "quarantined"
    if step.kind == "put-back":
        return "put_back"
    if any(note.get("kind") == "settlement" for note in notes):
        return "settled"
    return "sealed" if is_first else "revised"


def _notes(step: Step) -> list[dict[str, Any]]:
    return [
        value
        for path, value in step.fields
        if path.startswith("notes.") and isinstance(value, dict)
    ]


def _last_settlement(told: list[Told]) -> Told | None:
    return next((entry for entry in told if entry.what == "settled"), None)


handlers = desk_rooms(arrivals, find_page, find, dossier)

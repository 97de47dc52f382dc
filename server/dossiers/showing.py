"""Lays one dossier out for its page: answers, papers, assignment, and how it came to be so."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.attachments.listing import Attachment, attachments_of
from server.deadlines.supplements import ASKED, GIVEN
from server.desk.words import Language
from server.desk.writing import instant
from server.dossiers.attesting import attested
from server.dossiers.colleagues import Assignment, assignment_of
from server.dossiers.dossier import Dossier, find_dossier
from server.dossiers.hands import HANDED_OVER, hands
from server.dossiers.promises import Promised, find_promise
from server.dossiers.reading import ANSWER, PAPER, Reader
from server.dossiers.results import (
    NOTHING_TYPED,
    GivingTyped,
    Results,
    find_results,
)
from server.dossiers.supplements import (
    EMPTY,
    Supplements,
    Typed,
    find_supplements,
    items_of,
    told_of,
    trouble_of,
)
from server.dossiers.timeline import Step, timeline
from server.dossiers.wording import Text
from server.fieldwork.deliveries import DONE, RETURNED
from server.procedures.areas import area_names
from server.staff.rules import may_assign, may_erase, may_hand_back, may_settle
from sync.codes import OFFICIAL, PROVISIONAL, codes_of
from sync.reconcile import ASSIGNEE
from sync.record import is_erased

COPY = "receipts."
"""Before the id of each copy of the receipt that was given out."""

_TELLING = frozenset({"status", "area", "procedure", ASSIGNEE, OFFICIAL, PROVISIONAL})
"""Fields beside the answers that say something once the dossier is there."""


@dataclass(frozen=True)
class Told:
    """A step of the timeline in words: what it was, what it set, the reasons that people gave."""

    step: Step
    what: str
    fields: list[tuple[Text, Text]]
    reasons: list[str]
    hands: list[str]
    """Who had the dossier before the one who wrote this, where it was handed over unsealed."""


@dataclass(frozen=True)
class Looked:
    """All that the page shows of a dossier, as it is kept."""

    dossier: Dossier
    steps: list[Step]
    attachments: list[Attachment]
    assignment: Assignment
    promised: Promised | None
    supplements: Supplements
    results: Results


@dataclass(frozen=True)
class Asked:
    """What somebody chose in the form of the assignment, and what is wrong with it."""

    chosen: str = ""
    fault: str | None = None


def look_at(connection: sa.Connection, record: UUID, now: int) -> Looked | None:
    """Look a dossier up as it stands at this time (ms), unless the desk may not show it."""
    found = find_dossier(connection, record)
    if found is None:
        return None
    supplements = find_supplements(connection, found.state)
    return Looked(
        found,
        timeline(connection, record),
        attachments_of(connection, record),
        assignment_of(connection, found.state),
        find_promise(connection, found.values, found.arrival.first_received, supplements.asked),
        supplements,
        find_results(connection, record, found.state, instant(now).date().isoformat()),
    )


def facts_of(
    looked: Looked,
    language: Language,
    role: str,
    now: int,
    asked: Asked = Asked(),
    typed: Typed = EMPTY,
    giving: GivingTyped = NOTHING_TYPED,
) -> dict[str, Any]:
    """Give what `dossier.html` shows to somebody of this role."""
    found = looked.dossier
    reader = found.reader(language)
    told = _told(looked.steps, reader, language)
    return {
        "room": "arrivals",
        "record": found.arrival.record,
        "dossier": found,
        "arrival": found.arrival,
        "procedure_name": reader.procedure_name,
        "area_name": area_names().get(found.arrival.area or "", found.arrival.area or "–"),
        "work": reader.work_state(found.arrival.status),
        "sections": reader.sections(found.values, found.conflicts),
        "papers": reader.papers(found.values, found.conflicts),
        "attachments": [
            (one, reader.label(f"papers.{one.document}")) for one in looked.attachments
        ],
        "hands": hands(found.values.get(HANDED_OVER), language),
        "attested": attested(found.values, reader, language),
        "assignment": looked.assignment,
        "asked": asked,
        "may_assign": may_assign(role),
        "steps": told,
        "settlement": next((entry for entry in told if entry.what == "settled"), None),
        "may_settle": may_settle(role),
        "may_erase": may_erase(role),
        "is_erased": is_erased(found.state, "area"),
        "other_codes": [one for one in codes_of(found.values) if one != found.arrival.code],
        "promised": looked.promised,
        "supplements": told_of(looked.supplements, reader),
        "waiting": looked.supplements.waiting,
        "supplement_trouble": trouble_of(found.values, looked.supplements.asked),
        "supplement_items": [
            [(path, reader.label(path)) for path in paths]
            for paths in items_of(found.arrival.procedure)
        ],
        "may_ask": may_settle(role),
        "typed": typed,
        "results": looked.results,
        "may_hand_back": may_hand_back(role),
        "giving": giving,
        "now": now,
    }


def _told(steps: list[Step], reader: Reader, language: Language) -> list[Told]:
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
        before = [
            line
            for path, value in step.fields
            if path == HANDED_OVER
            for line in hands(value, language)
        ]
        what = _what(step, notes, is_first=place == 0)
        told.append(Told(step, what, fields, reasons, before))
    return told[::-1]


def _what(step: Step, notes: list[dict[str, Any]], *, is_first: bool) -> str:
    if step.effect == "quarantined":
        return "quarantined"
    if step.kind == "put-back":
        return "put_back"
    if step.kind == "policy":
        return _by_rule(step)
    for kind, what in (("recoding", "recoded"), ("settlement", "settled")):
        if any(note.get("kind") == kind for note in notes):
            return what
    return _by_fields(step) or ("sealed" if is_first else "revised")


def _by_rule(step: Step) -> str:
    """Name what the office's own seat wrote."""
    first = step.fields[0]
    if first == ("status", RETURNED):
        return "handed_back"
    return "coded" if first[0] == OFFICIAL else "by_policy"


def _by_fields(step: Step) -> str | None:
    """Name a step that set nothing but one kind of field."""
    if [path for path, _ in step.fields] == [ASSIGNEE]:
        return "taken_away" if step.fields[0][1] is None else "assigned"
    if step.fields == [("status", DONE)]:
        return "result_ready"
    for beginning, what in (
        (COPY, "printed"),
        (ASKED, "supplement_asked"),
        (GIVEN, "supplement_given"),
    ):
        if all(path.startswith(beginning) for path, _ in step.fields):
            return what
    return None


def _notes(step: Step) -> list[dict[str, Any]]:
    return [
        value
        for path, value in step.fields
        if path.startswith(("notes.", ASKED)) and isinstance(value, dict)
    ]

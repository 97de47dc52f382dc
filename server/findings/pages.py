"""The findings (feature C1): each with the one decision that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.answers import AnyRequest
from server.clock import now_ms
from server.desk.door import desk_rooms, enter
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.page import Sheet, go_to
from server.desk.words import Language
from server.dossiers.reading import reader_of
from server.dossiers.wording import Text
from server.exchange.exchange import announce
from server.findings.branch import BranchRecord
from server.findings.deciding import OUTCOMES, NotOpen, decide
from server.findings.listing import SHOWN_MAX, Matter, count_open, matters
from server.office import Office
from server.staff.rules import may_settle
from sync.reconcile import Reason

FINDINGS: Final = "/desk/findings"
REASON_CHARACTERS_MAX: Final = 2_000
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409


@dataclass(frozen=True)
class ToldBranch:
    """One record of a kept branch in words: each field with what stands, what it says, if equal."""

    of: BranchRecord
    procedure_name: Text | None
    fields: list[tuple[Text, Text, Text, bool]]


@dataclass(frozen=True)
class Told:
    """A matter put into words: fields with what stands and what was sent."""

    matter: Matter
    outcomes: tuple[str, ...]
    procedure_name: Text | None
    fields: list[tuple[Text, Text, Text]]
    conflict_field: Text | None
    branch: list[ToldBranch]


@dataclass(frozen=True)
class Typed:
    """What somebody sent that could not be done: kept, with what is wrong."""

    number: int
    reason: str
    fault: str


@get(FINDINGS)
async def findings(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """List what is open."""
    viewer = await enter(request, office)
    return await _show(Sheet(request, office, viewer), None)


@post("/desk/findings/{number:int}")
async def decide_finding(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """Decide one, or give the form back with what is missing."""
    viewer, form = await enter_or_keep(request, office, may_settle)
    sheet = Sheet(request, office, viewer)
    reason = form["reason"].strip()
    fault = _fault_of(form, reason)
    if fault:
        return await _show(sheet, Typed(number, form["reason"], fault), UNPROCESSABLE)
    deed = partial(
        decide,
        office=office,
        person=viewer,
        number=number,
        outcome=form["outcome"],
        reason=reason,
        now=now_ms(),
    )
    try:
        decided = await office.database.write(deed)
    except NotOpen:
        return await _show(sheet, Typed(number, form["reason"], "decided"), CONFLICT)
    announce(office, [decided.record.bytes] if decided.record else [])
    return go_to(FINDINGS)


def _fault_of(form: Mapping[str, str], reason: str) -> str | None:
    """Say what is wrong with a form: people are told why, so a reason there must be."""
    if form[AGAIN]:
        return "again"
    if not reason:
        return "no_reason"
    if len(reason) > REASON_CHARACTERS_MAX or "\0" in reason:
        return "long_reason"
    return None


async def _show(sheet: Sheet, typed: Typed | None, status: int = 200) -> Response[Any]:
    def look(connection: sa.Connection) -> tuple[list[Matter], int]:
        return matters(connection), count_open(connection)

    found, count = await sheet.office.database.read(look)
    assert sheet.viewer is not None
    facts = {
        "room": "findings",
        "told": [_told(one, sheet.language) for one in found[:SHOWN_MAX]],
        "count": count,
        "shown_max": SHOWN_MAX,
        "may_decide": may_settle(sheet.viewer.role),
        "typed": typed,
        "now": now_ms(),
        "reasons": frozenset(Reason),
        "reason_max": REASON_CHARACTERS_MAX,
    }
    if sheet.is_fragment:
        return sheet.fragment("findings/findings.html", "list", facts, status=status)
    return sheet.page("findings/findings.html", facts, status=status)


def _told(matter: Matter, language: Language) -> Told:
    reader = reader_of(matter.procedure, language)
    field = matter.finding.field
    return Told(
        matter,
        OUTCOMES.get(matter.finding.kind, ()),
        reader.procedure_name if matter.procedure else None,
        [
            (
                reader.label(sent.path),
                reader.answer(sent.path, sent.now),
                reader.answer(sent.path, sent.sent),
            )
            for sent in sorted(matter.sent, key=lambda one: reader.place(one.path))
        ],
        reader.label(field) if field else None,
        [_told_branch(one, language) for one in matter.branch.records] if matter.branch else [],
    )


def _told_branch(record: BranchRecord, language: Language) -> ToldBranch:
    reader = reader_of(record.procedure, language)
    return ToldBranch(
        record,
        reader.procedure_name if record.procedure else None,
        [
            (
                reader.label(one.path),
                reader.answer(one.path, one.now),
                reader.answer(one.path, one.sent),
                one.stands,
            )
            for one in sorted(record.fields, key=lambda one: reader.place(one.path))
        ],
    )


handlers = desk_rooms(findings, decide_finding)

"""What the desk decided before a restore and has to decide again: apply it, or let it go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.answers import AnyRequest
from server.decisions.deciding import NothingLost, decide_and_announce
from server.decisions.returned import Returned, Value
from server.decisions.returned import returned as find_returned
from server.desk.door import desk_rooms, enter
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.leaf import leaf_of, page_with
from server.desk.page import Sheet, go_to
from server.dossiers.reading import reader_of
from server.dossiers.wording import Text
from server.exchange.desk_deed import UnknownRecord
from server.office import Office
from server.staff.rules import may_settle

UNPROCESSABLE = 422
CONFLICT = 409
REASON_CHARACTERS_MAX = 2_000
CARDS_MAX = 20
"""Forms of one page: a backup that is a day old may have lost a day of decisions."""


@dataclass(frozen=True)
class Row:
    """A lost value in words."""

    value: Value
    label: Text
    answer: Text
    standing: list[Text]
    name: str
    is_picked: bool


@dataclass(frozen=True)
class Card:
    """A dossier with its lost values, as the form that a person fills in."""

    returned: Returned
    procedure_name: Text
    rows: list[Row]
    reason: str = ""
    fault: str = ""


@get("/desk/returned")
async def returned_page(
    request: AnyRequest, office: NamedDependency[Office], page: FromQuery[int] = 1
) -> Response[Any]:
    """List the dossiers of which something is lost that was brought back."""
    viewer = await enter(request, office)
    return await _show(Sheet(request, office, viewer), page=page)


@post("/desk/returned/{record:uuid}")
async def decide(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Apply what is picked again, or let it go, or give the form back with what is missing."""
    viewer, form = await enter_or_keep(request, office, may_settle)
    sheet = Sheet(request, office, viewer)
    applies, reason = form["deed"] == "apply", form["reason"].strip()
    picked = _picked(form)
    fault = _fault(picked, reason, applies=applies)
    if form[AGAIN] or fault:
        given = (record, form, "" if form[AGAIN] else fault)
        return await _show(sheet, given, status=200 if form[AGAIN] else UNPROCESSABLE)
    try:
        await decide_and_announce(office, viewer, record, picked, reason, applies=applies)
    except NothingLost:
        return await _show(sheet, too_late=True, status=CONFLICT)
    except UnknownRecord:
        raise NotFoundException(detail="no such dossier") from None
    return go_to("/desk/returned")


async def _show(
    sheet: Sheet,
    given: tuple[UUID, Mapping[str, str], str] | None = None,
    *,
    too_late: bool = False,
    page: int = 1,
    status: int = 200,
) -> Response[str]:
    assert sheet.viewer is not None
    # What the office does not know at all is only told of, after what there is to decide.
    found = sorted(
        await sheet.office.database.read(find_returned), key=lambda one: not one.is_known
    )
    if given:
        page = page_with(found, lambda one: one.record == given[0], CARDS_MAX)
    leaf = leaf_of(found, page, CARDS_MAX, "/desk/returned")
    cards = [_card(sheet, one, given) for one in leaf.rows]
    facts = {
        "room": "returned",
        "cards": [card for card in cards if card.returned.is_known],
        "leaf": leaf,
        "unknown": [card for card in cards if not card.returned.is_known],
        "may_settle": may_settle(sheet.viewer.role),
        "too_late": too_late,
        "here": "/desk/returned",
    }
    return sheet.page("decisions/returned.html", facts, status=status)


def _card(
    sheet: Sheet,
    one: Returned,
    given: tuple[UUID, Mapping[str, str], str] | None,
) -> Card:
    reader = reader_of(one.procedure, sheet.language).knowing(one.names)
    form = given[1] if given and given[0] == one.record else None
    rows = [
        Row(
            value,
            reader.label(value.field),
            reader.answer(value.field, value.value),
            [reader.answer(value.field, standing) for standing in value.standing],
            f"{value.token}:{value.field}",
            not value.is_awaited if form is None else _pick(value) in form,
        )
        for value in sorted(one.values, key=lambda value: reader.place(value.field))
    ]
    if form is None or given is None:
        return Card(one, reader.procedure_name, rows)
    return Card(one, reader.procedure_name, rows, form["reason"], given[2])


def _pick(value: Value) -> str:
    return f"pick:{value.token}:{value.field}"


def _picked(form: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Read, by field and token, what the officer saw there of all that is picked."""
    picked = {}
    for name in form:
        kind, _, rest = name.partition(":")
        token, _, field = rest.partition(":")
        if kind == "pick":
            picked[field, token] = form[f"seen:{field}"]
    return picked


def _fault(picked: Mapping[tuple[str, str], str], reason: str, *, applies: bool) -> str:
    if not picked:
        return "nothing"
    if len(reason) > REASON_CHARACTERS_MAX:
        return "long"
    return "" if applies or reason else "reason"


handlers = desk_rooms(returned_page, decide)

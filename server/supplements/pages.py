"""The form on a dossier's page that asks for what it lacks, and the button that it has come."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.desk.door import desk_rooms
from server.desk.given_back import give_back
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.page import Sheet, go_to
from server.dossiers.supplements import Typed
from server.exchange.desk_deed import UnknownRecord
from server.office import Office
from server.staff.rules import may_settle
from server.supplements.asking import NotAskable, ask_and_announce, note_given_and_announce

UNPROCESSABLE: Final = 422
CONFLICT: Final = 409
WORDS_CHARACTERS_MAX: Final = 2_000
_ITEM: Final = "item:"


@post("/desk/dossiers/{record:uuid}/supplement")
async def supplement(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Ask for a supplement or note that it has come, or give the page back with what is wrong."""
    viewer, form = await enter_or_keep(request, office, may_settle)
    sheet = Sheet(request, office, viewer)
    if form["deed"] == "given":
        return await _note_given(sheet, record, form["supplement"])
    typed = _typed(form)
    if form[AGAIN]:
        return await _show(sheet, record, typed)
    fault = _fault(typed)
    if fault is not None:
        return await _show(sheet, record, _with(typed, fault), UNPROCESSABLE)
    try:
        await ask_and_announce(office, viewer, record, typed.items, typed.more, typed.reason)
    except NotAskable as refused:
        status = UNPROCESSABLE if refused.trouble == "unknown" else CONFLICT
        return await _show(sheet, record, _with(typed, refused.trouble), status)
    except UnknownRecord:
        raise NotFoundException(detail="no such dossier") from None
    return go_to(f"/desk/dossiers/{record}")


async def _note_given(sheet: Sheet, record: UUID, number: str) -> Response[Any]:
    assert sheet.viewer is not None
    try:
        await note_given_and_announce(sheet.office, sheet.viewer, record, number)
    except (NotAskable, UnknownRecord):
        raise NotFoundException(detail="no such request") from None
    return go_to(f"/desk/dossiers/{record}")


async def _show(sheet: Sheet, record: UUID, typed: Typed, status: int = 200) -> Response[str]:
    return await give_back(sheet, record, status, typed=typed)


def _typed(form: Mapping[str, str]) -> Typed:
    items = frozenset(name.removeprefix(_ITEM) for name in form if name.startswith(_ITEM))
    return Typed(items, form["more"].strip(), form["reason"].strip())


def _with(typed: Typed, fault: str) -> Typed:
    return Typed(typed.items, typed.more, typed.reason, fault)


def _fault(typed: Typed) -> str | None:
    if not typed.items and not typed.more:
        return "nothing"
    if not typed.reason:
        return "reason"
    too_long = max(len(typed.more), len(typed.reason)) > WORDS_CHARACTERS_MAX
    return "long" if too_long else None


handlers = desk_rooms(supplement)

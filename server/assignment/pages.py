"""The form on a dossier's page by which it is given to somebody, or taken away."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.assignment.assignment import AssignedMeanwhile, NoSuchColleague, assign_and_announce
from server.desk.door import desk_rooms
from server.desk.given_back import give_back
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.page import Sheet, go_to
from server.dossiers.showing import Asked
from server.exchange.desk_deed import UnknownRecord
from server.office import Office
from server.staff.rules import may_assign

UNPROCESSABLE = 422
CONFLICT = 409
NUMBER_CHARACTERS_MAX = 15


@post("/desk/dossiers/{record:uuid}/assignee")
async def assign(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Give the dossier to somebody or to nobody, or give the page back with what is wrong."""
    viewer, form = await enter_or_keep(request, office, may_assign)
    sheet = Sheet(request, office, viewer)
    chosen = form["assignee"]
    if form[AGAIN]:
        return await _show(sheet, record, Asked(chosen))
    taken_away = form["deed"] == "take_away"
    staff = None if taken_away else _number_in(chosen)
    if staff is None and not taken_away:
        fault = "unknown" if chosen else "nobody"
        return await _show(sheet, record, Asked(chosen, fault), UNPROCESSABLE)
    try:
        await assign_and_announce(office, viewer, record, staff, form["seen"])
    except AssignedMeanwhile:
        return await _show(sheet, record, Asked(chosen, "meanwhile"), CONFLICT)
    except NoSuchColleague:
        return await _show(sheet, record, Asked(chosen, "unknown"), UNPROCESSABLE)
    except UnknownRecord:
        raise NotFoundException(detail="no such dossier") from None
    return go_to(f"/desk/dossiers/{record}")


async def _show(sheet: Sheet, record: UUID, asked: Asked, status: int = 200) -> Response[str]:
    return await give_back(sheet, record, status, asked=asked)


def _number_in(chosen: str) -> int | None:
    is_number = chosen.isascii() and chosen.isdecimal() and len(chosen) <= NUMBER_CHARACTERS_MAX
    return int(chosen) if is_number else None


handlers = desk_rooms(assign)

"""Conflicts side by side, and settling them with a reason (screen D4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.answers import AnyRequest
from server.conflicts.conflict import Conflict, conflicts_of
from server.conflicts.form import Settling, decide, lay_out
from server.conflicts.settlement import NotInConflict, settle_and_announce
from server.desk.door import desk_rooms, enter
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.page import Sheet, go_to
from server.dossiers.dossier import Dossier, find_dossier
from server.dossiers.reading import Reader
from server.office import Office
from server.staff.rules import may_settle

UNPROCESSABLE = 422
CONFLICT = 409


@get("/desk/dossiers/{record:uuid}/conflicts")
async def conflicts(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[UUID],
    still: FromQuery[str] = "",
) -> Response[Any]:
    """Show only the fields that differ, each value with who set it, where and when."""
    viewer = await enter(request, office)
    sheet = Sheet(request, office, viewer)
    found, open_conflicts = await _look(office, record)
    if not open_conflicts:
        return go_to(f"/desk/dossiers/{record}")
    reader = found.reader(sheet.language)
    settling = lay_out(open_conflicts, reader, {})
    return _show(sheet, found, reader, settling, still=bool(still))


@post("/desk/dossiers/{record:uuid}/conflicts")
async def settle(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Apply the officer's choices as one change, or give the form back with what is missing."""
    viewer, form = await enter_or_keep(request, office, may_settle)
    sheet = Sheet(request, office, viewer)
    found, open_conflicts = await _look(office, record)
    reader = found.reader(sheet.language)
    settling = lay_out(open_conflicts, reader, form)
    if form[AGAIN] and (settling.rows or settling.gone):
        return _show(sheet, found, reader, settling)
    if not settling.rows and not settling.gone:
        return go_to(f"/desk/dossiers/{record}")
    choices = decide(settling, reader)
    if settling.gone:
        return _show(sheet, found, reader, settling, status=CONFLICT)
    if settling.faults or not choices:
        return _show(sheet, found, reader, settling, status=UNPROCESSABLE)
    try:
        await settle_and_announce(office, viewer, record, choices, settling.reason.strip())
    except NotInConflict:
        return await _settled_by_another(sheet, record, form)
    _, left = await _look(office, record)
    if left:
        return go_to(f"/desk/dossiers/{record}/conflicts?still=open")
    return go_to(f"/desk/dossiers/{record}")


async def _settled_by_another(sheet: Sheet, record: UUID, form: Mapping[str, str]) -> Response[Any]:
    """Somebody settled between our look and our deed: look again, and give the form back."""
    found, open_conflicts = await _look(sheet.office, record)
    reader = found.reader(sheet.language)
    settling = lay_out(open_conflicts, reader, form)
    return _show(sheet, found, reader, settling, status=CONFLICT)


async def _look(office: Office, record: UUID) -> tuple[Dossier, list[Conflict]]:
    def look(connection: sa.Connection) -> tuple[Dossier, list[Conflict]] | None:
        found = find_dossier(connection, record)
        return (found, conflicts_of(connection, record)) if found else None

    looked = await office.database.read(look)
    if looked is None:
        raise NotFoundException(detail="no such dossier")
    return looked


def _show(
    sheet: Sheet,
    found: Dossier,
    reader: Reader,
    settling: Settling,
    *,
    still: bool = False,
    status: int = 200,
) -> Response[str]:
    assert sheet.viewer is not None
    facts = {
        "room": "arrivals",
        "record": found.arrival.record,
        "arrival": found.arrival,
        "procedure_name": reader.procedure_name,
        "settling": settling,
        "still": still,
        "may_settle": may_settle(sheet.viewer.role),
    }
    return sheet.page("conflicts/conflicts.html", facts, status=status)


handlers = desk_rooms(conflicts, settle)

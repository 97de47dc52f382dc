"""Erasing a dossier at the desk: what goes, what stays, the ground in law, and then the deed."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.clock import now_ms
from server.desk.door import desk_rooms, enter, enter_with_form
from server.desk.page import Sheet, go_to
from server.erasures.clearing import clear_away
from server.erasures.erasure import (
    REASON_CHARACTERS_MAX,
    REASON_CHARACTERS_MIN,
    Deed,
    NothingToErase,
    erase,
    keeper_of,
)
from server.erasures.naming import bodies_about
from server.erasures.tables import erasure_deeds
from server.office import Office
from server.staff.rules import may_erase
from server.staff.tables import staff

UNPROCESSABLE: Final = 422


@get("/desk/dossiers/{record:uuid}/erase")
async def erasure_page(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Say what an erasure takes, before anybody does it."""
    viewer = await enter(request, office, may_erase)
    return await _show(Sheet(request, office, viewer), record)


@post("/desk/dossiers/{record:uuid}/erase")
async def erase_dossier(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Erase every value of a dossier, here and on every device, for ever."""
    viewer, form = await enter_with_form(request, office, may_erase)
    reason = form["reason"].strip()
    if not REASON_CHARACTERS_MIN <= len(reason) <= REASON_CHARACTERS_MAX:
        sheet = Sheet(request, office, viewer)
        return await _show(sheet, record, typed=form["reason"], status=UNPROCESSABLE)
    deed = Deed(viewer.id, reason, now_ms())
    try:
        await erase_and_announce(office, record, deed)
    except NothingToErase:
        raise NotFoundException(detail="nothing to erase") from None
    return go_to(f"/desk/dossiers/{record}")


async def erase_and_announce(office: Office, record: UUID, deed: Deed) -> None:
    """Erase and, after the commit, tell the open pages; raises NothingToErase."""
    keeper = keeper_of(office.settings, office.keys)
    gone = await office.database.write(lambda connection: erase(connection, keeper, record, deed))
    await clear_away(office.database, office.storage, office.settings.data, gone)
    office.runs.forget()
    for topic in ("dossiers", f"dossier:{record}"):
        office.live.announce(topic)


async def _show(sheet: Sheet, record: UUID, *, typed: str = "", status: int = 200) -> Response[str]:
    def look(connection: sa.Connection) -> tuple[int, list[Any]]:
        done = (
            sa.select(erasure_deeds.c.at, erasure_deeds.c.reason, staff.c.name)
            .join(staff, staff.c.id == erasure_deeds.c.staff)
            .where(erasure_deeds.c.record == record.bytes)
            .order_by(erasure_deeds.c.at)
        )
        return len(bodies_about(connection, record.bytes)), list(connection.execute(done))

    count, done = await sheet.office.database.read(look)
    if not count and not done:
        raise NotFoundException(detail="no such dossier")
    facts = {
        "room": "arrivals",
        "record": record,
        "count": count,
        "done": done,
        "typed": typed,
        "is_short": status == UNPROCESSABLE,
        "least": REASON_CHARACTERS_MIN,
        "most": REASON_CHARACTERS_MAX,
        "here": f"/desk/dossiers/{record}/erase",
    }
    return sheet.page("erasures/erasure.html", facts, status=status)


handlers = desk_rooms(erasure_page, erase_dossier)

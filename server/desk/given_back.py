"""Gives a dossier's page back with what somebody filled in on it, and what is wrong with that."""

from typing import Final
from uuid import UUID

from litestar import Response
from litestar.exceptions import NotFoundException

from server.clock import now_ms
from server.desk.page import Sheet
from server.dossiers.results import NOTHING_TYPED, GivingTyped
from server.dossiers.showing import Asked, facts_of, look_at
from server.dossiers.supplements import EMPTY, Typed

_NOTHING: Final = Asked()


async def give_back(
    sheet: Sheet,
    record: UUID,
    status: int,
    asked: Asked = _NOTHING,
    typed: Typed = EMPTY,
    giving: GivingTyped = NOTHING_TYPED,
) -> Response[str]:
    """Show the page as it stands now, around the form; raises NotFoundException."""
    assert sheet.viewer is not None
    looked = await sheet.office.database.read(
        lambda connection: look_at(connection, record, now_ms())
    )
    if looked is None:
        raise NotFoundException(detail="no such dossier")
    facts = facts_of(looked, sheet.language, sheet.viewer.role, now_ms(), asked, typed, giving)
    return sheet.page("dossiers/dossier.html", facts, status=status)

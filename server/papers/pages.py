"""The office's copies of its papers, opened from the page of a dossier."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.desk.door import desk_rooms, enter
from server.devices.tables import seats
from server.dossiers.dossier import Dossier, find_dossier
from server.office import Office
from server.papers.receipt import receipt_of
from server.papers.setting import set_receipt
from server.procedures.areas import area_names
from server.procedures.catalogue import catalogue
from server.staff.tables import staff
from sync.record import is_erased
from sync.register import shown as shown_head


@dataclass(frozen=True)
class _Received:
    dossier: Dossier
    receiver: str


@get("/desk/dossiers/{record:uuid}/receipt.pdf")
async def receipt(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Give the office's copy of the receipt, with the citizen's words and promise."""
    await enter(request, office)
    found = await office.database.read(lambda connection: _look(connection, record))
    if found is None or is_erased(found.dossier.state, "area"):
        raise NotFoundException(detail="no such dossier")
    values, arrival = found.dossier.values, found.dossier.arrival
    procedure = catalogue().procedure(arrival.procedure)
    if procedure is None:
        raise NotFoundException(detail="its procedure is not in the catalogue")
    area = arrival.area or ""
    paper = receipt_of(
        record, values, procedure, catalogue().raw["common_groups"], office.branch,
        area_names().get(area, area), found.receiver,
    )  # fmt: skip
    pdf = await sync_to_thread(set_receipt, paper)
    # Of a citizen: kept by nobody on the way, and by no browser.
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="receipt.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _look(connection: sa.Connection, record: UUID) -> _Received | None:
    """Find the dossier, and who received it: who set the promise, else who sealed it."""
    dossier = find_dossier(connection, record)
    if dossier is None:
        return None
    registers = dossier.state.registers
    register = registers.get("received_at") or registers.get("sealed_at")
    head = shown_head(register) if register else None
    seat = head.dot.seat if head else -1
    named = sa.select(staff.c.name).join(seats, seats.c.staff == staff.c.id)
    name = connection.execute(named.where(seats.c.number == seat)).scalar()
    return _Received(dossier, name or "")


handlers = desk_rooms(receipt)

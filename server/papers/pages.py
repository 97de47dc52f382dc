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
from server.deadlines.supplements import ASKED, Supplement
from server.desk.door import desk_rooms, enter
from server.devices.tables import seats
from server.dossiers.dossier import Dossier, find_dossier
from server.dossiers.supplements import find_supplements
from server.office import Office
from server.papers.receipt import receipt_of
from server.papers.setting import set_receipt, set_supplement_request
from server.papers.supplement_request import supplement_request_of
from server.procedures.areas import area_names
from server.procedures.catalogue import catalogue
from server.staff.tables import staff
from sync.record import is_erased
from sync.register import shown as shown_head


@dataclass(frozen=True)
class _Received:
    dossier: Dossier
    receiver: str


@dataclass(frozen=True)
class _Asked:
    dossier: Dossier
    said: Supplement
    asked_by: str | None


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
    return _give(await sync_to_thread(set_receipt, paper), "receipt.pdf")


@get("/desk/dossiers/{record:uuid}/supplements/{number:uuid}/request.pdf")
async def supplement_request(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[UUID],
    number: FromPath[UUID],
) -> Response[Any]:
    """Give the paper that asks the citizen for what one request of the desk names."""
    await enter(request, office)
    found = await office.database.read(lambda connection: _look_up(connection, record, number))
    # What was erased has no requests any more, whatever the record still holds.
    if found is None or is_erased(found.dossier.state, "area"):
        raise NotFoundException(detail="no such request")
    code = found.dossier.arrival.procedure
    procedure = catalogue().procedure(code)
    wanted = f"{procedure['name_vi']} ({code})" if procedure else code or ""
    area = found.dossier.arrival.area or ""
    paper = supplement_request_of(
        found.dossier.values, found.said, found.dossier.reader("vi"), wanted, office.branch,
        area_names().get(area, area), found.asked_by,
    )  # fmt: skip
    return _give(await sync_to_thread(set_supplement_request, paper), "request.pdf")


def _give(pdf: bytes, name: str) -> Response[Any]:
    # Of a citizen: kept by nobody on the way, and by no browser.
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}"'}
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


def _look_up(connection: sa.Connection, record: UUID, number: UUID) -> _Asked | None:
    """Find the request of this number, and who wrote it."""
    dossier = find_dossier(connection, record)
    if dossier is None:
        return None
    found = find_supplements(connection, dossier.state)
    said = next((one for one in found.asked if one.id == str(number)), None)
    return _Asked(dossier, said, found.names.get(f"{ASKED}{said.id}")) if said else None


handlers = desk_rooms(receipt, supplement_request)

"""The forms on a dossier's page by which its result goes out, and the signature that came back."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.answers import AnyRequest
from server.desk.door import desk_rooms, enter
from server.desk.given_back import give_back
from server.desk.kept import AGAIN, enter_or_keep
from server.desk.page import Sheet, go_to
from server.dossiers.results import GivingTyped, find_signature
from server.exchange.desk_deed import UnknownRecord, do_and_announce
from server.office import Office
from server.results.giving import NotGivable, Plan, Receipt, give, hand_out, note_back
from server.staff.person import Person
from server.staff.rules import may_hand_back

UNPROCESSABLE: Final = 422
CONFLICT: Final = 409
PNG: Final = b"\x89PNG\r\n\x1a\n"

_GIVE: Final = ("title", "copies", "pages", "to", "address")
_HAND_OUT: Final = ("title", "receiver", "relation", "checked")
_LATE: Final = frozenset({"already", "returned", "closed", "waiting", "conflict", "erased"})
"""What became impossible since the page was opened, and is nobody's mistake."""

Deed = Callable[[sa.Connection, int], object]


@post("/desk/dossiers/{record:uuid}/result")
async def result(
    request: AnyRequest, office: NamedDependency[Office], record: FromPath[UUID]
) -> Response[Any]:
    """Give a result away, hand it out or note it back; or give the page back with the fault."""
    viewer, form = await enter_or_keep(request, office, may_hand_back)
    sheet = Sheet(request, office, viewer)
    typed = _typed(form)
    if form[AGAIN]:
        return await _show(sheet, record, typed)
    try:
        await do_and_announce(office, record, _deed(office, viewer, record, typed, form))
    except NotGivable as refused:
        status = CONFLICT if refused.fault in _LATE else UNPROCESSABLE
        wrong = GivingTyped(typed.deed, typed.fields, refused.fault)
        return await _show(sheet, record, wrong, status)
    except UnknownRecord:
        raise NotFoundException(detail="no such dossier") from None
    return go_to(f"/desk/dossiers/{record}")


@get("/desk/dossiers/{record:uuid}/results/{delivery:uuid}/signature.png")
async def signature(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[UUID],
    delivery: FromPath[UUID],
) -> Response[bytes]:
    """Give the drawing by which somebody said that they got it."""
    await enter(request, office)
    found = await office.database.read(
        lambda connection: find_signature(connection, record, delivery)
    )
    # It is whatever a phone sent: what is no picture is not shown as one.
    if found is None or not found.startswith(PNG):
        raise NotFoundException(detail="no such signature")
    return Response(found, media_type="image/png", headers={"Cache-Control": "no-store"})


def _deed(
    office: Office, viewer: Person, record: UUID, typed: GivingTyped, form: Mapping[str, str]
) -> Deed:
    fields = typed.fields
    match typed.deed:
        case "give":
            copies, pages = _number_in(fields["copies"]), _number_in(fields["pages"])
            plan = Plan(fields["title"], copies, pages, fields["to"], fields["address"])
            return lambda connection, now: give(connection, office, viewer, record, plan, now)
        case "hand_out":
            if not fields["checked"]:
                raise NotGivable("checked")
            out = Receipt(fields["title"], fields["receiver"], fields["relation"])
            return lambda connection, now: hand_out(connection, office, viewer, record, out, now)
        case "back":
            try:
                delivery = UUID(form["delivery"])
            except ValueError:
                raise NotGivable("unknown") from None
            return lambda connection, now: note_back(
                connection, office, viewer, record, delivery, now
            )
        case _:
            raise NotGivable("unknown")


def _typed(form: Mapping[str, str]) -> GivingTyped:
    deed = form["deed"]
    names = {"give": _GIVE, "hand_out": _HAND_OUT}.get(deed, ())
    return GivingTyped(deed, {name: " ".join(form[name].split()) for name in names})


def _number_in(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 4  # noqa: PLR2004 -- digits
    return int(text) if is_number else 0


async def _show(
    sheet: Sheet, record: UUID, giving: GivingTyped, status: int = 200
) -> Response[str]:
    return await give_back(sheet, record, status, giving=giving)


handlers = desk_rooms(result, signature)

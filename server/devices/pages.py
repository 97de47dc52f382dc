"""The devices of the office: new links, six words to compare, last seen, revoke (screen D7)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.answers import AnyRequest
from server.backups.rules import is_worry
from server.clock import now_ms
from server.desk.door import desk_rooms, enter, enter_with_form
from server.desk.leaf import leaf_of, page_with
from server.desk.page import Sheet, go_to
from server.devices.confirmation import confirm, refuse, retire_seat, revoke
from server.devices.links import LINK_MINUTES, link_address, make_link
from server.devices.listing import devices
from server.devices.qr import qr_of
from server.devices.revocations import keep_revocations
from server.devices.rules import UnknownDevice, UnknownSeat, WrongStatus
from server.facts import BACKUP_VERIFIED_AT, find_fact
from server.office import Office
from server.staff.rules import may_manage_devices
from sync.app_version import is_too_old
from sync.limits import INTEGER_MAX
from sync.order import Action

Deed = Callable[[sa.Connection, int, int, int], None]

CONFLICT = 409
ROWS_MAX = 50
"""Of one page, beside those that wait; revoked ones stay listed, so they grow in number."""


@get("/desk/devices")
async def devices_page(
    request: AnyRequest,
    office: NamedDependency[Office],
    page: FromQuery[int] = 1,
    near: FromQuery[int] = 0,
) -> Response[Any]:
    """List the devices, first those that wait for their words to be compared."""
    viewer = await enter(request, office)
    return await _show(Sheet(request, office, viewer), page=page, near=near)


@post("/desk/devices/links")
async def new_link(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Make a link and show it, once: only its hash is kept."""
    viewer, _ = await enter_with_form(request, office, may_manage_devices)
    now = now_ms()
    code = await office.database.write(lambda connection: make_link(connection, viewer.id, now))
    address = link_address(office.settings, code)
    link = {
        "code": code,
        "address": address,
        "qr": qr_of(address),
        "until": now + LINK_MINUTES * 60_000,
        "minutes": LINK_MINUTES,
    }
    return await _show(Sheet(request, office, viewer), link=link)


@post("/desk/devices/{number:int}/confirm")
async def confirm_device(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """Let a device in: the officer has seen the same six words on both sides."""
    return await _decide(request, office, number, confirm)


@post("/desk/devices/{number:int}/refuse")
async def refuse_device(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """Keep a device out whose words differ."""
    return await _decide(request, office, number, refuse)


@post("/desk/devices/{number:int}/revoke")
async def revoke_device(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int]
) -> Response[Any]:
    """Take a device's rights away, and order it to be wiped; by default only once all is in."""
    viewer, form = await enter_with_form(request, office, may_manage_devices)
    action = Action.NOW if form["action"] == Action.NOW else Action.HAND_IN
    return await _decided(Sheet(request, office, viewer), number, partial(revoke, action=action))


@post("/desk/devices/{number:int}/seats/{seat:int}/retire")
async def retire_person(
    request: AnyRequest, office: NamedDependency[Office], number: FromPath[int], seat: FromPath[int]
) -> Response[Any]:
    """Take one person's rights on a device away."""
    viewer, _ = await enter_with_form(request, office, may_manage_devices)
    now = now_ms()
    if max(number, seat) > INTEGER_MAX:
        raise NotFoundException(detail="no such seat")

    def decide(connection: sa.Connection) -> None:
        retire_seat(connection, seat, viewer.id, now)
        keep_revocations(connection, office.keys, office.settings.office, now)

    try:
        await office.database.write(decide)
    except UnknownSeat:
        raise NotFoundException(detail="no such seat") from None
    office.live.announce("devices")
    return go_to(f"/desk/devices?near={number}#device-{number}")


async def _decide(request: AnyRequest, office: Office, number: int, deed: Deed) -> Response[Any]:
    viewer, _ = await enter_with_form(request, office, may_manage_devices)
    return await _decided(Sheet(request, office, viewer), number, deed)


async def _decided(sheet: Sheet, number: int, deed: Deed) -> Response[Any]:
    office, viewer, now = sheet.office, sheet.viewer, now_ms()
    assert viewer is not None
    if number > INTEGER_MAX:
        raise NotFoundException(detail="no such device")  # PostgreSQL cannot even look for it

    def decide(connection: sa.Connection) -> None:
        deed(connection, number, viewer.id, now)
        keep_revocations(connection, office.keys, office.settings.office, now)

    try:
        await office.database.write(decide)
    except UnknownDevice:
        raise NotFoundException(detail="no such device") from None
    except WrongStatus:
        # A colleague was faster; the page shows what the device is by now.
        return await _show(sheet, too_late=number, near=number, status=CONFLICT)
    office.live.announce("devices")
    return go_to(f"/desk/devices?near={number}#device-{number}")


async def _show(
    sheet: Sheet,
    *,
    link: dict[str, object] | None = None,
    too_late: int | None = None,
    page: int = 1,
    near: int = 0,
    status: int = 200,
) -> Response[str]:
    assert sheet.viewer is not None
    listed, verified = await sheet.office.database.read(
        lambda connection: (devices(connection), find_fact(connection, BACKUP_VERIFIED_AT))
    )
    now, backed_up_at = now_ms(), None if verified is None else int(verified)
    decided = [device for device in listed if device.status != "pending"]
    if near:
        page = page_with(decided, lambda device: device.number == near, ROWS_MAX)
    facts = {
        "room": "devices",
        "waiting": [device for device in listed if device.status == "pending"],
        "leaf": leaf_of(decided, page, ROWS_MAX, "/desk/devices"),
        "may_manage": may_manage_devices(sheet.viewer.role),
        "least": sheet.office.settings.app_version_min,
        "is_too_old": is_too_old,
        "link": link,
        "too_late": too_late,
        "now": now,
        "backed_up_at": backed_up_at,
        "backup_hours": 0 if backed_up_at is None else max(now - backed_up_at, 0) // 3_600_000,
        "backup_is_worry": is_worry(backed_up_at, now),
        "here": "/desk/devices",
    }
    if sheet.is_fragment and link is None:
        return sheet.fragment("devices/devices.html", "list", facts, status=status)
    return sheet.page("devices/devices.html", facts, status=status)


handlers = desk_rooms(
    devices_page, new_link, confirm_device, refuse_device, revoke_device, retire_person
)

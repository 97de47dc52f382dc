"""Orders to devices that were revoked: given, signed for the device, and heard of again."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.devices.tables import devices, orders
from server.facts import next_number
from server.keys import OfficeKeys
from sync import signature
from sync.exchange import SignedBytes
from sync.order import Action, Order, write_order


@dataclass(frozen=True)
class Heard:
    """What a device says of itself in an exchange, as far as an order goes."""

    device: int
    order: int
    """The number of the newest order that it has heeded."""

    has_logs: bool
    """Whether it still has logs: a device that was wiped has none."""

    unsent: int
    """Changes that it has and the office has not."""


def give_order(
    connection: sa.Connection, device: int, action: Action, staff_id: int | None, now: int
) -> None:
    """Order a device to be wiped; a harder order follows a softer one, never the other way."""
    newest = find_newest(connection, device)
    if newest is not None and Action.NOW in (newest.action, action) and newest.action != action:
        action = Action.NOW
    if newest is not None and newest.action == action:
        return  # the button was pressed twice
    connection.execute(
        sa.insert(orders).values(
            number=next_number(connection, orders.c.number),
            device=device,
            action=str(action),
            ordered_at=now,
            ordered_by=staff_id,
        )
    )


def signed_order(
    connection: sa.Connection, keys: OfficeKeys, office: str, device: int, now: int
) -> SignedBytes:
    """Give the newest order to a revoked device; without one, it is told only to hand in."""
    newest = find_newest(connection, device)
    order = (
        Order(office, device, 0, Action.STOP, now)
        if newest is None
        else Order(office, device, newest.number, newest.action, newest.ordered_at)
    )
    message = write_order(order)
    return SignedBytes(message, signature.sign(keys.private_key, signature.ORDER, message))


def may_hand_in(connection: sa.Connection, device: int) -> bool:
    """Tell whether a revoked device shall still hand in what it has."""
    status = connection.execute(_status, {"device": device}).scalar_one_or_none()
    newest = find_newest(connection, device) if status == "revoked" else None
    return status == "revoked" and (newest is None or newest.action != Action.NOW)


def note_heard(connection: sa.Connection, heard: Heard, now: int) -> None:
    """Keep how far a device says that it is with its order."""
    if heard.order == 0:
        return
    heeded = (orders.c.device == heard.device) & (orders.c.number <= heard.order)
    first = {"heeded_at": sa.func.coalesce(orders.c.heeded_at, now)}
    if heard.has_logs and heard.unsent == 0:
        first["handed_in_at"] = sa.func.coalesce(orders.c.handed_in_at, now)
    if not heard.has_logs:
        first["wiped_at"] = sa.func.coalesce(orders.c.wiped_at, now)
    connection.execute(sa.update(orders).where(heeded).values(first))


@dataclass(frozen=True)
class OrderRow:
    """The newest order to a device, and how far it has come."""

    number: int
    action: str
    ordered_at: int
    heeded_at: int | None
    handed_in_at: int | None
    wiped_at: int | None


_columns = (
    orders.c.number,
    orders.c.action,
    orders.c.ordered_at,
    orders.c.heeded_at,
    orders.c.handed_in_at,
    orders.c.wiped_at,
)


def find_newest(connection: sa.Connection, device: int) -> OrderRow | None:
    """Find the newest order to a device."""
    same = sa.select(*_columns).where(orders.c.device == device)
    row = connection.execute(same.order_by(orders.c.number.desc()).limit(1)).first()
    return OrderRow(*row) if row else None


def newest_orders(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, OrderRow]:
    """Give the newest order of each of these devices that has one."""
    found = sa.select(orders.c.device, *_columns).where(orders.c.device.in_(numbers))
    rows = connection.execute(found.order_by(orders.c.number))
    return {device: OrderRow(*rest) for device, *rest in rows}


_status = sa.select(devices.c.status).where(devices.c.number == sa.bindparam("device"))

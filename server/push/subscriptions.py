"""Who is woken on which device: set, moved and ended, by the device's own word or by its service's.

A browser has one subscription, whoever is at work: a move goes for all seats of the device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.devices.tables import devices, push_subscriptions, seats
from server.push.tables import push_notices
from server.staff.tables import staff
from sync.push import Subscription

_keys = push_subscriptions.c


@dataclass(frozen=True)
class Subscribed:
    """A seat that is to be woken, and where."""

    seat: int
    staff: int
    push: Subscription
    set_at: int


def set_on(
    connection: sa.Connection, device: int, seat: int, push: Subscription, key: str, now: int
) -> None:
    """Wake this person on this device; an older seat of theirs there is woken no more."""
    same = sa.select(seats.c.staff).where(seats.c.number == seat).scalar_subquery()
    theirs = sa.select(seats.c.number).where(seats.c.device == device, seats.c.staff == same)
    _drop(connection, _keys.seat.in_(theirs))
    connection.execute(
        sa.insert(push_subscriptions).values(
            seat=seat, device=device, key=key, set_at=now, **_address(push)
        )
    )
    move(connection, device, push, key, now)


def move(connection: sa.Connection, device: int, push: Subscription, key: str, now: int) -> None:
    """Take the browser's new address for all who are woken on this device."""
    moved = sa.update(push_subscriptions).where(_keys.device == device)
    connection.execute(moved.values(key=key, set_at=now, **_address(push)))


def set_off(connection: sa.Connection, device: int, seat: int | None) -> None:
    """Wake this person on this device no more, or nobody there."""
    of_device = _keys.device == device
    _drop(connection, of_device if seat is None else of_device & (_keys.seat == seat))


def seats_on(connection: sa.Connection, device: int, key: str) -> list[int]:
    """Name the seats of a device that are woken, with the office's key of today."""
    found = sa.select(_keys.seat).where(_keys.device == device, _keys.key == key)
    return list(connection.execute(found.order_by(_keys.seat)).scalars())


def drop_gone(connection: sa.Connection, gone: Subscribed) -> None:
    """Forget an address that its push service no longer knows, unless it was set anew since."""
    same = (_keys.endpoint == gone.push.endpoint) & (_keys.set_at == gone.set_at)
    _drop(connection, same)


def find_subscribed(
    connection: sa.Connection, key: str, only: Sequence[int] | None = None
) -> list[Subscribed]:
    """Give all whom the office may wake today, or those of them with these seats."""
    found = (
        sa.select(push_subscriptions, seats.c.staff)
        .join(seats, seats.c.number == _keys.seat)
        .join(staff, staff.c.id == seats.c.staff)
        .join(devices, devices.c.number == _keys.device)
        .where(_keys.key == key, devices.c.status == "confirmed")
        .where(seats.c.retired_at.is_(None), staff.c.active)
        .order_by(_keys.seat)
    )
    if only is not None:
        found = found.where(_keys.seat.in_(only))
    return [
        Subscribed(
            row.seat, row.staff, Subscription(row.endpoint, row.p256dh, row.auth), row.set_at
        )
        for row in connection.execute(found)
    ]


def _drop(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    gone = connection.execute(sa.select(_keys.seat).where(which)).scalars().all()
    connection.execute(sa.delete(push_notices).where(push_notices.c.seat.in_(gone)))
    connection.execute(sa.delete(push_subscriptions).where(which))


def _address(push: Subscription) -> dict[str, Any]:
    return {"endpoint": push.endpoint, "p256dh": bytes(push.p256dh), "auth": bytes(push.auth)}

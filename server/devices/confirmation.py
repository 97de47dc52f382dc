"""The desk lets a device in, refuses it, or takes its rights away again."""

import sqlalchemy as sa

from server.devices.orders import give_order
from server.devices.rules import (
    OFFICE_DEVICE,
    Status,
    UnknownDevice,
    UnknownSeat,
    WrongStatus,
)
from server.devices.tables import devices, seats
from sync.order import Action


def confirm(connection: sa.Connection, number: int, staff_id: int, now: int) -> None:
    """Let a device in whose six words agreed on both sides."""
    _move(connection, number, "pending", "confirmed")
    connection.execute(
        sa.update(devices)
        .where(devices.c.number == number)
        .values(confirmed_at=now, confirmed_by=staff_id)
    )


def refuse(connection: sa.Connection, number: int, _staff_id: int, _now: int) -> None:
    """Keep a device out whose words differed."""
    _move(connection, number, "pending", "refused")


def revoke(
    connection: sa.Connection, number: int, staff_id: int, now: int, action: Action = Action.HAND_IN
) -> None:
    """Take a device's rights away (lost, stolen, given back), and order it to be wiped.

    One that is revoked already may be ordered to be wiped at once.
    """
    _move(connection, number, "confirmed", "revoked")
    give_order(connection, number, action, staff_id, now)


def retire_seat(connection: sa.Connection, number: int, _staff_id: int, now: int) -> None:
    """Take one person's rights on one device away; the device and its other people stay.

    It takes every seat that this person has there. Raises UnknownSeat for a number that is no seat
    on a device, also for one at the desk.
    """
    of_a_device = (seats.c.number == number) & (seats.c.device != OFFICE_DEVICE)
    row = connection.execute(sa.select(seats.c.device, seats.c.staff).where(of_a_device)).first()
    if row is None:
        raise UnknownSeat(number)
    all_theirs = (seats.c.device == row.device) & (seats.c.staff == row.staff)
    connection.execute(
        sa.update(seats).where(all_theirs, seats.c.retired_at.is_(None)).values(retired_at=now)
    )


def _move(connection: sa.Connection, number: int, before: Status, after: Status) -> None:
    row = connection.execute(
        sa.select(devices.c.status).where(devices.c.number == number).with_for_update()
    ).first()
    if row is None or number == OFFICE_DEVICE:
        raise UnknownDevice(number)
    if row.status == after:
        return  # the button was pressed twice
    if row.status != before:
        raise WrongStatus(number, row.status)
    connection.execute(sa.update(devices).where(devices.c.number == number).values(status=after))

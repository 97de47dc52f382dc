"""The desk lets a device in, refuses it, or takes its rights away again."""

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE, Status, UnknownDevice, WrongStatus
from server.devices.tables import devices


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


def revoke(connection: sa.Connection, number: int, _staff_id: int, _now: int) -> None:
    """Take a device's rights away: lost, stolen, given back."""
    _move(connection, number, "confirmed", "revoked")


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

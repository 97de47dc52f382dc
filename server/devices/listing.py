"""The devices of the office, as the desk lists them."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices as table
from server.devices.tables import seats
from server.staff.tables import staff


@dataclass(frozen=True)
class DeviceRow:
    """One device, with the people who have signed in on it."""

    number: int
    label: str
    status: str
    words: list[str]
    enrolled_at: int
    confirmed_at: int | None
    confirmed_by_name: str | None
    last_seen: int | None
    app_version: str
    people: list[str]


def devices(connection: sa.Connection) -> list[DeviceRow]:
    """List every device but the office itself: who waits for the desk first, then the newest."""
    people: dict[int, list[str]] = {}
    signed_in = sa.select(seats.c.device, staff.c.name).join(staff, staff.c.id == seats.c.staff)
    for device, name in connection.execute(signed_in.order_by(seats.c.number)):
        if name not in people.setdefault(device, []):
            people[device].append(name)
    rows = connection.execute(
        sa.select(table, staff.c.name.label("confirmed_by_name"))
        .outerjoin(staff, staff.c.id == table.c.confirmed_by)
        .where(table.c.number != OFFICE_DEVICE)
        .order_by(table.c.status != "pending", table.c.enrolled_at.desc(), table.c.number.desc())
    )
    return [
        DeviceRow(
            row.number,
            row.label,
            row.status,
            row.words.split(),
            row.enrolled_at,
            row.confirmed_at,
            row.confirmed_by_name,
            row.last_seen,
            row.app_version,
            people.get(row.number, []),
        )
        for row in rows
    ]

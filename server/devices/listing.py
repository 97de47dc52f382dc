"""The devices of the office, as the desk lists them."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.devices.orders import OrderRow, newest_orders
from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices as table
from server.devices.tables import seats
from server.staff.tables import staff


@dataclass(frozen=True)
class PersonThere:
    """Somebody who has signed in on a device; `seat` is their newest one there."""

    seat: int
    name: str
    is_retired: bool


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
    people: list[PersonThere]
    # Changes that it still had when it was last heard, and since when.
    unsent: int
    unsent_since: int | None
    order: OrderRow | None


def devices(connection: sa.Connection) -> list[DeviceRow]:
    """List every device but the office itself: who waits for the desk first, then the newest."""
    people: dict[int, dict[int, PersonThere]] = {}
    signed_in = sa.select(seats, staff.c.name).join(staff, staff.c.id == seats.c.staff)
    for row in connection.execute(signed_in.order_by(seats.c.number)):
        there = PersonThere(row.number, row.name, row.retired_at is not None)
        people.setdefault(row.device, {})[row.staff] = there
    found = connection.execute(
        sa.select(table, staff.c.name.label("confirmed_by_name"))
        .outerjoin(staff, staff.c.id == table.c.confirmed_by)
        .where(table.c.number != OFFICE_DEVICE)
        .order_by(table.c.status != "pending", table.c.enrolled_at.desc(), table.c.number.desc())
    )
    rows = found.all()
    ordered = newest_orders(connection, [row.number for row in rows])
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
            list(people.get(row.number, {}).values()),
            row.unsent or 0,
            row.unsent_since,
            ordered.get(row.number),
        )
        for row in rows
    ]

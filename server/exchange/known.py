"""What the office knows of a device: who it is, who sits on it, how far their logs go.

Read in one statement at the beginning of every exchange: to ask costs more than to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.facts import EPOCH, epoch_of, office_facts
from server.records.tables import logs, safe_ends
from server.staff.person import Person, areas_in, listed_areas
from server.staff.tables import staff
from server.statements import Statement
from sync import chain


@dataclass(frozen=True, slots=True)
class KnownSeat:
    """A seat of the device: its key, its log as it is held, and who may read there today."""

    number: int
    public_key: bytes
    held: int
    head: bytes
    # Covered by the newest verified backup (`server/backups/covering.py`).
    safe: int
    # Empty where the seat is retired, or its person works here no more.
    person: Person | None
    areas: list[str]


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as this snapshot of the database knows it."""

    public_key: bytes
    status: str
    last_number: int
    # Changes that it was last heard to have and the office had not; empty before its first word.
    unsent: int | None
    epoch: int
    # The highest number of all seats: nobody above it has a name to be told.
    newest_seat: int
    seats: Mapping[int, KnownSeat]


def find_known(connection: sa.Connection, device: int) -> KnownDevice | None:
    """Find a device with its seats."""
    rows = _known.rows(connection, device=device)
    if not rows:
        return None
    public_key, status, last_number, unsent, epoch, newest = rows[0][:6]
    found = {row[6]: _seat_of(row[6:]) for row in rows if row[6] is not None}
    return KnownDevice(public_key, status, last_number, unsent, epoch_of(epoch), newest, found)


def _seat_of(row: tuple[Any, ...]) -> KnownSeat:
    number, public_key, held, head, safe, retired_at, active, *person, areas = row
    sits = _sits(active, retired_at)
    return KnownSeat(
        number,
        public_key,
        held or 0,
        head or chain.start(public_key),
        min(safe or 0, held or 0),
        Person(*person) if sits else None,
        areas_in(areas) if sits else [],
    )


def _sits(active: bool | None, retired_at: int | None) -> bool:  # noqa: FBT001 -- a column
    return bool(active) and retired_at is None


_known = Statement(
    sa.select(
        devices.c.public_key,
        devices.c.status,
        devices.c.last_number,
        devices.c.unsent,
        sa.select(office_facts.c.value).where(office_facts.c.name == EPOCH).scalar_subquery(),
        sa.select(sa.func.max(seats.c.number)).correlate(None).scalar_subquery(),
        seats.c.number,
        seats.c.public_key,
        logs.c.last,
        logs.c.head,
        safe_ends.c.last,
        seats.c.retired_at,
        staff.c.active,
        staff.c.id,
        staff.c.sign_in,
        staff.c.name,
        staff.c.role,
        staff.c.team,
        listed_areas(staff.c.team),
    )
    .select_from(devices)
    .outerjoin(seats, seats.c.device == devices.c.number)
    .outerjoin(staff, staff.c.id == seats.c.staff)
    .outerjoin(logs, logs.c.seat == seats.c.number)
    .outerjoin(safe_ends, safe_ends.c.seat == seats.c.number)
    .where(devices.c.number == sa.bindparam("device"))
    .order_by(seats.c.number)
)

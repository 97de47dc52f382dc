"""Whose change it is, and what they may do: read once for a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices, seats
from server.dossiers.projection import Origin
from server.staff.person import areas_in, listed_areas
from server.staff.tables import staff
from server.statements import Among, Statement
from sync.reconcile import Author


@dataclass(frozen=True, slots=True)
class Writer:
    """A seat as the exchange needs it: its key, the person, and the person's rights today."""

    seat: int
    device: int
    public_key: bytes
    staff: int | None
    role: str | None
    # The team at the time of signing in: holdings that are rebuilt must not move with people.
    team: int | None
    rights: Author

    @property
    def origin(self) -> Origin:
        """Give who and where, for the projection."""
        return Origin(self.staff, self.device)


def load_writers(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Writer]:
    """Load seats by their numbers; those that do not exist are left out."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    writers = (_writer_of(row) for row in _writers.rows(connection, seats=wanted))
    return {writer.seat: writer for writer in writers}


def _writer_of(row: tuple[Any, ...]) -> Writer:
    seat, device, public_key, person, team, retired_at, role, active, status, areas = row
    is_gone = person is not None and not active
    rights = Author(
        areas=areas_in(areas),
        is_office=device == OFFICE_DEVICE,
        is_revoked=is_gone or retired_at is not None or status == "revoked",
    )
    return Writer(seat, device, public_key, person, role, team, rights)


_writers = Statement(
    sa.select(
        seats.c.number,
        seats.c.device,
        seats.c.public_key,
        seats.c.staff,
        seats.c.team,
        seats.c.retired_at,
        staff.c.role,
        staff.c.active,
        devices.c.status,
        listed_areas(staff.c.team),
    )
    .select_from(seats)
    .join(devices, devices.c.number == seats.c.device)
    .outerjoin(staff, staff.c.id == seats.c.staff)
    .where(Among(seats.c.number, "seats"))
    .order_by(seats.c.number)
    # Whoever hands in for these seats waits for the other: their logs grow one by one.
    .with_for_update(of=seats)
)

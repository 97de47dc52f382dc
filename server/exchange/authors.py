"""Whose change it is, and what they may do: read once for a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from server.database import AnyRow
from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices, seats
from server.dossiers.projection import Origin
from server.staff.person import areas_of_team
from server.staff.tables import staff
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


_writers = (
    sa.select(
        seats.c.number,
        seats.c.device,
        seats.c.public_key,
        seats.c.staff,
        seats.c.team,
        seats.c.retired_at,
        staff.c.role,
        staff.c.active,
        staff.c.team.label("team_today"),
        devices.c.status,
    )
    .join(devices, devices.c.number == seats.c.device)
    .outerjoin(staff, staff.c.id == seats.c.staff)
    .where(seats.c.number.in_(sa.bindparam("seats", expanding=True)))
    .order_by(seats.c.number)
    # Whoever hands in for these seats waits for the other: their logs grow one by one.
    .with_for_update(of=seats)
)


def load_writers(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Writer]:
    """Load seats by their numbers; those that do not exist are left out."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = connection.execute(_writers, {"seats": wanted}).all()
    areas_by_team = {
        team: areas_of_team(connection, team) for team in {row.team_today for row in rows}
    }
    return {
        row.number: Writer(
            row.number,
            row.device,
            row.public_key,
            row.staff,
            row.role,
            row.team,
            Author(
                areas=areas_by_team[row.team_today],
                is_office=row.device == OFFICE_DEVICE,
                is_revoked=_is_revoked(row),
            ),
        )
        for row in rows
    }


def _is_revoked(row: AnyRow) -> bool:
    gone = row.staff is not None and not row.active
    return bool(gone or row.retired_at is not None or row.status == "revoked")

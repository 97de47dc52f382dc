"""Who may send and read the attachments of a record: whoever holds the record itself.

The right to a record is asked for at every request, so a revocation works at once. Knowing a
digest is no right.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.devices.orders import may_hand_in
from server.devices.tables import devices, seats
from server.records.holding import holders_of
from server.records.tables import holders, records
from server.staff.person import Person, areas_of_team, find_person
from server.staff.rules import holds_for_team
from server.tokens import HANDS_IN, BadToken, Claim


@dataclass(frozen=True)
class Bearer:
    """The person behind a token, on their device, with their rights of today.

    Nobody stands behind the token of a revoked device that hands in: it may send what its own
    changes name, and read nothing.
    """

    device: int
    seat: int
    person: Person | None
    areas: list[str]


def get_bearer(connection: sa.Connection, claim: Claim) -> Bearer:
    """Give who bears a token; raises BadToken where seat, device or person is no longer let in."""
    if claim.seat == HANDS_IN:
        if not may_hand_in(connection, claim.device):
            raise BadToken
        return Bearer(claim.device, HANDS_IN, None, [])
    row = connection.execute(
        sa.select(seats.c.staff)
        .join(devices, devices.c.number == seats.c.device)
        .where(
            seats.c.number == claim.seat,
            seats.c.device == claim.device,
            seats.c.retired_at.is_(None),
            devices.c.status == "confirmed",
        )
    ).first()
    person = find_person(connection, row.staff) if row and row.staff is not None else None
    if person is None:
        raise BadToken
    return Bearer(claim.device, claim.seat, person, areas_of_team(connection, person.team))


def holds(connection: sa.Connection, bearer: Bearer, record: UUID) -> bool:
    """Tell whether the record may be on this person's device: its area, and who holds it."""
    person = bearer.person
    if person is None:
        return False
    mine = holders_of(person.id, person.team if holds_for_team(person.role) else None)
    held = sa.exists().where(
        holders.c.record == records.c.id, holders.c.holder.in_(mine), holders.c.held
    )
    found = sa.select(records.c.id).where(
        records.c.id == record.bytes, records.c.area.in_(bearer.areas), ~records.c.hidden, held
    )
    return connection.execute(found).first() is not None


def is_shown_at_desk(connection: sa.Connection, record: UUID) -> bool:
    """Tell whether the desk shows this record at all; its officers see the whole branch."""
    found = sa.select(records.c.id).where(records.c.id == record.bytes, ~records.c.hidden)
    return connection.execute(found).first() is not None

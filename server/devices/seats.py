"""Seats: one person on one device, or at the desk, with a key and a log of their own."""

from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from server.database import AnyRow
from server.devices.rules import OFFICE_DEVICE, OFFICE_SEAT
from server.devices.tables import devices, seats
from server.facts import next_number
from server.keys import OfficeKeys, new_private_key
from server.staff.person import Person
from sync import signature
from sync.refusals import Malformed

SEALED_FOR = "seat"


@dataclass(frozen=True)
class OwnSeat:
    """A seat whose private key is here: the office's own, or an officer's at the desk."""

    number: int
    private_key: EllipticCurvePrivateKey
    public_key: bytes


def take_seat(
    connection: sa.Connection, person: Person, device: int, public_key: bytes, now: int
) -> int:
    """Give the number of a person's new seat on a device; the same key gets the same again."""
    if not signature.is_public_key(public_key):
        raise Malformed("a public key")
    known = connection.execute(
        sa.select(seats.c.number, seats.c.device, seats.c.staff).where(
            seats.c.public_key == public_key
        )
    ).first()
    if known is not None:
        if (known.device, known.staff) != (device, person.id):
            raise Malformed("a new public key")
        return int(known.number)
    number = next_number(connection, seats.c.number)
    connection.execute(
        sa.insert(seats).values(
            number=number,
            device=device,
            staff=person.id,
            team=person.team,
            public_key=public_key,
            created_at=now,
        )
    )
    return number


def make_office_seat(connection: sa.Connection, keys: OfficeKeys, name: str, now: int) -> None:
    """Make the office's own device and seat, once."""
    found = sa.select(devices.c.number).where(devices.c.number == OFFICE_DEVICE)
    if connection.execute(found).first():
        return
    connection.execute(
        sa.insert(devices).values(
            number=OFFICE_DEVICE,
            label=name,
            public_key=keys.public_key,
            status="confirmed",
            words="",
            enrolled_at=now,
            confirmed_at=now,
            last_number=0,
            app_version="",
        )
    )
    _make_own_seat(connection, keys, OFFICE_SEAT, None, now)


def get_office_seat(connection: sa.Connection, keys: OfficeKeys) -> OwnSeat:
    """Give the seat in whose name the office puts back."""
    row = connection.execute(
        _own_seats.where(seats.c.staff.is_(None), seats.c.retired_at.is_(None))
    ).first()
    if row is None:  # retired by a new epoch
        number = next_number(connection, seats.c.number)
        return _make_own_seat(connection, keys, number, None, 0)
    return _opened(keys, row)


def get_or_make_desk_seat(
    connection: sa.Connection, keys: OfficeKeys, person: Person, now: int
) -> OwnSeat:
    """Give an officer's seat at the desk; it is made when they first decide something."""
    row = connection.execute(
        _own_seats.where(seats.c.staff == person.id, seats.c.retired_at.is_(None))
    ).first()
    if row is not None:
        return _opened(keys, row)
    number = next_number(connection, seats.c.number)
    return _make_own_seat(connection, keys, number, person, now)


# Locked: two transactions that write into one log must follow each other.
_own_seats = (
    sa.select(seats.c.number, seats.c.public_key, seats.c.private_key_sealed)
    .where(seats.c.device == OFFICE_DEVICE, seats.c.private_key_sealed.is_not(None))
    .with_for_update()
)


def _opened(keys: OfficeKeys, row: AnyRow) -> OwnSeat:
    private_key = keys.unseal(row.private_key_sealed, f"{SEALED_FOR}:{row.number}")
    return OwnSeat(row.number, private_key, row.public_key)


def _make_own_seat(
    connection: sa.Connection, keys: OfficeKeys, number: int, person: Person | None, now: int
) -> OwnSeat:
    made = new_private_key()
    seat = OwnSeat(number, made, signature.public_bytes(made))
    connection.execute(
        sa.insert(seats).values(
            number=number,
            device=OFFICE_DEVICE,
            staff=person.id if person else None,
            team=person.team if person else None,
            public_key=seat.public_key,
            private_key_sealed=keys.seal(made, f"{SEALED_FOR}:{number}"),
            created_at=now,
        )
    )
    return seat

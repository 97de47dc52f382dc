"""What a device is given to keep: that it was let in, and who sits on it."""

from collections.abc import Collection

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.keys import OfficeKeys
from server.staff.tables import staff
from sync.exchange import Shown
from sync.papers import CONFIRMED, Certificate, Enrolment, sign_certificate, sign_enrolment


def confirmed_enrolment(
    connection: sa.Connection, keys: OfficeKeys, office: str, device: int
) -> Shown | None:
    """Sign that a device was let in; nothing for one that is not, or not any longer."""
    row = connection.execute(sa.select(devices).where(devices.c.number == device)).first()
    if row is None or row.status != CONFIRMED:
        return None
    paper = Enrolment(office, device, row.public_key, row.enrolled_at, CONFIRMED, row.label)
    return sign_enrolment(keys.private_key, paper)


def certificates_of(
    connection: sa.Connection, keys: OfficeKeys, office: str, device: int, wanted: Collection[int]
) -> list[Shown]:
    """Sign who sits at these seats of a device; those that are not of it are left out."""
    rows = connection.execute(
        sa.select(seats.c.number, seats.c.public_key, seats.c.created_at, staff.c.sign_in)
        .join(staff, staff.c.id == seats.c.staff)
        .where(seats.c.device == device, seats.c.number.in_(sorted(wanted)))
        .order_by(seats.c.number)
    )
    return [
        sign_certificate(
            keys.private_key,
            Certificate(
                office, device, row.number, row.sign_in, row.public_key, max(row.created_at, 0)
            ),
        )
        for row in rows
    ]

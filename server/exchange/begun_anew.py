"""Somebody signs in on a device that bears the name of an older one of theirs (FAULT-9).

A browser that drops all that it kept leaves a phone nothing to know itself by: it joins as a new
device, and what it had not sent is gone with its keys. Only the office can tell the person where
their old log ends here; so it raises a finding of that log, which goes to them and to the desk.

Nothing is taken over and nothing shut out: the older one may be another phone of the same name.
"""

from typing import Final

import sqlalchemy as sa

from server.database import AnyRow
from server.devices.tables import devices, seats
from server.dossiers.findings import Raised, write_findings
from server.dossiers.tables import findings
from server.records.tables import logs
from sync.papers import CONFIRMED

KIND: Final = "begun-anew"
ANNOUNCED: Final = "announced"
"""When it was heard last, the old device had changes that the office had not."""
ALL_HELD: Final = "all-held"
"""It had none then; what was taken since, nobody knows."""


def note_begun_anew(connection: sa.Connection, staff: int, device: int, now: int) -> None:
    """Raise the finding where there is an older log, once for each."""
    here = connection.execute(sa.select(devices).where(devices.c.number == device)).one()
    old = _older_log(connection, staff, here)
    if old is None or _is_noted(connection, old.seat):
        return
    detail = {
        "reason": ANNOUNCED if old.unsent else ALL_HELD,
        "device": int(old.device),
        "joined": device,
        "unsent": int(old.unsent or 0),
        "heard": int(old.last_seen or old.enrolled_at),
    }
    held = int(old.last or 0)
    write_findings(connection, [Raised(KIND, None, old.seat, held, None, now, detail)])


def _older_log(connection: sa.Connection, staff: int, here: AnyRow) -> AnyRow | None:
    """Find the newest seat of this person on a device that this one may have been."""
    found = connection.execute(
        sa.select(
            seats.c.number.label("seat"),
            seats.c.device,
            devices.c.label,
            devices.c.unsent,
            devices.c.last_seen,
            devices.c.enrolled_at,
            logs.c.last,
        )
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(logs, logs.c.seat == seats.c.number)
        .where(
            seats.c.staff == staff,
            seats.c.device != here.number,
            # Desk seats lie at the office; a device that was shut out is known to be gone.
            seats.c.private_key_sealed.is_(None),
            devices.c.status == CONFIRMED,
            devices.c.enrolled_at <= here.enrolled_at,
            # Who was heard since this one joined lives on beside it.
            sa.func.coalesce(devices.c.last_seen, 0) <= here.enrolled_at,
        )
        .order_by(seats.c.number.desc())
    )
    return next((row for row in found if _named(row.label) == _named(here.label)), None)


def _named(label: str) -> str:
    """Give a name as people mean it, however they typed it."""
    return " ".join(label.split()).casefold()


def _is_noted(connection: sa.Connection, seat: int) -> bool:
    same = (findings.c.kind == KIND) & (findings.c.seat == seat)
    return connection.execute(sa.select(findings.c.id).where(same)).first() is not None

"""What happened to a record, from the logs: who set what, where and when."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.database import AnyRow
from server.devices.tables import devices, seats
from server.records.changes import BY_OFFICE, MERGED, change_of
from server.records.tables import changes
from server.staff.tables import staff
from sync.change import LinkedChange, values_of
from sync.value import ERASED

STEPS_MAX = 500
"""Changes of one record that a page shows; the newest, should there be more."""


@dataclass(frozen=True)
class Step:
    """One change. `staff_name` is empty where the office itself wrote."""

    seat: int
    seq: int
    at_ms: int
    received: int
    effect: str
    kind: str
    staff_name: str | None
    role: str | None
    device_label: str
    fields: list[tuple[str, Any]]

    @property
    def shown_ms(self) -> int:
        """Give the time to show: the author's, unless it claims to be after the receipt."""
        return min(self.at_ms, self.received)


def timeline(connection: sa.Connection, record: UUID) -> list[Step]:
    """List the changes of a record, the oldest first."""
    rows = connection.execute(
        sa.select(changes, staff.c.name.label("staff_name"), staff.c.role, devices.c.label)
        .join(seats, seats.c.number == changes.c.seat)
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(staff, staff.c.id == seats.c.staff)
        .where(changes.c.record == record.bytes, changes.c.effect.in_(MERGED))
        .order_by(changes.c.turn.desc())
        .limit(STEPS_MAX)
    ).all()
    # Of one moment what was merged first comes first: a policy after what called for it.
    steps = [_step(row) for row in reversed(rows)]
    return sorted(steps, key=lambda step: (step.shown_ms, step.received))


def _step(row: AnyRow) -> Step:
    change = change_of(row)
    assert change.skeleton is not None
    return Step(
        row.seat,
        row.seq,
        row.at_ms,
        row.received,
        row.effect,
        row.effect if row.effect in BY_OFFICE else "change",
        row.staff_name,
        row.role,
        row.label,
        list(zip(change.skeleton.fields, _values(change), strict=True)),
    )


def _values(change: LinkedChange) -> list[Any]:
    assert change.skeleton is not None
    if change.is_erased:
        return [ERASED] * len(change.skeleton.fields)
    return values_of(change.body_bytes)

"""Reads what the field brought beside dossiers, for the desk's pages and deeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.database import AnyRow
from server.fieldwork.tables import fieldwork
from server.staff.tables import staff

ROWS_MAX = 1_000
"""Of one kind on one page: a stop with that many tickets would last a week."""


@dataclass(frozen=True)
class Work:
    """One record: what it is, what it says, and who handed it in when."""

    record: UUID
    kind: str
    area: str | None
    trip: str | None
    stop: str | None
    day: str | None
    dossier: str | None
    status: str | None
    staff_name: str | None
    received: int
    said: Mapping[str, Any]

    def text(self, field: str) -> str:
        """Give a field as text, empty where it is not set."""
        return str(self.said.get(field, ""))

    def count(self, field: str) -> int:
        """Give a field as a number, 0 where it is not set."""
        value = self.said.get(field, 0)
        return value if isinstance(value, int) else 0


def find_work(connection: sa.Connection, record: UUID, kind: str) -> Work | None:
    """Find one record of a kind."""
    found = _select().where(fieldwork.c.record == record.bytes, fieldwork.c.kind == kind)
    row = connection.execute(found).first()
    return _work(row) if row else None


def work_of(
    connection: sa.Connection,
    kind: str,
    *,
    trip: str | None = None,
    stop: str | None = None,
    dossier: str | None = None,
    since: str | None = None,
) -> list[Work]:
    """List records of a kind by their day and time of receipt; narrowed down by what is named."""
    found = _select().where(fieldwork.c.kind == kind)
    for column, value in (
        (fieldwork.c.trip, trip),
        (fieldwork.c.stop, stop),
        (fieldwork.c.dossier, dossier),
    ):
        if value is not None:
            found = found.where(column == value)
    if since is not None:
        found = found.where(fieldwork.c.day >= since)
    ordered = found.order_by(fieldwork.c.day, fieldwork.c.first_received, fieldwork.c.record)
    return [_work(row) for row in connection.execute(ordered.limit(ROWS_MAX))]


def newest_work(connection: sa.Connection, kind: str, without: str) -> list[Work]:
    """List records of a kind whose status is not this one, the newest first."""
    found = _select().where(
        fieldwork.c.kind == kind,
        fieldwork.c.status.is_(None) | (fieldwork.c.status != without),
    )
    ordered = found.order_by(fieldwork.c.first_received.desc(), fieldwork.c.record)
    return [_work(row) for row in connection.execute(ordered.limit(ROWS_MAX))]


def count_work(connection: sa.Connection, kind: str, *, trip: str) -> int:
    """Count records of a kind on a trip."""
    counted = sa.select(sa.func.count()).select_from(fieldwork)
    of_trip = (fieldwork.c.kind == kind) & (fieldwork.c.trip == trip)
    return int(connection.execute(counted.where(of_trip)).scalar_one())


def _select() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(fieldwork, staff.c.name.label("staff_name")).outerjoin(
        staff, staff.c.id == fieldwork.c.staff
    )


def _work(row: AnyRow) -> Work:
    return Work(
        UUID(bytes=row.record),
        row.kind,
        row.area,
        row.trip,
        row.stop,
        row.day,
        row.dossier,
        row.status,
        row.staff_name,
        row.first_received,
        msgspec.json.decode(row.said),
    )

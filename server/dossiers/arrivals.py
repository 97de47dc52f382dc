"""The list of dossiers as they come in."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.attachments.listing import travelling_count
from server.codes.naming import ending_with, looks_like_code
from server.database import AnyRow
from server.devices.tables import devices
from server.dossiers.projection import fold_text
from server.dossiers.tables import dossiers
from server.staff.tables import staff
from sync.codes import code_kind


@dataclass(frozen=True)
class Arrival:
    """One dossier in the list."""

    record: UUID
    procedure: str | None
    area: str | None
    status: str | None
    applicant_name: str
    sealed_at: str | None
    first_received: int
    last_received: int
    taken_by_name: str | None
    device_label: str | None
    conflicts: int
    changes: int
    travelling: int
    assignee: int | None
    assignee_name: str | None
    code: str | None

    @property
    def is_code_provisional(self) -> bool:
        """Whether it has no official code yet."""
        return self.code is not None and code_kind(self.code) == "provisional"


@dataclass(frozen=True)
class Counts:
    """How many dossiers there are, and in how many of them people disagree."""

    dossiers: int
    in_conflict: int


_assignees = staff.alias("assignees")

_columns = (
    dossiers.c.record,
    dossiers.c.procedure,
    dossiers.c.area,
    dossiers.c.status,
    dossiers.c.applicant_name,
    dossiers.c.sealed_at,
    dossiers.c.first_received,
    dossiers.c.last_received,
    staff.c.name.label("taken_by_name"),
    devices.c.label.label("device_label"),
    dossiers.c.conflicts,
    dossiers.c.changes,
    travelling_count(dossiers.c.record).label("travelling"),
    dossiers.c.assignee,
    _assignees.c.name.label("assignee_name"),
    dossiers.c.code,
)

arrivals_query = (
    sa.select(*_columns)
    .outerjoin(staff, staff.c.id == dossiers.c.taken_by)
    .outerjoin(devices, devices.c.number == dossiers.c.device)
    .outerjoin(_assignees, _assignees.c.id == dossiers.c.assignee)
)
"""Rows for `arrival_of`."""


def arrivals(
    connection: sa.Connection,
    *,
    area: str | None = None,
    words: str = "",
    only_conflicts: bool = False,
    before: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> list[Arrival]:
    """List dossiers, the last received first; `before` is where the previous list ended."""
    found = arrivals_query.order_by(
        dossiers.c.last_received.desc(), dossiers.c.record.desc()
    ).limit(limit)
    if area is not None:
        found = found.where(dossiers.c.area == area)
    if looks_like_code(words):
        found = found.where(dossiers.c.record.in_(ending_with(words)))
        words = ""
    for word in fold_text(words.replace("\0", " ")).split():
        found = found.where(dossiers.c.applicant_folded.contains(word, autoescape=True))
    if only_conflicts:
        found = found.where(dossiers.c.conflicts > 0)
    if before is not None:
        place = sa.tuple_(dossiers.c.last_received, dossiers.c.record)
        found = found.where(place < sa.tuple_(before[0], before[1].bytes))
    return [arrival_of(row) for row in connection.execute(found)]


def count(connection: sa.Connection) -> Counts:
    """Count dossiers and conflicts."""
    every = connection.execute(sa.select(sa.func.count()).select_from(dossiers)).scalar_one()
    contested = sa.select(sa.func.count()).select_from(dossiers).where(dossiers.c.conflicts > 0)
    return Counts(every, connection.execute(contested).scalar_one())


def arrival_of(row: AnyRow) -> Arrival:
    """Read a row of `arrivals_query`."""
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
    record = values.pop("record")
    return Arrival(record=UUID(bytes=record), **values)

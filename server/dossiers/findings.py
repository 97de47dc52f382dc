"""What a person at the office has to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.devices.tables import seats as seats_table
from server.dossiers.tables import findings as table
from server.records.folding import Folded, conflict_turns
from server.staff.tables import staff as staff_table
from server.statements import Statement
from sync.change import LinkedChange
from sync.kinds import DOSSIER

Kind = Literal[
    "conflict", "fork", "quarantine", "unreadable", "waiting", "unplaced", "returned-decision",
    "receipt-of-old-key", "code-twice", "refused-photo", "deadline", "supplied", "hand-back",
    "begun-anew",
]  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One of them; `detail` holds codes, numbers, the decision's reason: no citizen's answers."""

    id: int
    kind: str
    record: UUID | None
    seat: int | None
    seq: int | None
    field: str | None
    detail: Mapping[str, Any]
    created: int
    closed: int | None
    closed_by_name: str | None


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding to raise."""

    kind: Kind
    record: bytes | None
    seat: int
    seq: int
    field: str | None
    received: int
    detail: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Ended:
    """A finding that a change ended, and who wrote it (none: the office)."""

    record: bytes
    field: str | None
    received: int
    staff: int | None
    kind: Kind = "conflict"


def conflict_events(
    before: Folded, after: Folded, change: LinkedChange, received: int, staff: int | None
) -> list[Raised | Ended]:
    """Give the conflicts that a change of this person opened or ended.

    Only a dossier's are for people to settle; of a ticket or a stop the newest is shown.
    """
    # The first change of a record has nobody to differ from.
    if after.state.kind != DOSSIER or not before.state.seen:
        return []
    record = after.state.record
    return [
        Raised("conflict", record, change.seat, change.seq, field, received, {})
        if opened
        else Ended(record, field, received, staff)
        for field, opened in conflict_turns(before.state, after.state, change)
    ]


def write_findings(connection: sa.Connection, events: list[Raised | Ended]) -> None:
    """Raise and end findings in the order in which changes did so."""
    for event in events:
        if isinstance(event, Ended):
            is_it = (
                (table.c.record == event.record)
                & (table.c.field == event.field)
                & (table.c.kind == event.kind)
                & table.c.closed.is_(None)
            )
            ended = sa.update(table).where(is_it)
            connection.execute(ended.values(closed=event.received, closed_by=event.staff))
        else:
            connection.execute(
                sa.insert(table).values(
                    kind=event.kind,
                    record=event.record,
                    seat=event.seat,
                    seq=event.seq,
                    field=event.field,
                    detail=msgspec.json.encode(event.detail).decode(),
                    created=event.received,
                )
            )


def raise_once(connection: sa.Connection, finding: Raised) -> None:
    """Raise a finding, unless the same is open: whoever sends a thing again says nothing new."""
    same = (
        (table.c.kind == finding.kind)
        & (table.c.record == finding.record)
        & (table.c.field == finding.field)
        & table.c.closed.is_(None)
    )
    if connection.execute(sa.select(table.c.id).where(same)).first() is None:
        write_findings(connection, [finding])


def count_open(connection: sa.Connection, kind: Kind) -> int:
    """Count those of one kind that are not closed."""
    counted = sa.select(sa.func.count()).select_from(table)
    is_open = (table.c.kind == kind) & table.c.closed.is_(None)
    return connection.execute(counted.where(is_open)).scalar_one()


def open_findings(
    connection: sa.Connection, *, record: UUID | None = None, limit: int = 200
) -> list[Finding]:
    """List what is not closed, the newest first; of one record if it is named."""
    found = (
        _select()
        .where(table.c.closed.is_(None))
        .order_by(table.c.created.desc(), table.c.id.desc())
        .limit(limit)
    )
    if record is not None:
        found = found.where(table.c.record == record.bytes)
    return [_finding(row) for row in connection.execute(found)]


def find_finding(connection: sa.Connection, number: int) -> Finding | None:
    """Find one, open or closed."""
    row = connection.execute(_select().where(table.c.id == number)).first()
    return _finding(row) if row else None


def findings_of_person(
    connection: sa.Connection, staff: int, closed_since: int, limit: int
) -> list[Finding]:
    """List what somebody's changes led to, from any seat: what is open, or was closed lately."""
    rows = _of_person.rows(connection, staff=staff, since=closed_since, most=limit)
    return [_finding(row) for row in rows]


def _select() -> sa.Select[*tuple[Any, ...]]:
    named = "id", "kind", "record", "seat", "seq", "field", "detail", "created", "closed"
    return sa.select(*(table.c[name] for name in named), staff_table.c.name).outerjoin(
        staff_table, staff_table.c.id == table.c.closed_by
    )


def _finding(row: Sequence[Any]) -> Finding:
    id_, kind, record, seat, seq, field, detail, *rest = row
    record = UUID(bytes=record) if record else None
    return Finding(id_, kind, record, seat, seq, field, msgspec.json.decode(detail), *rest)


_of_person = Statement(
    _select()
    .where(
        table.c.seat.in_(
            sa.select(seats_table.c.number).where(seats_table.c.staff == sa.bindparam("staff"))
        )
    )
    .where(table.c.closed.is_(None) | (table.c.closed >= sa.bindparam("since")))
    .order_by(table.c.created.desc(), table.c.id.desc())
    .limit(sa.bindparam("most"))
)

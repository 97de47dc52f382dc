"""What was decided at the desk in a lost life of the office, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.dossiers.colleagues import names_of
from server.dossiers.seen import token_of, tokens_of
from server.dossiers.tables import findings
from server.exchange.offering import DECISION, NOTE, Offered, find_offered, is_told
from server.records.lost import Lost
from server.staff.tables import staff
from sync.record import heads, shown
from sync.register import open_value


@dataclass(frozen=True)
class Value:
    """One lost value of one field, who set it as far as known, and what stands there now."""

    field: str
    token: str
    value: Any
    at_ms: int
    seat: int
    staff_name: str | None
    device_label: str | None
    standing: list[Any]
    seen: str
    is_awaited: bool
    """Whether a phone may still bring it by its log."""


@dataclass(frozen=True)
class Returned:
    """A record with its lost values. `is_known` says whether the office has the record at all."""

    record: UUID
    applicant_name: str | None
    procedure: str | None
    is_known: bool
    values: list[Value]
    names: Mapping[int, str]
    """Of the staff that values name by their numbers."""

    @property
    def decisions(self) -> int:
        """Count the values that nobody but a person brings back."""
        return sum(not value.is_awaited for value in self.values)


def returned(connection: sa.Connection, record: UUID | None = None) -> list[Returned]:
    """List what is lost, of one record or of all: first where people have to decide."""
    found = find_offered(connection, None if record is None else [record.bytes])
    closed = _closed(connection)
    people = _load_people(connection, found)
    listed = [_returned(one, people, closed, names_of(connection, one.theirs)) for one in found]
    return sorted(
        (one for one in listed if one.values), key=lambda one: (not one.decisions, one.record)
    )


def _returned(
    one: Offered,
    people: dict[int, tuple[str | None, str]],
    closed: set[tuple[bytes, str, int, int]],
    names: Mapping[int, str],
) -> Returned:
    told = [
        (lost, lost in one.awaited)
        for lost in [*one.decisions, *one.awaited]
        if is_told(lost, one.decisions)
        and (one.record, lost.field, lost.head.dot.seat, lost.head.dot.seq) not in closed
    ]
    state = one.ours or one.theirs
    return Returned(
        UUID(bytes=one.record),
        _text(shown(state, "answers.applicant_full_name")),
        _text(shown(state, "procedure")),
        one.ours is not None,
        [_value(one, lost, people, is_awaited=awaited) for lost, awaited in told],
        names,
    )


def _value(
    one: Offered, lost: Lost, people: dict[int, tuple[str | None, str]], *, is_awaited: bool
) -> Value:
    name, label = people.get(lost.head.dot.seat, (None, None))
    standing = heads(one.ours, lost.field) if one.ours else []
    return Value(
        lost.field,
        token_of(lost.head.dot),
        open_value(lost.head),
        lost.head.at[0],
        lost.head.dot.seat,
        name,
        label,
        [open_value(head) for head in standing],
        tokens_of(one.ours, lost.field) if one.ours else "",
        is_awaited,
    )


def _closed(connection: sa.Connection) -> set[tuple[bytes, str, int, int]]:
    found = sa.select(findings.c.record, findings.c.field, findings.c.seat, findings.c.seq)
    is_closed = (findings.c.kind == DECISION) & findings.c.closed.is_not(None)
    rows = connection.execute(found.where(is_closed))
    return {(row.record, row.field, row.seat, row.seq) for row in rows}


def _load_people(
    connection: sa.Connection, found: list[Offered]
) -> dict[int, tuple[str | None, str]]:
    numbers = {lost.head.dot.seat for one in found for lost in [*one.decisions, *one.awaited]}
    rows = connection.execute(
        sa.select(seats.c.number, staff.c.name, devices.c.label)
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(numbers)))
    )
    return {row.number: (row.name, row.label) for row in rows}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def note_of(one: Offered, lost: Lost) -> list[Lost]:
    """Give the lost notes that were written together with a lost value."""
    return [
        other
        for other in [*one.decisions, *one.awaited]
        if other.field.startswith(NOTE) and other.head.dot == lost.head.dot
    ]

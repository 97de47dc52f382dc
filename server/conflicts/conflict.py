"""Fields that people set to different values apart from each other, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.dossiers.seen import token_of
from server.records.tables import records
from server.staff.tables import staff
from sync.change import Dot
from sync.record import State, conflicts, decode_state
from sync.register import Head, Register, open_value, shown


@dataclass(frozen=True)
class Side:
    """One value, and who set it, where and when. `dot` names it in a form."""

    dot: str
    value: Any
    at_ms: int
    received: int
    staff_name: str | None
    role: str | None
    device_label: str
    shown: bool


@dataclass(frozen=True)
class Conflict:
    """A field with the values that stand in it."""

    field: str
    sides: list[Side]


@dataclass(frozen=True)
class _Author:
    staff_name: str | None
    role: str | None
    device_label: str


def conflicts_of(connection: sa.Connection, record: UUID) -> list[Conflict]:
    """List the conflicts of a record, by field; none if there is no such record."""
    found = sa.select(records.c.state).where(records.c.id == record.bytes)
    stored = connection.execute(found).scalar()
    if stored is None:
        return []
    state = decode_state(stored)
    fields = conflicts(state)
    authors = _load_authors(connection, state, fields)
    return [Conflict(field, _sides(state.registers[field], authors)) for field in fields]


def _sides(register: Register, authors: Mapping[int, _Author]) -> list[Side]:
    newest = shown(register)
    return [
        Side(
            token_of(head.dot),
            open_value(head),
            head.at[0],
            head.received,
            authors[head.dot.seat].staff_name,
            authors[head.dot.seat].role,
            authors[head.dot.seat].device_label,
            shown=head is newest,
        )
        for head in sorted(register.heads, key=_by_time)
    ]


def _by_time(head: Head) -> tuple[tuple[int, int], Dot]:
    return head.at, head.dot


def _load_authors(connection: sa.Connection, state: State, fields: list[str]) -> dict[int, _Author]:
    wanted = {head.dot.seat for field in fields for head in state.registers[field].heads}
    if not wanted:
        return {}
    rows = connection.execute(
        sa.select(seats.c.number, staff.c.name, staff.c.role, devices.c.label)
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(wanted)))
    )
    return {row.number: _Author(row.name, row.role, row.label) for row in rows}

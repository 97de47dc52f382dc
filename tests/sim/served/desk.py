"""What an officer has on the screen before deciding something."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.conflicts.conflict import conflicts_of
from server.conflicts.settlement import Choice
from server.dossiers.seen import token_of, tokens_of
from server.records.tables import records
from sync.reconcile import ASSIGNEE
from sync.record import State, decode_state, heads, shown


def form_of(connection: sa.Connection, *, record: bytes) -> list[Choice]:
    """Fill the form that settles all conflicts of a record, each by the value shown first."""
    return [
        Choice(
            one.field,
            [side.dot for side in one.sides],
            next(side.value for side in one.sides if side.shown),
        )
        for one in conflicts_of(connection, UUID(bytes=record))
    ]


def choices_of(
    connection: sa.Connection, *, record: bytes, values: Mapping[str, Any]
) -> list[Choice]:
    """Give other values to fields that have one."""
    state = _state(connection, record)
    return [
        Choice(name, [token_of(head.dot) for head in heads(state, name)], value)
        for name, value in values.items()
        if heads(state, name) and shown(state, name) != value
    ]


def assignment_of(connection: sa.Connection, *, record: bytes) -> str:
    """Say what the page of a record shows of its assignment."""
    return tokens_of(_state(connection, record), ASSIGNEE)


def _state(connection: sa.Connection, record: bytes) -> State:
    stored = sa.select(records.c.state).where(records.c.id == record)
    return decode_state(connection.execute(stored).scalar_one())

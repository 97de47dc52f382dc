"""The row of a record that is no dossier, made from that record alone: nothing else writes it."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.fieldwork.tables import fieldwork
from server.records.folding import Folded
from server.records.rows import insert_rows, taking_over
from server.statements import Row
from sync.kinds import DOSSIER, KINDS, fits
from sync.record import State, is_erased, shown

COLUMNS = (
    "record", "kind", "area", "trip", "stop", "day", "dossier", "status", "staff",
    "first_received", "last_received", "said",
)  # fmt: skip

_NOT_TOLD = frozenset({"area", "signature"})


def is_told(folded: Folded) -> bool:
    """Tell whether a record has a row: of a kind of ours, not erased; a dossier if of a stop."""
    state = folded.state
    if state.kind == DOSSIER and "stop" not in state.registers:
        return False  # nearly every one
    return not folded.is_hidden and state.kind in KINDS and not is_erased(state, "area")


def row_of(folded: Folded, staff: int | None) -> Row:
    """Give the row; `staff` is who handed in the first change to arrive."""
    state = folded.state
    said = said_in(state)
    told = {} if state.kind == DOSSIER else {k: v for k, v in said.items() if k not in _NOT_TOLD}
    record = state.record
    own = record.hex() if state.kind in ("trip", "stop") else None
    return (
        record,
        state.kind,
        folded.area,
        own if state.kind == "trip" else said.get("trip"),
        own if state.kind == "stop" else said.get("stop"),
        said.get("day"),
        said.get("dossier"),
        said.get("status"),
        staff,
        folded.first_received,
        folded.last_received,
        msgspec.json.encode(told).decode(),
    )


def said_in(state: State) -> dict[str, Any]:
    """Give what a record shows in the fields of its kind, as far as it fits."""
    said = {field: shown(state, field) for field in KINDS[state.kind].fields}
    return {
        field: value
        for field, value in said.items()
        if value is not None and fits(state.kind, field, value) and not _has_nul(value)
    }


def project(connection: sa.Connection, rows: Iterable[Row]) -> None:
    """Write rows over what stood there."""
    insert_rows(connection, fieldwork, COLUMNS, list(rows), taking_over(COLUMNS[1:], ("record",)))


def _has_nul(value: object) -> bool:
    """NUL is text to MessagePack and SQLite, and nothing that PostgreSQL could keep."""
    return isinstance(value, str) and "\0" in value

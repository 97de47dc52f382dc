"""Changes as rows, and rows as changes."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.database import AnyRow
from server.records.tables import changes, logs
from server.statements import Row
from sync.change import LinkedChange, read_skeleton

COLUMNS = (
    "seat", "seq", "record", "kind", "at_ms", "at_counter", "received", "head", "skeleton",
    "body", "effect", "turn",
)  # fmt: skip

APPLIED = "applied"
QUARANTINED = "quarantined"
PUT_BACK = "put-back"
BY_POLICY = "policy"
UNREADABLE = "unreadable"
WAITING = "waiting"

MERGED = (APPLIED, QUARANTINED, PUT_BACK, BY_POLICY)
"""Effects of what is in the state of its record."""

BY_OFFICE = (PUT_BACK, BY_POLICY)
"""Effects of what the office's own seat wrote: nobody stands behind it."""


def row_of(change: LinkedChange, received: int, effect: str, turn: int) -> Row:
    """Give the row of a change; what cannot be read has only its place and its bytes."""
    skeleton = change.skeleton if effect != UNREADABLE else None
    return (
        change.seat,
        change.seq,
        skeleton.record if skeleton else None,
        skeleton.kind if skeleton else None,
        skeleton.at[0] if skeleton else None,
        skeleton.at[1] if skeleton else None,
        received,
        change.head,
        change.skeleton_bytes,
        change.body_bytes,
        effect,
        turn,
    )


def change_of(row: AnyRow) -> LinkedChange:
    """Give back the change of a row."""
    skeleton = read_skeleton(row.skeleton)
    return LinkedChange(row.seat, row.seq, row.head, row.skeleton, row.body, skeleton)


def held_ends(connection: sa.Connection, seats: Iterable[int]) -> dict[int, int]:
    """Give the last seq held of each of these logs that has any."""
    wanted = sorted(seats)
    if not wanted:
        return {}
    return {row.seat: row.last for row in connection.execute(_ends, {"seats": wanted})}


_ends = sa.select(logs.c.seat, logs.c.last).where(
    logs.c.seat.in_(sa.bindparam("seats", expanding=True))
)


def heads_between(connection: sa.Connection, seat: int, first: int, last: int) -> dict[int, bytes]:
    """Give the heads of a log at the places that are held, from one to another."""
    rows = connection.execute(
        sa.select(changes.c.seq, changes.c.head).where(
            changes.c.seat == seat, changes.c.seq >= first, changes.c.seq <= last
        )
    )
    return {row.seq: row.head for row in rows}

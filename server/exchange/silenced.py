"""Values that only a quarantined change replaced, before they had come themselves.

    Bình takes a dossier → An, on the same tablet, builds on it, is revoked → An's batch comes first

An's change is put back, to nil, for the office does not know Bình's value yet; and Bình's set
arrives as one that is replaced already. Nobody who may do so has replaced it: it stands again.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from server.exchange.own_log import Sets
from server.records.changes import APPLIED, BY_POLICY, COLUMNS, PUT_BACK
from server.records.tables import changes
from server.statements import Row
from sync.change import Dot, LinkedChange, raw_values, read_skeleton
from sync.record import State
from sync.register import Head, open_value

_RECORD, _EFFECT, _SKELETON = (COLUMNS.index(name) for name in ("record", "effect", "skeleton"))
_RIGHTFUL = (APPLIED, PUT_BACK, BY_POLICY)


def silenced_sets(
    connection: sa.Connection, pending: Iterable[Row], before: State, change: LinkedChange
) -> Sets:
    """Give what the office sets again for a change that was taken; nothing in all but rare cases.

    `before` is the record without the change, `pending` the rows of this transaction. Each field
    replaces the office's own put-backs to nil in it.
    """
    skeleton = change.skeleton
    assert skeleton is not None
    if not before.seen:
        return {}
    replaced = [
        name
        for name in skeleton.fields
        if name in before.registers and change.dot in before.registers[name].gone
    ]
    if not replaced or change.is_erased:
        return {}
    rightful = _replaced_rightly(connection, pending, change)
    values = dict(zip(skeleton.fields, raw_values(change.body_bytes), strict=True))
    own = _put_back_dots(connection, pending, before.record)
    return {
        name: (
            [
                head.dot
                for head in before.registers[name].heads
                if (head.dot.seat, head.dot.seq) in own and open_value(head) is None
            ],
            open_value(Head(change.dot, (0, 0), 0, values[name])),
        )
        for name in replaced
        if name not in rightful
    }


def _replaced_rightly(
    connection: sa.Connection, pending: Iterable[Row], change: LinkedChange
) -> set[str]:
    """Name the fields in which a change with effect replaced this one."""
    dot = change.dot
    return {
        name
        for row in _rows(connection, pending, change)
        for name, dots in _fields(row[_SKELETON]).items()
        if dot in dots
    }


def _put_back_dots(
    connection: sa.Connection, pending: Iterable[Row], record: bytes
) -> set[tuple[int, int]]:
    columns = changes.c.seat, changes.c.seq
    mine = (changes.c.record == record) & (changes.c.effect == PUT_BACK)
    kept = {(row.seat, row.seq) for row in connection.execute(sa.select(*columns).where(mine))}
    return kept | {
        (row[0], row[1]) for row in pending if (row[_RECORD], row[_EFFECT]) == (record, PUT_BACK)
    }


def _rows(connection: sa.Connection, pending: Iterable[Row], change: LinkedChange) -> list[Row]:
    assert change.skeleton is not None
    record = change.skeleton.record
    mine = (changes.c.record == record) & changes.c.effect.in_(_RIGHTFUL)
    kept = connection.execute(sa.select(*(changes.c[name] for name in COLUMNS)).where(mine))
    now = (row for row in pending if row[_RECORD] == record and row[_EFFECT] in _RIGHTFUL)
    return [*(tuple(row) for row in kept), *now]


def _fields(skeleton_bytes: object) -> dict[str, list[Dot]]:
    assert isinstance(skeleton_bytes, bytes)
    skeleton = read_skeleton(skeleton_bytes)
    return {} if skeleton is None else skeleton.fields

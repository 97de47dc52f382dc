"""What is listed as erased: for whoever takes a log, and for whoever is offered a state."""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from server.lists.tables import erased_changes
from sync.papers import Body, Erasure, Named


def load_bodies(connection: sa.Connection, seats: Iterable[int]) -> set[Body]:
    """Load what is listed of these logs; in all but few it is nothing."""
    return {entry.body for entry in _load(connection, seats)}


def load_named(connection: sa.Connection, seats: Iterable[int]) -> set[Named]:
    """Load the same, as states name it."""
    return {entry.named for entry in _load(connection, seats)}


def _load(connection: sa.Connection, seats: Iterable[int]) -> list[Erasure]:
    rows = connection.execute(_listed, {"seats": sorted(seats)})
    return [Erasure(*row) for row in rows]


_listed: Final = sa.select(
    erased_changes.c.seat, erased_changes.c.seq, erased_changes.c.hash, erased_changes.c.tag
).where(erased_changes.c.seat.in_(sa.bindparam("seats", expanding=True)))

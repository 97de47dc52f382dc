"""What is listed as erased, for whoever takes a log."""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from server.lists.tables import erased_changes
from sync.papers import Erasure


def load_listed(connection: sa.Connection, seats: Iterable[int]) -> set[Erasure]:
    """Load what is listed of these logs; in all but few it is nothing."""
    rows = connection.execute(_listed, {"seats": sorted(seats)})
    return {Erasure(*row) for row in rows}


_listed: Final = sa.select(
    erased_changes.c.seat, erased_changes.c.seq, erased_changes.c.hash
).where(erased_changes.c.seat.in_(sa.bindparam("seats", expanding=True)))

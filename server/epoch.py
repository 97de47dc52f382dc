"""Which life of the database this is. It is kept twice: in the database, and beside it.

1. A database that came from a backup, or a folder that met another database, shows as a mismatch
   at start; the office then begins a new epoch before any door opens.
2. A new epoch takes numbers of seats, devices and feeds from a fresh span, so that none given out
   by the lost life is given again, and retires the desk's seats.
"""

from pathlib import Path

import sqlalchemy as sa

from server.devices.tables import seats
from server.facts import find_fact, keep_fact
from server.keys import write_privately
from server.records.feeds import fresh_number
from server.records.tables import area_counters


def settle_epoch(connection: sa.Connection, path: Path, now: int) -> int:
    """Give the epoch to serve under, having begun a new one if database and folder disagree."""
    found = find_fact(connection, "epoch")
    in_database = None if found is None else int(found)
    in_folder = int(path.read_text("ascii")) if path.exists() else None
    if in_database is not None and in_database == in_folder:
        return in_database
    epoch = max(in_database or 0, in_folder or 0) + 1
    # The folder first: should we die between the two, the next start begins one more.
    write_privately(path, str(epoch).encode())
    keep_fact(connection, "epoch", str(epoch))
    fresh = fresh_number(connection)
    older = sa.update(area_counters).where(area_counters.c.number < fresh)
    connection.execute(older.values(number=fresh))
    of_the_desk = seats.c.private_key_sealed.is_not(None) & seats.c.retired_at.is_(None)
    connection.execute(sa.update(seats).where(of_the_desk).values(retired_at=now))
    return epoch

"""Which life of the database this is. It is kept twice: in the database, and beside it.

1. A database that came from a backup, or a folder that met another database, shows as a mismatch
   at start; the office then begins a new epoch before any door opens.
2. A new epoch takes numbers of seats, devices and feeds from a fresh span, so that none given out
   by the lost life is given again: epoch n gives devices and seats from (n-1)·1,000,000 + 1
   (`server/facts.py`), and feed numbers from (n-1)·2^32 + 1 (`server/records/feeds.py`).
3. It retires the seats whose keys are here, the desk's and the office's own: their logs may go on
   in a life that is lost, and nobody could offer that part again. Fresh ones are made at need.
4. It signs everybody out at the desk, forgets what backups covered, until one of this epoch is
   verified, and notes where every log stands, so that people can be told what came back.
"""

from pathlib import Path

import sqlalchemy as sa

from server.devices.tables import seats
from server.facts import BACKUP_VERIFIED_AT, find_fact, forget_fact, keep_fact
from server.keys import write_privately
from server.records.feeds import fresh_number
from server.records.tables import area_counters, epoch_ends, logs, safe_ends
from server.staff.tables import sessions

BEGAN_AT = "epoch_began_at"
"""The fact that says when this epoch began, in ms."""


def settle_epoch(
    connection: sa.Connection, path: Path, now: int, *, is_behind: bool = False
) -> int:
    """Give the epoch to serve under, having begun a new one if database and folder disagree.

    `is_behind` says that the database holds less than it once did, though both name one epoch.
    """
    found = find_fact(connection, "epoch")
    in_database = None if found is None else int(found)
    in_folder = int(path.read_text("ascii")) if path.exists() else None
    if in_database is not None and in_database == in_folder and not is_behind:
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
    # Who signed out, or lost their rights, in the lost life must not be signed in again by this.
    connection.execute(sa.delete(sessions))
    _note_ends(connection, now)
    return epoch


def _note_ends(connection: sa.Connection, now: int) -> None:
    connection.execute(sa.delete(safe_ends))
    forget_fact(connection, BACKUP_VERIFIED_AT)
    connection.execute(sa.delete(epoch_ends))
    stands = sa.func.coalesce(logs.c.last, 0)
    every = sa.select(seats.c.number, stands, stands).outerjoin(logs, logs.c.seat == seats.c.number)
    connection.execute(sa.insert(epoch_ends).from_select(["seat", "last", "expected"], every))
    keep_fact(connection, BEGAN_AT, str(now))

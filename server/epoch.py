"""Which life of the database this is. It is kept twice: in the database, and beside it.

1. A database that came from a backup, or a folder that met another database, shows as a mismatch
   at start; the office then begins a new epoch before any door opens. Where nothing showed it, what
   devices hold of the office's own signatures does (`server/exchange/evidence.py`): it then begins
   one while it serves. So nobody may remember the epoch; it is read in each transaction.
2. A new epoch takes numbers of seats, devices and feeds from a fresh span, so that none given out
   by the lost life is given again: epoch n gives devices and seats from (n-1)·1,000,000 + 1
   (`server/facts.py`), and feed numbers from (n-1)·2^32 + 1 (`server/records/feeds.py`). Ordinals
   of dossier codes too, for the dates that a lost life may have leased (`server/codes/rules.py`).
3. It retires the seats whose keys are here, the desk's and the office's own: their logs may go on
   in a life that is lost, and nobody could offer that part again. Fresh ones are made at need.
4. It signs everybody out at the desk, forgets what backups covered, until one of this epoch is
   verified, and notes where every log stands, so that people can be told what came back.
"""

from pathlib import Path

import sqlalchemy as sa

from server.devices.tables import seats
from server.facts import (
    BACKUP_VERIFIED_AT,
    BEGAN_AT,
    find_fact,
    forget_fact,
    keep_fact,
    office_facts,
)
from server.keys import write_privately
from server.records.feeds import fresh_number
from server.records.tables import area_counters, epoch_ends, logs, safe_ends
from server.staff.tables import sessions


def settle_epoch(
    connection: sa.Connection, path: Path, now: int, *, is_behind: bool = False
) -> int:
    """Give the epoch to serve under, having begun a new one if database and folder disagree.

    `is_behind` says that the database holds less than it once did, though both name one epoch.
    """
    found = find_fact(connection, "epoch")
    if found is not None and int(found) == epoch_in_folder(path) and not is_behind:
        return int(found)
    return begin_epoch(connection, path, now)


def epoch_in_folder(path: Path) -> int:
    """Give the epoch that the folder names; 0 where it names none."""
    return int(path.read_text("ascii")) if path.exists() else 0


def lock_epoch(connection: sa.Connection) -> int:
    """Give the epoch, and keep everybody else from beginning a new one until the commit."""
    found = sa.select(office_facts.c.value).where(office_facts.c.name == "epoch")
    return int(connection.execute(found.with_for_update()).scalar() or "1")


def begin_epoch(connection: sa.Connection, path: Path, now: int) -> int:
    """Begin a new epoch in this transaction and give its number."""
    epoch = max(int(find_fact(connection, "epoch") or "0"), epoch_in_folder(path)) + 1
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

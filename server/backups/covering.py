"""Moves `safe`: up to where the newest verified backup covers each log.

1. It moves only for a verified backup of this very life of the database, and only where the log
   has the head that the backup has.
2. A receipt says the smaller of this and of what is held, so it never promises what is not there.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from server.backups.manifest import LogEnd, Manifest
from server.facts import BACKUP_VERIFIED_AT, find_fact, keep_fact
from server.records.rows import insert_rows
from server.records.tables import changes, safe_ends


def cover(connection: sa.Connection, manifest: Manifest) -> int:
    """Move `safe` up to a verified backup; gives the number of changes that it covers.

    A backup of another epoch moves nothing: what it holds may have been lost by a restore.
    """
    if find_fact(connection, "epoch") != str(manifest.epoch):
        return 0
    return keep_ends(connection, manifest.logs, manifest.made_at)


def keep_ends(connection: sa.Connection, ends: Iterable[LogEnd], made_at: int) -> int:
    """Keep how far each log is covered; one that parted from the backup's is not."""
    rows = [
        (end.seat, end.last)
        for end in ends
        if end.last and find_head(connection, end.seat, end.last) == bytes.fromhex(end.head)
    ]
    connection.execute(sa.delete(safe_ends))
    insert_rows(connection, safe_ends, ("seat", "last"), rows)
    keep_fact(connection, BACKUP_VERIFIED_AT, str(made_at))
    return sum(last for _, last in rows)


def is_behind(connection: sa.Connection, newest: Manifest | None) -> bool:
    """Tell whether the database lacks what the newest backup of its own epoch holds.

    Then somebody put an old copy back by hand, epoch and all, and it must not go on as if nothing
    had been lost.
    """
    if newest is None or find_fact(connection, "epoch") != str(newest.epoch):
        return False
    return any(
        find_head(connection, end.seat, end.last) != bytes.fromhex(end.head)
        for end in newest.logs
        if end.last
    )


def find_head(connection: sa.Connection, seat: int, seq: int) -> bytes | None:
    """Find the head of a log at a place that is held."""
    found = sa.select(changes.c.head).where(changes.c.seat == seat, changes.c.seq == seq)
    return connection.execute(found).scalar()

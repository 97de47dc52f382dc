"""Tells whether a backup is worth its name: files, manifest, and all that its logs say.

A restored office is as good as this answer, so nothing here asks the running office.
"""

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from server.backups.copying import open_copy, revision_of, tables_of
from server.backups.manifest import (
    MAC,
    MANIFEST,
    Backup,
    LogEnd,
    NotABackup,
    facts_of,
    files_in,
    mac_of,
    read_backup,
)
from server.backups.walking import walk
from server.keys import OfficeKeys

FAULTS_MAX = 100
"""Faults that are named; who reads the first hundred knows enough."""


def verify(folder: Path, keys: OfficeKeys | None) -> list[str]:
    """Give what is wrong with a backup, in sentences; nothing if it can be restored.

    Without the office's keys (on another machine) everything but the manifest's own proof is
    checked.
    """
    return list(islice(_faults(folder, keys), FAULTS_MAX))


def count_rows(copy: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    return {
        table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 -- from the schema
        for table in tables_of(copy)
    }


def log_ends(copy: sqlite3.Connection) -> list[LogEnd]:
    """Give the ends of all logs, by seat."""
    rows = copy.execute("SELECT seat, last, head FROM logs ORDER BY seat")
    return [LogEnd(row["seat"], row["last"], row["head"].hex()) for row in rows]


def epoch_of(copy: sqlite3.Connection) -> int:
    """Give the epoch that a copy was made in; 0 for an office that has never been opened."""
    found = copy.execute("SELECT value FROM office_facts WHERE name = 'epoch'").fetchone()
    return int(found[0]) if found else 0


def _faults(folder: Path, keys: OfficeKeys | None) -> Iterator[str]:
    try:
        backup = read_backup(folder)
    except NotABackup as refused:
        yield str(refused)
        return
    if keys is not None:
        yield from _proof_faults(folder, keys)
    yield from _file_faults(backup)
    if not backup.database.is_file():
        return
    try:
        with closing(open_copy(backup.database)) as copy:
            yield from _database_faults(copy, backup)
    except sqlite3.Error as error:
        # Only the kind of error: its text may quote what a citizen told us.
        named = getattr(error, "sqlite_errorname", None) or type(error).__name__
        yield f"the database cannot be read: {named}"


def _proof_faults(folder: Path, keys: OfficeKeys) -> Iterator[str]:
    path = folder / MAC
    told = path.read_bytes() if path.is_file() else b""
    if not hmac.compare_digest(told, mac_of(keys, (folder / MANIFEST).read_bytes())):
        yield "the manifest is not proven by this office's secret"


def _file_faults(backup: Backup) -> Iterator[str]:
    there = set(files_in(backup.folder))
    for name, told in backup.manifest.files.items():
        if name not in there:
            yield f"{name}: the file is missing"
            continue
        found = facts_of(backup.folder / name)
        if found.bytes != told.bytes:
            yield f"{name}: it has {found.bytes} bytes and should have {told.bytes}"
        elif found != told:
            yield f"{name}: its content has changed"
    for name in sorted(there - backup.manifest.files.keys()):
        yield f"{name}: the manifest does not know this file"


def _database_faults(copy: sqlite3.Connection, backup: Backup) -> Iterator[str]:
    manifest = backup.manifest
    sound = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    if sound != ["ok"]:
        yield "the database is damaged: " + "; ".join(sound)
    if revision_of(copy) != manifest.revision:
        yield f"its schema is {revision_of(copy)} and should be {manifest.revision}"
    if epoch_of(copy) != manifest.epoch:
        yield f"its epoch is {epoch_of(copy)} and should be {manifest.epoch}"
    counts = count_rows(copy)
    for table in sorted(counts.keys() | manifest.counts.keys()):
        found, told = counts.get(table), manifest.counts.get(table)
        if found != told:
            yield f"table {table} has {found} rows and should have {told}"
    found_ends = {end.seat: end for end in log_ends(copy)}
    told_ends = {end.seat: end for end in manifest.logs}
    for seat in sorted(found_ends.keys() | told_ends.keys()):
        if found_ends.get(seat) != told_ends.get(seat):
            yield f"log {seat}: its end is not the one in the manifest"
    yield from walk(copy, manifest.office)

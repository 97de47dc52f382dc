"""Restores the newest backup beside the running office, and compares: a restore that was tried.

It takes the way of a real one: a file of its own, or on PostgreSQL a schema of its own, brought to
the newest schema by the same migrations. Both are removed again.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.backups.copying import open_copy, sqlite_url
from server.backups.covering import find_head
from server.backups.manifest import Backup, name_of
from server.backups.placing import DRILL, drop_schemas, fill_schema
from server.database import is_sqlite
from server.facts import find_fact
from server.migration import migrate
from server.records.rows import IN_LIST_MAX
from server.records.tables import logs, records
from server.settings import Settings


@dataclass(frozen=True)
class Drilled:
    """What a drill found; no faults: the backup would do."""

    rows: int
    logs: int
    records: int
    faults: list[str]


def drill(settings: Settings, backup: Backup, now: int) -> Drilled:
    """Restore a backup beside the office that may be running, compare, and clear away."""
    with _restored(settings, backup, now) as address:
        drilled, live = _engine(address), _engine(settings.database)
        try:
            with drilled.connect() as restored, live.connect() as present:
                faults = [
                    *_count_faults(restored, backup),
                    *_end_faults(restored, present, backup),
                    *_state_faults(restored, backup),
                    *_present_faults(restored, present, backup),
                ]
                found = restored.execute(sa.select(sa.func.count()).select_from(records))
                total = found.scalar_one()
        finally:
            drilled.dispose()
            live.dispose()
    manifest = backup.manifest
    return Drilled(sum(manifest.counts.values()), len(manifest.logs), total, faults)


@contextmanager
def _restored(settings: Settings, backup: Backup, now: int) -> Iterator[str]:
    if is_sqlite(settings.database):
        with tempfile.TemporaryDirectory(prefix="luudong-drill-") as folder:
            path = Path(folder) / "office.sqlite3"
            shutil.copyfile(backup.database, path)
            migrate(sqlite_url(path))
            yield sqlite_url(path)
        return
    drop_schemas(settings.database, DRILL)  # of a drill that was interrupted
    schema = f"{DRILL}{name_of(now).replace('.', '_')}".lower()
    try:
        address = fill_schema(settings.database, schema, backup.database)
        migrate(address)
        yield address
    finally:
        drop_schemas(settings.database, schema)


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


def _count_faults(restored: sa.Connection, backup: Backup) -> Iterator[str]:
    there = set(sa.inspect(restored).get_table_names())
    for table, told in sorted(backup.manifest.counts.items()):
        if table not in there:
            continue  # a newer schema has done away with it
        found = restored.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()  # noqa: S608 -- from the schema
        if found != told:
            yield f"table {table}: {found} rows came out of {told}"


def _end_faults(restored: sa.Connection, present: sa.Connection, backup: Backup) -> Iterator[str]:
    found = {row.seat: (row.last, row.head.hex()) for row in restored.execute(sa.select(logs))}
    is_same_life = find_fact(present, "epoch") == str(backup.manifest.epoch)
    for end in backup.manifest.logs:
        if found.get(end.seat) != (end.last, end.head):
            yield f"log {end.seat}: it does not end as in the backup"
        elif is_same_life and end.last:
            live = find_head(present, end.seat, end.last)
            if live is None or live.hex() != end.head:
                yield f"log {end.seat}: the running office does not hold change {end.last} of it"


def _state_faults(restored: sa.Connection, backup: Backup) -> Iterator[str]:
    rows = restored.execution_options(stream_results=True).execute(
        sa.select(records.c.id, records.c.state).order_by(records.c.id)
    )
    with closing(open_copy(backup.database)) as copy:
        told = _digest(copy.execute("SELECT id, state FROM records ORDER BY id"))
    if _digest(rows) != told:
        yield "the records are not those of the backup, byte for byte"


def _present_faults(
    restored: sa.Connection, present: sa.Connection, backup: Backup
) -> Iterator[str]:
    """Compare with the running office: what has not changed since must be the same there."""
    if find_fact(present, "epoch") != str(backup.manifest.epoch):
        return
    columns = (records.c.id, records.c.turns, records.c.state)
    last = b""
    while True:
        portion = restored.execute(
            sa.select(*columns).where(records.c.id > last).order_by(records.c.id).limit(IN_LIST_MAX)
        ).all()
        if not portion:
            return
        last = portion[-1].id
        named = [row.id for row in portion]
        found = present.execute(sa.select(*columns).where(records.c.id.in_(named)))
        live = {row.id: row for row in found}
        for row in portion:
            now = live.get(row.id)
            if now is None or (now.turns == row.turns and now.state != row.state):
                yield f"record {row.id.hex()}: the running office does not hold it so"


def _digest(rows: Any) -> bytes:  # noqa: ANN401 -- rows of either library
    digest = sha256()
    for row in rows:
        digest.update(row[0])
        digest.update(len(row[1]).to_bytes(8, "big") + row[1])
    return digest.digest()

"""Puts a backup's tables where an office can work on them: a SQLite file, or a PostgreSQL schema.

They are made beside the present ones and change places with them at the end, at once. The present
ones are moved aside under a name with the time, and never deleted.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from server.backups.copying import (
    REVISION_TABLE,
    ROWS_AT_ONCE,
    columns_of,
    open_copy,
    revision_of,
    sqlite_path,
    tables_of,
)
from server.database import is_sqlite
from server.migration import config_for
from server.records.rows import insert_rows
from server.schema import metadata
from server.settings import SettingsRefused

RESTORING = "restoring_"
DRILL = "drill_"
"""How the schemas begin that hold a copy for a while."""

SERVED = "Somebody is connected to the office's database. Stop the server, then restore."
LOOKS_MAX = 10
LOOK_SECONDS = 0.1
"""PostgreSQL lets go of a server that has just been stopped a moment later."""


def require_nobody(url: str) -> None:
    """Pass if no process has the database open; raises SettingsRefused.

    A SQLite file is left without a write-ahead log, so that it can be moved in one piece.
    """
    if is_sqlite(url):
        path = sqlite_path(url)
        if path.exists():
            _require_alone(path)
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    for _ in range(LOOKS_MAX):
        if not _others(engine):
            return
        time.sleep(LOOK_SECONDS)
    raise SettingsRefused(SERVED)


def _others(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        found = connection.execute(
            sa.text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        )
        return int(found.scalar_one())


def put_in(url: str, copy: Path, stamp: str) -> str:
    """Put a copy in the place of the present database; gives where that one lies now."""
    if is_sqlite(url):
        return _put_file(sqlite_path(url), copy, f"before-{stamp}")
    beside, aside = f"{RESTORING}{stamp}".lower(), f"before_{stamp}".lower()
    drop_schemas(url, RESTORING)  # of a restore that died: not whole, and nobody's
    fill_schema(url, beside, copy)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        here = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f'CREATE SCHEMA "{aside}"')
        for table in _tables_in(connection, str(here)):
            connection.exec_driver_sql(f'ALTER TABLE "{here}"."{table}" SET SCHEMA "{aside}"')
        for table in _tables_in(connection, beside):
            connection.exec_driver_sql(f'ALTER TABLE "{beside}"."{table}" SET SCHEMA "{here}"')
        connection.exec_driver_sql(f'DROP SCHEMA "{beside}"')
    engine.dispose()
    return f"schema {aside}"


def put_attachments(source: Path, target: Path) -> None:
    """Put back photographs and scans that are missing; what is there is left alone.

    They are named by their own hash: the same name is the same content, of whatever time.
    """
    for path in sorted(source.rglob("*")):
        into = target / path.relative_to(source)
        if not path.is_file() or into.exists():
            continue
        into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = into.with_name(f"{into.name}.restoring")
        shutil.copyfile(path, beside)
        _flush(beside)
        beside.replace(into)
        _flush(into.parent)


def fill_schema(url: str, schema: str, copy: Path) -> str:
    """Make a new PostgreSQL schema with all tables of a copy; gives the address that sees it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    engine.dispose()
    within = sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    address = within.render_as_string(hide_password=False)
    with closing(open_copy(copy)) as opened:
        # As it was when the backup was made; whoever opens the office brings it up to date.
        command.upgrade(config_for(address), revision_of(opened))
        inside = sa.create_engine(address, poolclass=sa.NullPool)
        with inside.begin() as connection:
            _fill(connection, opened)
        inside.dispose()
    return address


def drop_schemas(url: str, prefix: str) -> None:
    """Remove what `fill_schema` made under names that begin so."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for schema in sa.inspect(connection).get_schema_names():
            if schema.startswith(prefix):
                connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
    engine.dispose()


def _fill(connection: sa.Connection, opened: sqlite3.Connection) -> None:
    there = sa.MetaData()
    there.reflect(connection)
    known = set(tables_of(opened))
    for table in there.sorted_tables:
        if table.name not in known:
            continue
        columns = columns_of(opened, table.name)
        yes_or_no = [isinstance(table.c[name].type, sa.Boolean) for name in columns]
        for rows in _portions(opened, table.name):
            typed = [
                tuple(
                    bool(value) if is_bool and value is not None else value
                    for value, is_bool in zip(row, yes_or_no, strict=True)
                )
                for row in rows
            ]
            insert_rows(connection, table, columns, typed)
        if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
            _count_on(connection, table.name)


def _count_on(connection: sa.Connection, table: str) -> None:
    """Let the sequence of a table go on after the rows that were put in."""
    found = connection.execute(sa.text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table})
    sequence = found.scalar()
    if sequence is None:
        return
    last = connection.exec_driver_sql(f'SELECT max(id) FROM "{table}"').scalar()  # noqa: S608 -- from the schema
    if last is not None:
        connection.execute(sa.text("SELECT setval(:s, :n)"), {"s": sequence, "n": last})


def _portions(opened: sqlite3.Connection, table: str) -> Iterator[list[tuple[object, ...]]]:
    rows = opened.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- a name from the schema
    while portion := rows.fetchmany(ROWS_AT_ONCE):
        yield [tuple(row) for row in portion]


def _tables_in(connection: sa.Connection, schema: str) -> list[str]:
    """Name the office's tables in a schema; what else lives there is left alone."""
    there = sa.inspect(connection).get_table_names(schema)
    return sorted({*metadata.tables, REVISION_TABLE}.intersection(there))


def _put_file(path: Path, copy: Path, suffix: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.restoring")
    shutil.copyfile(copy, beside)
    beside.chmod(0o600)
    _flush(beside)
    aside = path.with_name(f"{path.name}.{suffix}")
    if not path.exists():
        beside.replace(path)
        _flush(path.parent)
        return "nowhere: there was none"
    for rest in ("-wal", "-shm"):
        # Left only where the present file is damaged: SQLite would play them into the copy.
        log = path.with_name(path.name + rest)
        if log.exists():
            log.rename(aside.with_name(aside.name + rest))
    os.link(path, aside)  # at no moment is there no database: an empty one would be made
    beside.replace(path)
    _flush(path.parent)
    return str(aside)


def _require_alone(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as present:
        try:
            present.execute("PRAGMA busy_timeout = 500").fetchone()
            # SQLite grants this only to the one process that has the file open.
            present.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.DatabaseError as error:
            busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if getattr(error, "sqlite_errorcode", None) in busy:
                raise SettingsRefused(SERVED) from None
            # Damaged: it is moved aside as it is.


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Copies a database, while it is written to, into one SQLite file: the same moment of every table.

SQLite: its backup interface, in pages, over a snapshot that is held open, so that foreign commits
neither wait nor make it begin anew. PostgreSQL: one snapshot, read table by table.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from server.database import is_sqlite
from server.database.sqlite import BUSY_MS
from server.migration import config_for

PAGES_AT_ONCE = 256
"""Two MiB: whoever waits for the disk meanwhile does not wait long."""

ROWS_AT_ONCE = 1_000

REVISION_TABLE = "alembic_version"


def copy_database(url: str, target: Path) -> None:
    """Write all tables of the office's database into a new SQLite file."""
    if is_sqlite(url):
        _copy_pages(sqlite_path(url), target)
    else:
        _copy_rows(url, target)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # One file, without a log beside it that could be forgotten.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()


def open_copy(path: Path) -> sqlite3.Connection:
    """Open a copy for reading alone; nothing is written, not even beside it."""
    opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    opened.row_factory = sqlite3.Row
    return opened


def tables_of(copy: sqlite3.Connection) -> list[str]:
    """Name the office's own tables in a copy."""
    found = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [str(row[0]) for row in found]
    return [name for name in names if not name.startswith("sqlite_") and name != REVISION_TABLE]


def columns_of(copy: sqlite3.Connection, table: str) -> list[str]:
    """Name the columns of a table in a copy."""
    return [str(row[1]) for row in copy.execute(f'PRAGMA table_info("{table}")')]


def revision_of(copy: sqlite3.Connection) -> str:
    """Give the revision of the schema of a copy."""
    return str(copy.execute(f"SELECT version_num FROM {REVISION_TABLE}").fetchone()[0])  # noqa: S608 -- our own name


def sqlite_path(url: str) -> Path:
    """Give the file behind an SQLite address."""
    path = sa.make_url(url).database
    assert path, "the office's database is always a file"
    return Path(path)


def sqlite_url(path: Path) -> str:
    """Give the address of an SQLite file."""
    return f"sqlite:///{path}"


def _copy_pages(path: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.execute(f"PRAGMA busy_timeout = {BUSY_MS}").close()
        source.execute("BEGIN").close()
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the snapshot
        source.backup(copy, pages=PAGES_AT_ONCE)
        source.execute("ROLLBACK").close()


def _copy_rows(url: str, target: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="REPEATABLE READ")
    with engine.connect().execution_options(postgresql_readonly=True) as source:
        found = source.execute(sa.text(f"SELECT version_num FROM {REVISION_TABLE}"))  # noqa: S608 -- our own name
        command.upgrade(config_for(sqlite_url(target)), str(found.scalar_one()))
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA foreign_keys = OFF").close()
            copy.execute("BEGIN").close()
            for table in tables_of(copy):
                columns = columns_of(copy, table)
                names = ", ".join(f'"{column}"' for column in columns)
                marks = ", ".join("?" * len(columns))
                insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 -- names of our schema
                for rows in _portions(source, f'SELECT {names} FROM "{table}"'):  # noqa: S608 -- the same
                    copy.executemany(insert, rows)
            copy.execute("COMMIT").close()
    engine.dispose()


def _portions(source: sa.Connection, statement: str) -> Iterator[list[tuple[object, ...]]]:
    """Read rows by a cursor on the server's side: memory stays small whatever the table weighs."""
    streamed = source.execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
    with streamed.execute(sa.text(statement)) as rows:
        for portion in rows.partitions(ROWS_AT_ONCE):
            yield [tuple(row) for row in portion]

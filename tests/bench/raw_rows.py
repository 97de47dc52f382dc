"""The baseline: the same rows written by the driver itself, with the same durability.

No protocol, no checks, no merging: what is left is what storing the rows costs anyway. The settings
of the database are the office's own, and the connection stays open, so that whatever it puts off
(checkpoints) is paid for here too. Only the thread that writes counts: who looks at the office's
memory meanwhile is no part of it.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from psycopg import sql

from server.migration import migrate
from server.records.rows import portions
from server.schema import metadata
from tests.bench.processor import children_of, cpu_clock
from tests.stories.records import connected
from tests.support.postgres import Postgres

TABLES = ("changes", "records", "feeds", "holders", "dossiers")
"""The tables that get rows for each new dossier."""

PRAGMAS = (
    "page_size = 8192",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "cache_size = -32768",
    "journal_size_limit = 67108864",
    "temp_store = MEMORY",
)


@dataclass(frozen=True)
class Rows:
    """What an exchange has left in one table."""

    table: str
    columns: list[str]
    values: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of the processor."""

    wall: float
    cpu: float


class Raw(Protocol):
    """Somebody who writes rows as fast as the driver can."""

    name: str

    def insert(self, rows: list[Rows]) -> Cost:
        """Write all rows in one transaction; returns after its commit."""


def rows_of(database: str, records: list[bytes]) -> list[Rows]:
    """Read the rows that the office holds about these records."""
    with connected(database) as connection:
        return [_rows_of_table(connection, name, records) for name in TABLES]


def _rows_of_table(connection: sa.Connection, name: str, records: list[bytes]) -> Rows:
    table = metadata.tables[name]
    key = table.c.id if name == "records" else table.c.record
    values = [
        tuple(row)
        for portion in portions(records)
        for row in connection.execute(sa.select(table).where(key.in_(portion)))
    ]
    return Rows(name, list(table.c.keys()), values)


class RawSqlite:
    """`executemany` of sqlite3."""

    name = "raw executemany"

    def __init__(self, path: Path) -> None:
        """Make an empty database with the office's tables and indexes."""
        migrate(f"sqlite:///{path}")
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}").close()

    def insert(self, rows: list[Rows]) -> Cost:
        """Write all rows in one transaction; returns after its commit."""
        wall, cpu = time.perf_counter(), time.thread_time()
        self._connection.execute("BEGIN IMMEDIATE")
        for part in rows:
            columns = ",".join(f'"{column}"' for column in part.columns)
            places = ",".join("?" * len(part.columns))
            statement = f"INSERT INTO {part.table} ({columns}) VALUES ({places})"
            self._connection.executemany(statement, part.values)
        self._connection.execute("COMMIT")
        return Cost(time.perf_counter() - wall, time.thread_time() - cpu)


class RawPostgres:
    """`INSERT … SELECT FROM unnest(arrays)` of psycopg; the server's processor counts too."""

    name = "raw unnest"

    def __init__(self, postgres: Postgres) -> None:
        """Make an empty database with the office's tables and indexes."""
        self._postgres = postgres
        name = postgres.new_database()
        migrate(postgres.url(name))
        self._connection = psycopg.connect(
            dbname=name, user="postgres", host=str(postgres.folder), autocommit=True
        )

    def insert(self, rows: list[Rows]) -> Cost:
        """Write all rows in one transaction; returns after its commit."""
        server = cpu_of_postgres(self._postgres)
        before = server()
        wall, cpu = time.perf_counter(), time.thread_time()
        with self._connection.transaction():
            for part in rows:
                self._connection.execute(_unnest(part), [*zip_columns(part)], binary=True)
        spent = time.thread_time() - cpu
        return Cost(time.perf_counter() - wall, spent + server() - before)


def zip_columns(part: Rows) -> Iterator[list[Any]]:
    """Turn rows into columns."""
    return map(list, zip(*part.values, strict=True))


def cpu_of_postgres(postgres: Postgres) -> Callable[[], float]:
    """Give the clock of all processes of a server that run now."""
    assert postgres.process
    return cpu_clock([postgres.process.pid, *children_of(postgres.process.pid)])


def _unnest(part: Rows) -> sql.Composed:
    columns = metadata.tables[part.table].c
    types = [columns[name].type.compile(dialect=_DIALECT) for name in part.columns]
    return sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        sql.Identifier(part.table),
        sql.SQL(", ").join(map(sql.Identifier, part.columns)),
        sql.SQL(", ").join(sql.SQL(f"%b::{kind}[]") for kind in types),
    )


_DIALECT = sa.make_url("postgresql+psycopg://").get_dialect()()

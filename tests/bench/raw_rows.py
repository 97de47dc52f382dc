"""The baseline: the same rows written by sqlite3 itself, with the same durability.

No protocol, no checks, no merging: what is left is what storing the rows costs anyway.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = ("changes", "records", "feeds", "holders", "dossiers")
"""The tables that get rows for each new dossier."""


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


def rows_of(database: Path, records: list[bytes]) -> list[Rows]:
    """Read the rows that the office holds about these records."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [_rows_of_table(connection, table, records) for table in TABLES]


def _rows_of_table(connection: sqlite3.Connection, table: str, records: list[bytes]) -> Rows:
    key = "id" if table == "records" else "record"
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = [
        row
        for part in _parts(records)
        for row in connection.execute(
            f"SELECT * FROM {table} WHERE {key} IN ({','.join('?' * len(part))})", part
        )
    ]
    return Rows(table, columns, values)


def _parts(records: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(records), 500):
        yield records[start : start + 500]


def empty_copy(database: Path, folder: Path) -> Path:
    """Make an empty database with the office's tables and indexes."""
    path = folder / "raw.sqlite3"
    for leftover in folder.glob("raw.sqlite3*"):
        leftover.unlink()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        schema = [
            row[0]
            for row in connection.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            )
        ]
    with closing(_connect(path)) as connection:
        for statement in schema:
            connection.execute(statement)
    return path


def insert(path: Path, rows: list[Rows]) -> Cost:
    """Write all rows in one transaction; returns after its commit."""
    with closing(_connect(path)) as connection:
        wall, cpu = time.perf_counter(), time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        for part in rows:
            columns = ",".join(f'"{column}"' for column in part.columns)
            places = ",".join("?" * len(part.columns))
            connection.executemany(
                f"INSERT INTO {part.table} ({columns}) VALUES ({places})", part.values
            )
        connection.execute("COMMIT")
        return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection

"""Reads and writes many rows at once, past everything that costs time for each row.

SQLAlchemy owns the connection and the schema; the statements of the hot path are written here. To
SQLite rows go one by one, which costs nothing within a process; to PostgreSQL they go as one array
a column, in one statement.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from server.records.arrays import array_of
from server.statements import Row, say, say_to_each

IN_LIST_MAX = 500
"""Keys in one statement; SQLite takes 32,766 and PostgreSQL 65,535, but plans grow with them."""


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    on_conflict: str = "",
) -> None:
    """Insert rows; `on_conflict` is what follows those words, if a row may be there already."""
    if not rows:
        return
    # Names come from our own tables, never from outside.
    if _is_sqlite(connection):
        source = f"VALUES ({_marks(len(columns))})"
    else:
        source = f"SELECT * FROM {_unnested(table, columns)}"  # noqa: S608
    statement = f"INSERT INTO {table.name} ({_listed(columns)}) {source}"
    if on_conflict:
        statement += f" ON CONFLICT {on_conflict}"
    _send(connection, statement, table, columns, rows)


def put_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    on_conflict: str,
    stood: Collection[bytes],
) -> None:
    """Insert rows about records; only of those that `stood` a row may be there already.

    Nothing tells of a record that has no row in `records`, and nearly all that come are new.
    PostgreSQL does a fifth less where it need not look for a row that cannot be there (measured).
    """
    record = columns.index("record")
    insert_rows(connection, table, columns, [row for row in rows if row[record] not in stood])
    known = [row for row in rows if row[record] in stood]
    insert_rows(connection, table, columns, known, on_conflict)


def update_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    key: str,
    rows: Sequence[Row],
) -> None:
    """Update rows by their key, which stands last in each."""
    if not rows:
        return
    whole = (*columns, key)
    if _is_sqlite(connection):
        sets = ", ".join(f"{_quoted(column)} = ?" for column in columns)
        where = f"WHERE {key} = ?"
    else:
        sets = ", ".join(f"{_quoted(column)} = new.{_quoted(column)}" for column in columns)
        where = f"FROM {_unnested(table, whole)} AS new ({_listed(whole)})"
        where += f" WHERE {table.name}.{key} = new.{key}"
    statement = f"UPDATE {table.name} SET {sets} {where}"  # noqa: S608
    _send(connection, statement, table, whole, rows)


def select_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    key: str,
    keys: Sequence[bytes],
) -> Iterator[Row]:
    """Read the rows with these keys, in the order of their keys; nobody else changes them then."""
    statement = f"SELECT {_listed(columns)} FROM {table.name} WHERE {key} "  # noqa: S608
    if not _is_sqlite(connection):
        statement += f"= ANY(%b) ORDER BY {key} FOR UPDATE"
        yield from say(connection, statement, [list(keys)])
        return
    for portion in portions(keys):
        marked = f"{statement} IN ({_marks(len(portion))}) ORDER BY {key}"
        yield from say(connection, marked, portion)


def select_column(
    connection: sa.Connection, table: sa.Table, key: str, column: str, keys: Sequence[bytes]
) -> Iterator[tuple[bytes, Any]]:
    """Read the rows with these keys, in any order: each key with what stands in one column."""
    statement = f"SELECT {key}, {_quoted(column)} FROM {table.name} WHERE {key} "  # noqa: S608
    if not _is_sqlite(connection):
        found = connection.exec_driver_sql(f"{statement} = ANY(%b)", (list(keys),))
        yield from ((row[0], row[1]) for row in found)
        return
    for portion in portions(keys):
        found = connection.exec_driver_sql(
            f"{statement} IN ({_marks(len(portion))})", tuple(portion)
        )
        yield from ((row[0], row[1]) for row in found)


def taking_over(columns: Sequence[str], keys: Sequence[str]) -> str:
    """Give the `on_conflict` that overwrites all columns but the keys."""
    sets = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in columns)
    return f"({', '.join(keys)}) DO UPDATE SET {sets}"


def portions(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Cut many keys into lists that fit a statement."""
    for first in range(0, len(keys), IN_LIST_MAX):
        yield keys[first : first + IN_LIST_MAX]


def _send(
    connection: sa.Connection,
    statement: str,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Row],
) -> None:
    if _is_sqlite(connection):
        say_to_each(connection, statement, rows)
    else:
        kinds = _kinds_of(table, tuple(columns))
        say(connection, statement, list(map(array_of, kinds, zip(*rows, strict=True))))


def _unnested(table: sa.Table, columns: Sequence[str]) -> str:
    """Give PostgreSQL's table of as many arrays as there are columns."""
    return f"unnest({', '.join(f'%b::{kind}[]' for kind in _kinds_of(table, tuple(columns)))})"


@cache
def _kinds_of(table: sa.Table, columns: tuple[str, ...]) -> list[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    return [table.c[name].type.compile(dialect) for name in columns]


def _is_sqlite(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return f'"{name}"'

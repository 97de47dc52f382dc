"""Writes many rows at once, past everything that costs time for each row.

SQLAlchemy owns the connection and the schema; the statements of the hot path are written here, in
the plain SQL that both databases share.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

Row = tuple[Any, ...]

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
    names = ", ".join(_quoted(column) for column in columns)
    marks = ", ".join([_mark(connection)] * len(columns))
    # Names come from our own tables, never from outside.
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608
    if on_conflict:
        statement += f" ON CONFLICT {on_conflict}"
    connection.exec_driver_sql(statement, list(rows))


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
    mark = _mark(connection)
    sets = ", ".join(f"{_quoted(column)} = {mark}" for column in columns)
    statement = f"UPDATE {table.name} SET {sets} WHERE {key} = {mark}"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))


def taking_over(columns: Sequence[str], keys: Sequence[str]) -> str:
    """Give the `on_conflict` that overwrites all columns but the keys."""
    sets = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in columns)
    return f"({', '.join(keys)}) DO UPDATE SET {sets}"


def portions(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Cut many keys into lists that fit a statement."""
    for first in range(0, len(keys), IN_LIST_MAX):
        yield keys[first : first + IN_LIST_MAX]


def _mark(connection: sa.Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _quoted(name: str) -> str:
    return f'"{name}"'

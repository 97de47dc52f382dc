"""A column that is written whole is read back by PostgreSQL as it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from server.database import Database, open_database
from server.records.arrays import array_of
from server.schema import metadata
from server.statements import say

COLUMNS: list[tuple[str, list[Any]]] = [
    ("BIGINT", [0, -1, 2**53, None]),
    ("INTEGER", [0, -1, 2**31 - 1, None]),
    ("TEXT", ["", "Nguyễn Văn An", "x" * 70_000, None]),
    ("BYTEA", [b"", bytes(range(256)), b"\0" * 70_000, None]),
    ("BOOLEAN", [True, False, True, None]),
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a migrated database of PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("kind", "values"), COLUMNS)
def test_it_reads_back_as_it_was(database: Database, kind: str, values: list[Any]) -> None:
    for column in (values, values[:-1], [None, None]):
        with database.engine.begin() as connection:
            found = say(
                connection, f"SELECT * FROM unnest(%b::{kind}[])", [array_of(kind, column)]
            ).fetchall()

        assert [value for (value,) in found] == column


def test_every_column_of_ours_can_be_written() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    every = {
        column.type.compile(dialect) for table in metadata.tables.values() for column in table.c
    }

    assert every <= {kind for kind, _ in COLUMNS}

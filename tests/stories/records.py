"""Looks into the office's database from outside, past everything that the server might hide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.dossiers.tables import dossiers, findings
from server.records.tables import changes, records
from sync.record import decode_state, shown_values


def values_of_record(database: str, record: UUID) -> dict[str, Any]:
    """Give the shown value of every field of a record that has one."""
    with connected(database) as connection:
        stored = connection.execute(
            sa.select(records.c.state).where(records.c.id == record.bytes)
        ).scalar_one()
    values = shown_values(decode_state(bytes(stored)))
    return {name: value for name, value in values.items() if value is not None}


def counts_of_record(database: str, record: UUID) -> tuple[int, int, int]:
    """Count changes and rows of a record, and what the office found wrong with anything."""
    with connected(database) as connection:

        def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
            counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
            return int(connection.execute(counted).scalar_one())

        return (
            count(changes, changes.c.record == record.bytes),
            count(dossiers, dossiers.c.record == record.bytes),
            count(findings),
        )


@contextmanager
def connected(database: str) -> Iterator[sa.Connection]:
    """Connect beside the server."""
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()

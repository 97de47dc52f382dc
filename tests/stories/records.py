"""Looks into the office's database from outside, past everything that the server might hide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.records.tables import records
from sync.record import decode_state, shown_values


def values_of_record(database: str, record: UUID) -> dict[str, Any]:
    """Give the shown value of every field of a record that has one."""
    with connected(database) as connection:
        stored = connection.execute(
            sa.select(records.c.state).where(records.c.id == record.bytes)
        ).scalar_one()
    values = shown_values(decode_state(bytes(stored)))
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def connected(database: str) -> Iterator[sa.Connection]:
    """Connect beside the server."""
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()

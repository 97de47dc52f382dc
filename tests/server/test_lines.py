"""Threads keep their connections: what died on one is noticed, and the next job gets another."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from server.database import Busy, Database, open_database
from server.facts import find_fact, keep_fact
from tests.support.postgres import Postgres

ON_POSTGRES = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a migrated database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@ON_POSTGRES
async def test_a_database_that_was_started_again_is_read_and_written_at_once(
    database: Database, postgres: Postgres, database_url: str
) -> None:
    """FAULT-36: nobody hears of a connection that was cut while nobody used it."""
    await database.write(lambda connection: keep_fact(connection, "n", "1"))
    assert await database.read(lambda connection: find_fact(connection, "n")) == "1"

    postgres.cut_connections(sa.make_url(database_url).database or "")

    assert await database.read(lambda connection: find_fact(connection, "n")) == "1"
    await database.write(lambda connection: keep_fact(connection, "n", "2"))
    assert await database.read(lambda connection: find_fact(connection, "n")) == "2"


async def test_a_job_whose_statement_is_wrong_spoils_nothing_for_the_next(
    database: Database,
) -> None:
    def ask(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    for job in (database.read, database.write):
        with pytest.raises((exc.DBAPIError, Busy)):
            await job(ask)

    await database.write(lambda connection: keep_fact(connection, "n", "1"))
    assert await database.read(lambda connection: find_fact(connection, "n")) == "1"

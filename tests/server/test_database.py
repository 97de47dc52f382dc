"""The database behind its two kinds: what is written stays, what fails leaves nothing."""

import asyncio
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.database import Database, open_database
from server.database.sqlite import SqliteDatabase
from server.facts import find_fact, keep_fact
from server.migration import migrate
from server.schema import metadata


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a migrated database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


def _add_one(connection: sa.Connection) -> int:
    found = sa.text("SELECT value FROM office_facts WHERE name = 'n'")
    locked = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    value = int(connection.execute(sa.text(found.text + locked)).scalar_one()) + 1
    keep_fact(connection, "n", str(value))
    return value


async def test_no_update_is_lost_among_many_at_once(database: Database) -> None:
    await database.write(lambda connection: keep_fact(connection, "n", "0"))

    seen = await asyncio.gather(*(database.write(_add_one) for _ in range(100)))

    assert sorted(seen) == list(range(1, 101))
    assert await database.read(lambda connection: find_fact(connection, "n")) == "100"


async def test_a_job_that_fails_undoes_nothing_of_the_others(database: Database) -> None:
    def fail(connection: sa.Connection) -> None:
        keep_fact(connection, "failed", "yes")
        raise ValueError("on purpose")

    def keep(place: int) -> "asyncio.Future[None]":
        name = str(place)
        return asyncio.ensure_future(
            database.write(lambda connection: keep_fact(connection, name, "yes"))
        )

    outcomes = await asyncio.gather(keep(1), database.write(fail), keep(2), return_exceptions=True)

    assert isinstance(outcomes[1], ValueError)
    facts = [await database.read(partial(find_fact, name=name)) for name in ("1", "2", "failed")]
    assert facts == ["yes", "yes", None]


async def test_whoever_goes_away_leaves_the_commit_alone(database: Database) -> None:
    asking = asyncio.ensure_future(
        database.write(lambda connection: keep_fact(connection, "n", "1"))
    )
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    await database.write(lambda connection: keep_fact(connection, "m", "2"))
    assert await database.read(lambda connection: find_fact(connection, "m")) == "2"


async def test_what_is_queued_is_committed_before_closing(database_url: str) -> None:
    database = open_database(database_url)
    writing = [
        asyncio.ensure_future(database.write(partial(keep_fact, name=str(n), value="kept")))
        for n in range(20)
    ]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    await asyncio.gather(*writing)

    again = open_database(database_url)
    found = [await again.read(partial(find_fact, name=str(n))) for n in range(20)]
    again.close()
    assert found == ["kept"] * 20


async def test_sqlite_keeps_its_promises(database: Database) -> None:
    if not isinstance(database, SqliteDatabase):
        return
    asked = ("journal_mode", "synchronous", "foreign_keys", "page_size")

    def ask(connection: sa.Connection) -> list[object]:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert await database.write(ask) == ["wal", 2, 1, 8192]
    assert await database.read(ask) == ["wal", 2, 1, 8192]


def test_the_migrations_make_the_schema_of_the_code(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 -- for this test alone
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    migrate(database_url)  # once more: nothing happens
    database = open_database(database_url)
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    database.close()

    assert differences == []


def test_nobody_else_on_the_machine_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "office.sqlite3"
    path.parent.mkdir(0o755)
    path.touch(0o644)
    url = f"sqlite:///{path}"
    migrate(url)
    opened = open_database(url)

    opened.engine.connect().close()
    rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}

    opened.close()
    assert len(rights) >= 1
    assert set(rights.values()) == {0o600}


async def test_a_note_follows_what_was_read_also_while_others_write(database: Database) -> None:
    await database.write(lambda connection: keep_fact(connection, "n", "0"))

    def read(connection: sa.Connection) -> str | None:
        return find_fact(connection, "n")

    def count(connection: sa.Connection) -> bool:
        return _add_one(connection) > 0

    noting = asyncio.gather(
        *(database.read_and_note(read, lambda _found: count) for _ in range(20))
    )
    writing = asyncio.gather(*(database.write(_add_one) for _ in range(20)))
    noted, _ = await asyncio.gather(noting, writing)

    assert all(is_counted for _, is_counted in noted)
    assert await database.read(read) == "40"
    assert await database.read_and_note(read, lambda _found: None) == ("40", None)


async def test_a_note_that_fails_is_heard_of(database: Database) -> None:
    def fail(connection: sa.Connection) -> bool:
        keep_fact(connection, "failed", "yes")
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        await database.read_and_note(lambda _connection: None, lambda _found: fail)

    assert await database.read(lambda connection: find_fact(connection, "failed")) is None

"""A database that somebody else holds, or reads for ever: waited for, then said, never a 500."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.database import sqlite as databases
from server.database.sqlite import SqliteDatabase
from server.office import open_office
from server.settings import Settings
from server.staff import sessions as staff_sessions
from tests.server.conftest import OpenOffice, serving
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, Refused

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

BUSY_MS = 300


@pytest.fixture
def impatient_office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenOffice]:
    """An office that waits for its database as in life, only shorter."""
    monkeypatch.setattr(databases, "BUSY_MS", BUSY_MS)
    with serving(open_office(settings)) as served:
        yield served


@contextmanager
def held_by_another(path: str) -> Iterator[None]:
    """Hold the write lock, as a process beside the office would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@ON_SQLITE
def test_a_locked_database_is_waited_for_and_then_said(impatient_office: OpenOffice) -> None:
    """FAULT-35."""
    office = impatient_office
    phone: Phone = office.phone()
    an = phone.sign_in("an")
    desk = Desk(office.http)
    desk.sign_in("chi")
    phone.take_dossier(an)

    with held_by_another(file_of(office)):
        begun = time.monotonic()
        with pytest.raises(Refused) as refused:
            phone.exchange()
        waited = time.monotonic() - begun
        page = desk.get("/desk")

    assert (refused.value.status, refused.value.code) == (503, "busy")
    assert refused.value.headers["retry-after"] == "5"
    assert waited >= BUSY_MS / 1000 * 0.9
    assert page.status_code == 200
    phone.exchange()
    assert an.held == an.last


@ON_SQLITE
def test_a_page_is_read_though_the_visit_cannot_be_noted(
    impatient_office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULT-34, FAULT-35."""
    desk = Desk(impatient_office.http)
    desk.sign_in("chi")
    # Every page then wants to note that somebody is there.
    monkeypatch.setattr("server.desk.door.SEEN_AGAIN_MS", -staff_sessions.IDLE_MS_MAX)

    with held_by_another(file_of(impatient_office)):
        page = desk.get("/desk")

    assert page.status_code == 200
    assert text_of(page, "viewer-name") == "Phạm Thu Chi"


async def test_the_log_of_writes_stays_short_under_readers_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULT-35: SQLite's own checkpoints would wait for ever for a moment without a reader."""
    monkeypatch.setattr(databases, "WAL_BYTES_MAX", 1024 * 1024)
    monkeypatch.setattr(databases, "WAL_AGAIN_SECONDS", 0)
    path = tmp_path / "office.sqlite3"
    database = SqliteDatabase(f"sqlite:///{path}")
    await database.write(_run("CREATE TABLE kept (body BLOB)"))
    wal, largest, ended = path.with_name(f"{path.name}-wal"), 0, False

    def read_a_while(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SELECT count(*) FROM kept").scalar()
        time.sleep(0.02)

    async def read_on() -> None:
        while not ended:
            await database.read(read_a_while)

    readers = [asyncio.create_task(read_on()) for _ in range(3)]
    for _ in range(40):
        await database.write(_run("INSERT INTO kept VALUES (zeroblob(500000))"))
        largest = max(largest, wal.stat().st_size)
    ended = True
    await asyncio.gather(*readers)
    database.close()

    assert largest < 4 * 1024 * 1024, "20 MB were written"


async def test_a_log_of_writes_that_cannot_be_cut_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """FAULT-34, FAULT-35."""

    def fail(_database: SqliteDatabase) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(SqliteDatabase, "_shorten_wal", fail)
    database = SqliteDatabase(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    await database.write(_run("CREATE TABLE kept (body BLOB)"))
    await asyncio.wait_for(database.write(_run("INSERT INTO kept VALUES (NULL)")), 60)
    database.close()

    assert "the log of writes stays long: OperationalError" in caplog.text


def _run(statement: str) -> Callable[[sa.Connection], None]:
    def job(connection: sa.Connection) -> None:
        connection.exec_driver_sql(statement)

    return job


def file_of(office: OpenOffice) -> str:
    """Name the office's database file."""
    path = office.office.database.engine.url.database
    assert path
    return path

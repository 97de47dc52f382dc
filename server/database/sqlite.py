"""The office's database in a file: one writer thread that commits what is queued together."""

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from server.database.port import busy_of
from server.database.readers import THREADS
from server.database.served import Served
from server.lines import Line
from server.statements import say
from server.writer import Outcome, Queued, run_all

BUSY_MS = 10_000
"""How long SQLite waits for another process (a backup, a rebuild) before it gives up."""

WAL_BYTES_MAX = 64 * 1024 * 1024
"""SQLite's own checkpoints never wait for readers, so a busy office would outgrow this."""

WAL_WAIT_MS = 500
"""How long the writer then waits for those who still read what was there before."""

WAL_AGAIN_SECONDS = 30
"""Who reads for longer (a copy by hand) is not waited for at every write."""

_log = logging.getLogger("luudong")


def is_sqlite(url: str) -> bool:
    """Whether the address names a SQLite file."""
    return sa.make_url(url).get_backend_name() == "sqlite"


def sqlite_engine(url: str, *, writes: bool) -> sa.Engine:
    """Make an engine whose transactions really begin where SQLAlchemy says that they do.

    The driver's own transactions lose updates (no BEGIN before a SELECT), so they are off; a
    writer takes the write lock at once, because upgrading a read lock fails under load.
    """
    path = sa.make_url(url).database
    if writes and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Citizens' answers: for our user alone. SQLite gives its other files the same rights.
        Path(path).touch(mode=0o600)
        Path(path).chmod(0o600)
    engine = sa.create_engine(
        url,
        # The writer keeps one; the other is for who has no event loop.
        pool_size=2 if writes else THREADS + 1,
        max_overflow=0,
        poolclass=sa.QueuePool,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "page_size = 8192",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            # What is deleted or written over is zeros at once, not only free to be used again.
            "secure_delete = ON",
            "cache_size = -32768",
            f"journal_size_limit = {WAL_BYTES_MAX}",
            # What a savepoint may have to put back: in no file elsewhere that could be full, or
            # hold what a citizen told us.
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        say(connection, "BEGIN IMMEDIATE" if writes else "BEGIN", ())

    return engine


class SqliteDatabase(Served):
    """One writer thread that commits what is queued together; readers beside it."""

    def __init__(self, url: str) -> None:
        """Connect, and start the writer."""
        self._read_engine = sqlite_engine(url, writes=False)
        super().__init__(sqlite_engine(url, writes=True), self._read_engine, self._commit)
        self._wal = Path(f"{sa.make_url(url).database}-wal")
        self._shortened_at = -float(WAL_AGAIN_SECONDS)

    async def scrub(self) -> None:
        """Bring the log of pages into the file, and cut it to nothing."""
        await self.aside(lambda: cut_wal(self._read_engine))

    def close(self) -> None:
        """Commit what is queued, then let go of the file."""
        super().close()
        self._read_engine.dispose()

    def _commit(self, line: Line, group: list[Queued]) -> None:
        commit_group(line, group)
        try:
            self._shorten_wal()
        except (sqlite3.Error, exc.SQLAlchemyError, OSError) as error:
            # It stays long until the next time; whoever waits to write must not wait for it.
            _log.warning("the log of writes stays long: %s", type(error).__name__)

    def _shorten_wal(self) -> None:
        """Begin the log of writes anew where readers who follow each other have kept it growing."""
        now = time.monotonic()
        if now - self._shortened_at < WAL_AGAIN_SECONDS or not self._wal.exists():
            return
        if self._wal.stat().st_size <= WAL_BYTES_MAX:
            return
        self._shortened_at = now
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {WAL_WAIT_MS}")
            # It answers whether it could; what it could not is tried again.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            cursor.close()
        finally:
            connection.close()


def commit_group(line: Line, group: list[Queued]) -> None:
    """Run a group of jobs on SQLite, commit them together, and only then tell the outcomes."""
    try:
        with line.connected() as connection, _flushed(connection, group):
            outcomes = run_all(connection, group)
    except Exception as error:  # noqa: BLE001 -- whatever broke the commit, all must hear of it
        outcomes = [Outcome(queued, refused=_as_busy(error)) for queued in group]
    for outcome in outcomes:
        outcome.tell()


@contextmanager
def _flushed(connection: sa.Connection, group: Sequence[Queued]) -> Iterator[None]:
    """Begin and commit for a group, which is on the disk by then unless all of it is notes."""
    is_note = all(queued.is_note for queued in group)
    if is_note:
        say(connection, "PRAGMA synchronous = NORMAL", ())
    try:
        with connection.begin():
            yield
    finally:
        if is_note:
            say(connection, "PRAGMA synchronous = FULL", ())


def _as_busy(error: Exception) -> Exception:
    return busy_of(error) if isinstance(error, exc.OperationalError) else error


def cut_wal(engine: sa.Engine) -> None:
    """Run a checkpoint, which may stand in no transaction; the driver begins none by itself."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()

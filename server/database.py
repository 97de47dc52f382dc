"""The office's database: SQLite with one writer that commits in groups, or PostgreSQL.

A job is a plain function of a connection. It is committed before `write` returns, never after.
A job may run twice (PostgreSQL retries what collided), so it must touch nothing but the database.
"""

import asyncio
import logging
import queue
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from server.statements import say

T = TypeVar("T")
Job = Callable[[sa.Connection], T]
AnyRow = sa.Row[*tuple[Any, ...]]

metadata = sa.MetaData()

GROUP_JOBS_MAX = 64
"""Jobs that share one commit: more only lengthens the wait of the first one."""

THREADS = 4
"""Readers on SQLite, all jobs on PostgreSQL. More than twice the processors gains nothing."""

RETRIES_MAX = 8
"""How often a job that collided with another on PostgreSQL is tried again."""

BUSY_MS = 10_000
"""How long SQLite waits for another process (a backup, a rebuild) before it gives up."""

WAL_BYTES_MAX = 64 * 1024 * 1024
"""SQLite's own checkpoints never wait for readers, so a busy office would outgrow this."""

WAL_WAIT_MS = 500
"""How long the writer then waits for those who still read what was there before."""

WAL_AGAIN_SECONDS = 30
"""Who reads for longer (a copy by hand) is not waited for at every write."""

_log = logging.getLogger("luudong")

_COLLISIONS = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and a unique key that another transaction wrote first."""


class Busy(Exception):
    """The database cannot take this now; asking again later is safe."""


class Database(Protocol):
    """What everybody above sees of the database."""

    @property
    def engine(self) -> sa.Engine:
        """The engine that writes; for migrations and the cli, which have no event loop."""

    async def write(self, job: Job[T]) -> T:
        """Run the job in a transaction and return after its commit has."""

    async def note(self, job: Job[T]) -> T:
        """Like `write`, for what a power cut may undo though it was said; a crash of ours may not.

        Nobody waits for the disk then. What is written afterwards takes it along.
        """

    async def read(self, job: Job[T]) -> T:
        """Run the job in one snapshot; it must not write."""

    async def aside(self, work: Callable[[], T]) -> T:
        """Run work that needs no connection, but a processor, off the event loop."""

    async def scrub(self) -> None:
        """Let go of what was erased where the database itself keeps old pages or rows.

        It does what it can: a reader may hold an old page, and a disk keeps what it pleases.
        """

    def close(self) -> None:
        """Finish what is queued and let go of every connection."""


def open_database(url: str) -> Database:
    """Open the database at an SQLAlchemy address (`sqlite:///…`, `postgresql+psycopg://…`)."""
    if is_sqlite(url):
        return SqliteDatabase(url)
    return PostgresDatabase(url)


def in_one_transaction(url: str, job: Job[T]) -> T:
    """Open a database for one job, as a command does, and let go of it."""
    database = open_database(url)
    try:
        with database.engine.begin() as connection:
            return job(connection)
    finally:
        database.close()


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
        pool_size=1 if writes else THREADS,
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


@dataclass
class _Queued:
    """A job that waits for the writer."""

    job: Job[Any]
    is_note: bool = False
    answer: "Future[Any]" = field(default_factory=Future)


class SqliteDatabase:
    """One writer thread that commits what is queued together; readers beside it."""

    def __init__(self, url: str) -> None:
        """Connect, and start the writer."""
        self.engine = sqlite_engine(url, writes=True)
        self._read_engine = sqlite_engine(url, writes=False)
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._wal = Path(f"{sa.make_url(url).database}-wal")
        self._shortened_at = -float(WAL_AGAIN_SECONDS)
        self._queue: queue.SimpleQueue[_Queued | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_queued, name="write", daemon=True)
        self._writer.start()

    async def write(self, job: Job[T]) -> T:
        """Queue the job for the writer; returns after the commit of its group."""
        done: T = await self._wait_for(_Queued(job))
        return done

    async def note(self, job: Job[T]) -> T:
        """Queue the job for the writer, who waits for no disk where all of a group are such."""
        done: T = await self._wait_for(_Queued(job, is_note=True))
        return done

    async def _wait_for(self, queued: _Queued) -> Any:  # noqa: ANN401 -- whatever the job gives
        if not self._writer.is_alive():
            raise Busy("the office is closing")
        self._queue.put(queued)
        # Shielded: whoever asked may go away, but the commit must not meet a cancelled future.
        return await asyncio.shield(asyncio.wrap_future(queued.answer))

    async def read(self, job: Job[T]) -> T:
        """Run the job on a reader."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, _run, self._read_engine, job)

    async def aside(self, work: Callable[[], T]) -> T:
        """Run work on a reader."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    async def scrub(self) -> None:
        """Bring the log of pages into the file, and cut it to nothing."""
        await self.aside(lambda: _cut_wal(self._read_engine))

    def close(self) -> None:
        """Commit what is queued, then let go of the file."""
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._read_engine.dispose()
        self.engine.dispose()

    def _write_queued(self) -> None:
        while (first := self._queue.get()) is not None:
            group: list[_Queued] = [first]
            ending = False
            while len(group) < GROUP_JOBS_MAX and not self._queue.empty():
                queued = self._queue.get()
                if queued is None:
                    ending = True
                    break
                group.append(queued)
            self._commit_group(group)
            try:
                self._shorten_wal()
            except (sqlite3.Error, exc.SQLAlchemyError, OSError) as error:
                # It stays long until the next time; whoever waits to write must not wait for it.
                _log.warning("the log of writes stays long: %s", type(error).__name__)
            if ending:
                break
        # Whoever came too late must hear of it, or they would wait for ever.
        while not self._queue.empty():
            late = self._queue.get()
            if late is not None:
                late.answer.set_exception(Busy("the office is closing"))

    def _commit_group(self, group: list[_Queued]) -> None:
        outcomes: list[tuple[_Queued, object, Exception | None]] = []
        try:
            with self.engine.connect() as connection, _flushed(connection, group):
                if len(group) == 1:  # nobody else's work to protect, so no savepoint to pay for
                    outcomes.append((group[0], group[0].job(connection), None))
                else:
                    outcomes.extend(_outcome_in_savepoint(connection, queued) for queued in group)
        except Exception as error:  # noqa: BLE001 -- whatever broke the commit, all must hear of it
            for queued in group:
                queued.answer.set_exception(_as_busy(error))
            return
        for queued, result, refused in outcomes:
            if refused is None:
                queued.answer.set_result(result)
            else:
                queued.answer.set_exception(refused)

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


@contextmanager
def _flushed(connection: sa.Connection, group: Sequence[_Queued]) -> Iterator[None]:
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


def _outcome_in_savepoint(
    connection: sa.Connection, queued: _Queued
) -> tuple[_Queued, object, Exception | None]:
    """Run one job of a group so that its failure undoes nothing of the others."""
    try:
        say(connection, "SAVEPOINT job", ())
        result = queued.job(connection)
        say(connection, "RELEASE job", ())
    except exc.OperationalError:
        raise  # disk full, locked: the whole group is in doubt
    except Exception as error:  # noqa: BLE001 -- it belongs to whoever queued the job
        say(connection, "ROLLBACK TO job", ())
        say(connection, "RELEASE job", ())
        return queued, None, error
    return queued, result, None


def _as_busy(error: Exception) -> Exception:
    if not isinstance(error, exc.OperationalError):
        return error
    busy = Busy(str(error))
    busy.__cause__ = error
    return busy


def _run(engine: sa.Engine, job: Job[T]) -> T:
    try:
        with engine.begin() as connection:
            return job(connection)
    except exc.OperationalError as error:
        raise Busy(str(error)) from error


class PostgresDatabase:
    """A transaction per job, in threads; what collides is tried again."""

    def __init__(self, url: str) -> None:
        """Connect lazily; nothing is sent until the first job."""
        self.engine = sa.create_engine(
            url,
            pool_size=2 * THREADS,
            max_overflow=0,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
        )
        self._threads = ThreadPoolExecutor(2 * THREADS, thread_name_prefix="database")

    async def write(self, job: Job[T]) -> T:
        """Run the job in a transaction of its own."""
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, _run_with_retries, self.engine, job)
        return await asyncio.shield(running)

    async def note(self, job: Job[T]) -> T:
        """Run the job in a transaction whose commit does not wait for the disk."""

        def noting(connection: sa.Connection) -> T:
            say(connection, "SET LOCAL synchronous_commit TO off", ())
            return job(connection)

        return await self.write(noting)

    async def read(self, job: Job[T]) -> T:
        """Run the job in a transaction whose statements all see the same rows."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _run_in_snapshot, self.engine, job)

    async def aside(self, work: Callable[[], T]) -> T:
        """Run work in one of our threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def scrub(self) -> None:
        """Let PostgreSQL take back the rows that were written over; its own log is its keeper's."""
        await self.aside(lambda: _vacuum(self.engine))

    def close(self) -> None:
        """Let running jobs end, then disconnect."""
        self._threads.shutdown()
        self.engine.dispose()


def _cut_wal(engine: sa.Engine) -> None:
    """Run a checkpoint, which may stand in no transaction; the driver begins none by itself."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _vacuum(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")


def _run_in_snapshot(engine: sa.Engine, job: Job[T]) -> T:
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return job(connection)
    except exc.OperationalError as error:
        raise Busy(str(error)) from error


def _run_with_retries(engine: sa.Engine, job: Job[T]) -> T:
    for attempt in _attempts():
        try:
            with engine.begin() as connection:
                return job(connection)
        except exc.DBAPIError as error:
            collided = getattr(error.orig, "sqlstate", None) in _COLLISIONS
            if not collided and not isinstance(error, exc.OperationalError):
                raise
            if attempt == RETRIES_MAX:
                raise Busy(str(error)) from error
        # Jitter, or two that collided collide again.
        time.sleep(0.005 * 2**attempt * random.random())  # noqa: S311 -- not a secret
    raise AssertionError("the last attempt returns or raises")


def _attempts() -> Iterable[int]:
    return range(1, RETRIES_MAX + 1)

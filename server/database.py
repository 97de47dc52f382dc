"""The office's database, SQLite or PostgreSQL, with one writer that commits in groups.

A job is a plain function of a connection. It is committed before `write` returns, never after.
A job may run twice (PostgreSQL retries what collided), so it must touch nothing but the database.
"""

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from server.lines import Line, Lines
from server.statements import say
from server.writer import Outcome, Queued, Writer, run_all

T = TypeVar("T")
Job = Callable[[sa.Connection], T]
AnyRow = sa.Row[*tuple[Any, ...]]

Noted = tuple[T, bool | None]
"""What a job gave, and what its note did: nothing where there was none."""

metadata = sa.MetaData()

THREADS = 4
"""Readers. More than twice the processors gains nothing."""

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

    async def read(self, job: Job[T]) -> T:
        """Run the job in one snapshot; it must not write."""

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None]
    ) -> Noted[T]:
        """Run the job in one snapshot, and then what follows from it as a note, if anything does.

        A note is a small job that a power cut may undo though it was said; a crash of ours may not.
        Nobody waits for the disk then; what is written afterwards takes it along. Nor does anybody
        wait in between for the loop, which may have others to serve.
        """

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


class SqliteDatabase:
    """One writer thread that commits what is queued together; readers beside it."""

    def __init__(self, url: str) -> None:
        """Connect, and start the writer."""
        self.engine = sqlite_engine(url, writes=True)
        self._read_engine = sqlite_engine(url, writes=False)
        self._readers = _Readers(self._read_engine)
        self._wal = Path(f"{sa.make_url(url).database}-wal")
        self._shortened_at = -float(WAL_AGAIN_SECONDS)
        self._line = Line(self.engine)
        self._writer = Writer(self._write_group, _closing)

    async def write(self, job: Job[T]) -> T:
        """Queue the job for the writer; returns after the commit of its group."""
        done: T = await self._writer.write(Queued(job))
        return done

    async def read(self, job: Job[T]) -> T:
        """Run the job on a reader."""
        return await self._readers.read(job)

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None]
    ) -> Noted[T]:
        """Run the job on a reader, who writes the note too unless the writer is busy."""
        return await self._readers.read_and_note(job, note_of, self._writer)

    async def aside(self, work: Callable[[], T]) -> T:
        """Run work on a reader."""
        return await self._readers.work(work)

    async def scrub(self) -> None:
        """Bring the log of pages into the file, and cut it to nothing."""
        await self.aside(lambda: _cut_wal(self._read_engine))

    def close(self) -> None:
        """Commit what is queued, then let go of the file."""
        # They may hand notes to the writer.
        self._readers.close()
        self._writer.close()
        self._line.hang_up()
        self._read_engine.dispose()
        self.engine.dispose()

    def _write_group(self, group: list[Queued]) -> None:
        commit_group(self._line, group)
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


class PostgresDatabase:
    """The same over a server: what collides with another process is tried again."""

    def __init__(self, url: str) -> None:
        """Connect lazily; nothing is sent until the first job."""
        self.engine = sa.create_engine(
            url,
            pool_size=2 * THREADS,
            max_overflow=0,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
        )
        # All statements of a reader's job see the same rows.
        reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._readers = _Readers(reading)
        self._line = Line(self.engine)
        self._writer = Writer(partial(commit_group_on_server, self._line), _closing)

    async def write(self, job: Job[T]) -> T:
        """Queue the job for the writer; returns after the commit of its group."""
        done: T = await self._writer.write(Queued(job))
        return done

    async def read(self, job: Job[T]) -> T:
        """Run the job on a reader."""
        return await self._readers.read(job)

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None]
    ) -> Noted[T]:
        """Run the job on a reader, who writes the note too unless the writer is busy."""
        return await self._readers.read_and_note(job, note_of, self._writer)

    async def aside(self, work: Callable[[], T]) -> T:
        """Run work on a reader."""
        return await self._readers.work(work)

    async def scrub(self) -> None:
        """Let PostgreSQL take back the rows that were written over; its own log is its keeper's."""
        await self.aside(lambda: _vacuum(self.engine))

    def close(self) -> None:
        """Commit what is queued, let running jobs end, then disconnect."""
        # They may hand notes to the writer.
        self._readers.close()
        self._writer.close()
        self._line.hang_up()
        self.engine.dispose()


class _Readers:
    """Threads that read, each on a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._lines = Lines(engine)

    async def read(self, job: Job[T]) -> T:
        return await self.work(lambda: read_in_snapshot(self._lines.mine, job))

    async def work(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None], writer: Writer
    ) -> Noted[T]:
        noted: Future[Noted[T]] = Future()

        def run() -> None:
            result = read_in_snapshot(self._lines.mine, job)
            note = note_of(result)
            if note is None:
                noted.set_result((result, None))
            else:
                writer.write_or_queue(
                    Queued(
                        lambda connection: (result, note(connection)), is_note=True, answer=noted
                    )
                )

        def work() -> None:
            try:
                run()
            except Exception as error:  # noqa: BLE001 -- it belongs to whoever asked
                noted.set_exception(error)

        self._threads.submit(work)
        return await asyncio.shield(asyncio.wrap_future(noted))

    def close(self) -> None:
        self._threads.shutdown()
        self._lines.hang_up()


def read_in_snapshot(line: Line, job: Job[T]) -> T:
    """Run a job that only reads, on a line whose transactions see one snapshot."""
    try:
        return _read_once(line, job)
    except exc.OperationalError as error:
        if not error.connection_invalidated:
            raise Busy(str(error)) from error
    # It died while nobody used it: a server was started again. What only reads may run twice.
    try:
        return _read_once(line, job)
    except exc.OperationalError as error:
        raise Busy(str(error)) from error


def _read_once(line: Line, job: Job[T]) -> T:
    with line.connected() as connection, connection.begin():
        return job(connection)


def commit_group_on_server(line: Line, group: list[Queued]) -> None:
    """Commit a group on PostgreSQL; where it breaks, or one collided, those are run again alone."""
    left = group
    if len(group) > 1:
        try:
            outcomes = _run_group(line, group)
        except Exception:  # noqa: BLE001 -- each hears what is wrong with its own job
            outcomes = []
        told = [one for one in outcomes if not _collided(one.refused)]
        for outcome in told:
            outcome.tell()
        done = {id(outcome.queued) for outcome in told}
        left = [queued for queued in group if id(queued) not in done]
    for queued in left:
        commit_alone(line, queued).tell()


def commit_alone(line: Line, queued: Queued) -> Outcome:
    """Commit one job on PostgreSQL, and try again what collides or is cut."""
    for attempt in range(1, RETRIES_MAX + 1):
        try:
            return _run_group(line, [queued])[0]
        except exc.DBAPIError as error:
            if not _collided(error) and not isinstance(error, exc.OperationalError):
                return Outcome(queued, refused=error)
            if attempt == RETRIES_MAX:
                return Outcome(queued, refused=_busy_of(error))
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever queued the job
            return Outcome(queued, refused=error)
        # Jitter, or two that collided collide again.
        time.sleep(0.005 * 2**attempt * random.random())  # noqa: S311 -- not a secret
    raise AssertionError("the last attempt returns")


def _run_group(line: Line, group: list[Queued]) -> list[Outcome]:
    with line.connected() as connection, connection.begin():
        if all(queued.is_note for queued in group):
            say(connection, "SET LOCAL synchronous_commit TO off", ())
        return run_all(connection, group)


def _closing() -> Exception:
    return Busy("the office is closing")


def _collided(error: Exception | None) -> bool:
    """Tell whether another transaction came in the way."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _COLLISIONS


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
    return _busy_of(error) if isinstance(error, exc.OperationalError) else error


def _busy_of(error: Exception) -> Busy:
    busy = Busy(str(error))
    busy.__cause__ = error
    return busy


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

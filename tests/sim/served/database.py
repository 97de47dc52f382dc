"""The office's database, held by the world: nothing in it happens by itself.

It is SQLite, in a file, with the engines and the group commit of the real one; without a thread.
On PostgreSQL: `postgres.py`.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from server.database import Job
from server.database.readers import read_in_snapshot
from server.database.sqlite import commit_group, cut_wal, sqlite_engine
from server.lines import Line
from server.writer import Queued
from tests.sim.served.stepping import Gate, Stepping

T = TypeVar("T")


class Killed(BaseException):
    """The process is gone, in the middle of a transaction. Nobody catches this."""


class HeldDatabase:
    """A `server.database.Database` whose jobs wait until the world lets them go."""

    def __init__(self, url: str, stepping: Stepping) -> None:
        self.engine, self._read_engine = self.engines(url)
        self.stepping = stepping
        self._line, self._reading_line = Line(self.engine), Line(self._read_engine)
        self._looking: sa.Connection | None = None
        self._statements_left: int | None = None
        self._trouble: Callable[[], BaseException] = Killed
        event.listen(self.engine, "before_cursor_execute", self._before_statement)
        _of_drivers[self.engine] = self._before_statement

    def engines(self, url: str) -> tuple[sa.Engine, sa.Engine]:
        """Give the engines that it writes and reads with."""
        return _engine(url, writes=True), _engine(url, writes=False)

    async def write(self, job: Job[T]) -> T:
        return await self.stepping.wait("write", job)

    async def read(self, job: Job[T]) -> T:
        return await self.stepping.wait("read", job)

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None]
    ) -> tuple[T, bool | None]:
        result = await self.read(job)
        note = note_of(result)
        return result, None if note is None else await self.write(note)

    async def aside(self, work: Callable[[], T]) -> T:
        return await self.stepping.wait("aside", work)

    async def scrub(self) -> None:
        await self.aside(lambda: cut_wal(self._read_engine))

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._before_statement)
        _of_drivers.pop(self.engine, None)
        self._line.hang_up()
        self._reading_line.hang_up()
        if self._looking is not None:
            self._looking.close()
        self._read_engine.dispose()
        self.engine.dispose()

    def let_go(self, gate: Gate) -> None:
        """Do what is waited for at a gate that is not for writing."""
        work = gate.work if gate.kind == "aside" else self.reading(gate.work)
        self.stepping.open(gate, work)

    def commit(self, gates: Sequence[Gate]) -> None:
        """Write what is waited for at these gates, in one commit, and only then answer."""
        group = [Queued(gate.work) for gate in gates]
        commit_group(self._line, group)
        for gate, queued in zip(gates, group, strict=True):
            self.stepping.open(gate, queued.answer.result)

    def run(self, job: Job[T]) -> T:
        """Do something at once, past everybody who waits."""
        with self._line.connected() as connection, connection.begin():
            return job(connection)

    def look(self, job: Job[T]) -> T:
        """Read by one statement that goes to the driver itself; it needs no transaction."""
        if self._looking is None:
            self._looking = self._read_engine.connect()
        return job(self._looking)

    def fail_after(self, statements: int, trouble: Callable[[], BaseException]) -> None:
        """Let the next transaction fail at one of its statements, if it has so many."""
        self._statements_left, self._trouble = statements, trouble

    def end_trouble(self) -> bool:
        """Let nothing fail any more; tell whether something has."""
        has_failed, self._statements_left = self._statements_left == -1, None
        return has_failed

    def reading(self, job: Job[T]) -> Callable[[], T]:
        """Give what reads in one snapshot."""
        return partial(read_in_snapshot, self._reading_line, job)

    def _before_statement(self, *_given: Any) -> None:
        if self._statements_left is None or self._statements_left < 0:
            return
        self._statements_left -= 1
        if self._statements_left < 0:
            raise self._trouble()


_of_drivers: dict[sa.Engine, Callable[[], None]] = {}
"""What is asked before each statement that goes to a driver past SQLAlchemy, by engine."""


@cache
def _engine(url: str, *, writes: bool) -> sa.Engine:
    # The same for all lives of an office: an engine remembers the statements that it has compiled.
    engine = sqlite_engine(url, writes=writes)

    class Told(sqlite3.Connection):
        def execute(self, *given: Any) -> sqlite3.Cursor:
            _before(engine, given[0])
            return super().execute(*given)

        def executemany(self, *given: Any) -> sqlite3.Cursor:
            _before(engine, given[0])
            return super().executemany(*given)

    @event.listens_for(engine, "do_connect")
    def on_connect(_dialect: Any, _record: Any, _args: Any, told: dict[str, Any]) -> None:
        told["factory"] = Told

    return engine


def _before(engine: sa.Engine, statement: str) -> None:
    # Of what stands around a job nothing is counted, as SQLAlchemy counts none of its own.
    if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
        before_statement(engine)


def before_statement(engine: sa.Engine) -> None:
    """Ask the world before a statement that goes to a driver past SQLAlchemy."""
    _of_drivers.get(engine, lambda: None)()


def is_locked() -> exc.OperationalError:
    """Give what SQLite says when it has waited too long, or has no room left."""
    return exc.OperationalError("", None, sqlite3.OperationalError("database is locked"))

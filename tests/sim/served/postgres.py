"""The same office on PostgreSQL: a real server, of which the world holds each transaction.

1. There is one server for the process; each world has a fresh copy of one database in it.
2. A dead office leaves what it had committed: nothing of it lies in its own memory. So there is no
   disk of its own to look at, and no standby of ours: those are PostgreSQL's.
3. Transactions go one after the other, as the world says; that real ones at once lose nothing is
   for `tests/campaigns`.
"""

import atexit
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache, partial
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from server.database import Job
from server.database.postgresql import commit_alone
from server.lines import Line
from server.writer import Queued
from tests.sim.served.database import HeldDatabase, before_statement
from tests.sim.served.folder import Folder, data_folder, make_template, settings_in
from tests.sim.served.stepping import Gate, Stepping
from tests.support.postgres import Postgres, running_postgres

T = TypeVar("T")

MADE: Final = "made"
WORLD: Final = "world"
LETS_GO_SECONDS: Final = 20
"""A server process that was left ends within milliseconds, if the machine has time for it."""

# Of what stands around a job nothing is counted, as SQLAlchemy counts none of its own.
AROUND: Final = ("SET", "SHOW", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class HeldPostgres(HeldDatabase):
    """A `server.database.PostgresDatabase` whose jobs wait until the world lets them go."""

    def __init__(self, url: str, stepping: Stepping) -> None:
        """Connect with the first job."""
        super().__init__(url, stepping)
        snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._reading_line = Line(snapshots)

    def engines(self, url: str) -> tuple[sa.Engine, sa.Engine]:
        """Give the one engine that it writes and reads with."""
        return _engine(url), _engine(url)

    async def scrub(self) -> None:
        """Leave what was written over to the server, as nobody else is at work on it."""

    def look(self, job: Job[T]) -> T:
        """Read, and leave no transaction open behind it, as this driver would."""
        return self.run(job)

    def commit(self, gates: Sequence[Gate]) -> None:
        """Write what is waited for at these gates: each in its own transaction, in this order."""
        for gate in gates:
            self.stepping.open(gate, partial(self._commit, gate.work))

    def _commit(self, job: Job[T]) -> object:
        outcome = commit_alone(self._line, Queued(job))
        if outcome.refused is not None:
            raise outcome.refused
        return outcome.result


class FolderOnPostgres(Folder):
    """An office's folder; its database is at the server."""

    def __init__(self) -> None:
        self.data = data_folder()
        self.settings = settings_in(self.data, _server().url(WORLD))

    def begin(self) -> None:
        """Put the folder and the database as a new office has them."""
        super().begin()
        _server().drop_database(WORLD)
        _server().execute(f"create database {WORLD} template {MADE} strategy file_copy")

    def template(self) -> str:
        """Give where an office lies that nothing has happened at."""
        _template_database()
        return make_template(_server().url(MADE))

    def disk(self) -> dict[str, bytes]:
        """Give nothing: what was committed stands."""
        return {}

    def put_disk(self, files: dict[str, bytes]) -> None:
        """Put nothing."""

    def let_go(self) -> None:
        """Wait until the server has noticed that the office is gone."""
        _await_nobody()


@cache
def _server() -> Postgres:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(running_postgres(keeps_promises=False))


@cache
def _template_database() -> None:
    _server().execute(f"create database {MADE}")


def _await_nobody() -> None:
    deadline = time.monotonic() + LETS_GO_SECONDS
    others = f"select count(*) from pg_stat_activity where datname = '{WORLD}'"
    with psycopg.connect(
        dbname="postgres", user="postgres", host=str(_server().folder), autocommit=True
    ) as connection:
        while True:
            found = connection.execute(others.encode()).fetchone()
            if found == (0,):
                return
            assert time.monotonic() < deadline, "somebody still works at the dead office's database"
            time.sleep(0.002)


@cache
def _engine(url: str) -> sa.Engine:
    # The same for all lives of an office: an engine remembers the statements that it has compiled.
    engine = sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")

    class Told(psycopg.Connection[Any]):
        def execute(self, query: Any, *given: Any, **named: Any) -> Any:
            if not str(query).startswith(AROUND):
                before_statement(engine)
            return super().execute(query, *given, **named)

    @event.listens_for(engine, "do_connect")
    def on_connect(_dialect: Any, _record: Any, given: Any, told: dict[str, Any]) -> Any:
        return Told.connect(*given, **told)

    return engine

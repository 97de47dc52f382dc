"""The same over a server: what collides with another process is tried again."""

import random
import time

import sqlalchemy as sa
from sqlalchemy import exc

from server.database.port import busy_of
from server.database.readers import THREADS
from server.database.served import Served
from server.lines import Line
from server.statements import say
from server.writer import Outcome, Queued, run_all

RETRIES_MAX = 8
"""How often a job that collided with another on PostgreSQL is tried again."""

_COLLISIONS = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and a unique key that another transaction wrote first."""


class PostgresDatabase(Served):
    """The same over a server: what collides with another process is tried again."""

    def __init__(self, url: str) -> None:
        """Connect lazily; nothing is sent until the first job."""
        engine = sa.create_engine(
            url,
            pool_size=2 * THREADS,
            max_overflow=0,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
        )
        # All statements of a reader's job see the same rows.
        reading = engine.execution_options(isolation_level="REPEATABLE READ")
        super().__init__(engine, reading, commit_group)

    async def scrub(self) -> None:
        """Let PostgreSQL take back the rows that were written over; its own log is its keeper's."""
        await self.aside(lambda: _vacuum(self.engine))


def commit_group(line: Line, group: list[Queued]) -> None:
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
                return Outcome(queued, refused=busy_of(error))
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


def _collided(error: Exception | None) -> bool:
    """Tell whether another transaction came in the way."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _COLLISIONS


def _vacuum(engine: sa.Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")

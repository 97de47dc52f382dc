"""What everybody above sees of the office's database.

A job is a plain function of a connection. It is committed before `write` returns, never after.
A job may run twice (PostgreSQL retries what collided), so it must touch nothing but the database.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
Job = Callable[[sa.Connection], T]
AnyRow = sa.Row[*tuple[Any, ...]]

Noted = tuple[T, bool | None]
"""What a job gave, and what its note did: nothing where there was none."""

metadata = sa.MetaData()


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


def busy_of(error: Exception) -> Busy:
    """Give what the driver refused as what may be asked again."""
    busy = Busy(str(error))
    busy.__cause__ = error
    return busy

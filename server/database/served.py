"""What both databases have in common: one writer that commits in groups, and readers."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from server.database.port import Busy, Job, Noted, T
from server.database.readers import Readers
from server.lines import Line
from server.writer import Queued, Writer


class Served:
    """What both databases have: a writer that commits in groups, and readers beside it."""

    def __init__(
        self, engine: sa.Engine, reading: sa.Engine, commit: Callable[[Line, list[Queued]], None]
    ) -> None:
        """Connect lazily; nothing is sent until the first job."""
        self.engine = engine
        self._readers = Readers(reading)
        self._line = Line(engine)
        self._writer = Writer(partial(commit, self._line), _closing)

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

    def close(self) -> None:
        """Commit what is queued, let running jobs end, then disconnect."""
        # They may hand notes to the writer.
        self._readers.close()
        self._writer.close()
        self._line.hang_up()
        self.engine.dispose()


def _closing() -> Exception:
    return Busy("the office is closing")

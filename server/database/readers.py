"""Threads that read, each on a connection of its own, and may leave a note to the writer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy import exc

from server.database.port import Busy, Job, Noted, T
from server.lines import Line, Lines
from server.writer import Queued, Writer

THREADS = 4
"""Readers. More than twice the processors gains nothing."""


class Readers:
    """The threads, for both databases."""

    def __init__(self, engine: sa.Engine) -> None:
        """Connect lazily."""
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._lines = Lines(engine)

    async def read(self, job: Job[T]) -> T:
        """Run the job in one snapshot."""
        return await self.work(lambda: read_in_snapshot(self._lines.mine, job))

    async def work(self, work: Callable[[], T]) -> T:
        """Run what needs no connection."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def read_and_note(
        self, job: Job[T], note_of: Callable[[T], Job[bool] | None], writer: Writer
    ) -> Noted[T]:
        """Run the job, and then its note; where the writer is busy, that one takes the note."""
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
        """Let running jobs end, then disconnect."""
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

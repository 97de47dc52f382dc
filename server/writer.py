"""The one thread that writes: what is queued together is committed together."""

import asyncio
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import exc

from server.statements import say

GROUP_JOBS_MAX = 64
"""Jobs that share one commit: more only lengthens the wait of the first one."""


class JointJob(ABC):
    """A job that costs less together with others of its kind than after them."""

    @abstractmethod
    def __call__(self, connection: sa.Connection) -> Any:  # noqa: ANN401 -- whatever the job gives
        """Do it alone."""

    @abstractmethod
    def may_join(self, others: Sequence[Self]) -> bool:
        """Tell whether it has nothing to do with those that were queued before it."""

    @classmethod
    @abstractmethod
    def do_together(cls, connection: sa.Connection, jobs: Sequence[Self]) -> Sequence[Any]:
        """Do several at once; whatever it raises, they are undone and done one after the other."""


@dataclass
class Queued:
    """A job that waits for the writer; a note may be undone by a power cut."""

    job: Callable[[sa.Connection], Any]
    is_note: bool = False
    answer: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True)
class Outcome:
    """What a job gave, or what it refused with; to be told once the commit has returned."""

    queued: Queued
    result: object = None
    refused: Exception | None = None

    def tell(self) -> None:
        """Tell whoever waits for it."""
        if self.refused is None:
            self.queued.answer.set_result(self.result)
        else:
            self.queued.answer.set_exception(self.refused)


class Writer:
    """A thread that hands groups of queued jobs to whoever commits them and tells each its outcome.

    `closed` makes what they hear who come when it has ended.
    """

    def __init__(
        self, commit_group: Callable[[list[Queued]], None], closed: Callable[[], Exception]
    ) -> None:
        """Start the thread."""
        self._commit_group = commit_group
        self._closed = closed
        self._queue: queue.SimpleQueue[Queued | None] = queue.SimpleQueue()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="write", daemon=True)
        self._thread.start()

    async def write(self, queued: Queued) -> Any:  # noqa: ANN401 -- whatever the job gives
        """Queue a job, and return after the commit of its group."""
        if not self._thread.is_alive():
            raise self._closed()
        self._queue.put(queued)
        # Shielded: whoever asked may go away, but the commit must not meet a cancelled future.
        return await asyncio.shield(asyncio.wrap_future(queued.answer))

    def write_or_queue(self, queued: Queued) -> None:
        """Write a job in the thread that asks if nothing else is being written, else queue it.

        Passing it to another thread and back takes longer than a small job does.
        """
        if not self._at_work.acquire(blocking=False):
            self._queue.put(queued)
            return
        try:
            self._commit_group([queued])
        finally:
            self._at_work.release()

    def close(self) -> None:
        """Return when all that is queued is committed."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group: list[Queued] = [first]
            ending = False
            while len(group) < GROUP_JOBS_MAX and not self._queue.empty():
                queued = self._queue.get()
                if queued is None:
                    ending = True
                    break
                group.append(queued)
            with self._at_work:
                self._commit_group(group)
            if ending:
                break
        # Whoever came too late must hear of it, or they would wait for ever.
        while not self._queue.empty():
            late = self._queue.get()
            if late is not None:
                late.answer.set_exception(self._closed())


def run_all(connection: sa.Connection, group: list[Queued]) -> list[Outcome]:
    """Run the jobs of a group in the transaction that is open.

    Raises what puts the whole group in doubt: a full disk, a lock, a connection that was cut.
    """
    if len(group) == 1:  # nobody else's work to protect, so no savepoint to pay for
        return [Outcome(group[0], group[0].job(connection))]
    return [outcome for joint in _joined(group) for outcome in _run_joint(connection, joint)]


def _joined(group: Iterable[Queued]) -> Iterator[list[Queued]]:
    """Part a group into those that can be done at once, in the order of the queue."""
    joint: list[Queued] = []
    for queued in group:
        if joint and not _may_join(queued.job, [one.job for one in joint]):
            yield joint
            joint = []
        joint.append(queued)
    if joint:
        yield joint


def _may_join(job: object, others: Sequence[Any]) -> bool:
    return (
        isinstance(job, JointJob)
        and all(type(other) is type(job) for other in others)
        and job.may_join(others)
    )


def _run_joint(connection: sa.Connection, joint: list[Queued]) -> list[Outcome]:
    jobs = [queued.job for queued in joint if isinstance(queued.job, JointJob)]
    if len(jobs) > 1:
        whole = Queued(partial(type(jobs[0]).do_together, jobs=jobs))
        outcome = _run_in_savepoint(connection, whole)
        if isinstance(outcome.result, Sequence):
            return [Outcome(*one) for one in zip(joint, outcome.result, strict=True)]
    return [_run_in_savepoint(connection, queued) for queued in joint]


def _run_in_savepoint(connection: sa.Connection, queued: Queued) -> Outcome:
    """Run one job of a group so that its failure undoes nothing of the others."""
    try:
        say(connection, "SAVEPOINT job", ())
        result = queued.job(connection)
        say(connection, "RELEASE job", ())
    except exc.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 -- it belongs to whoever queued the job
        say(connection, "ROLLBACK TO job", ())
        say(connection, "RELEASE job", ())
        return Outcome(queued, refused=error)
    return Outcome(queued, result)

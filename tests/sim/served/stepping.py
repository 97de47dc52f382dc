"""The office's event loop, one await at a time.

A request to the real application, or a deed at the desk, runs as a task until it waits for the
database. There the world holds it: it lets it go, or another one first, or nobody ever again.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
Kind = Literal["read", "write", "aside"]

TURNS_MAX = 2_000
"""Turns of the loop from one wait to the next; more is a wait that the world knows nothing of."""


@dataclass
class Gate:
    """Where a call waits for the database, and what it waits for."""

    kind: Kind
    work: Callable[..., Any]
    passed: "asyncio.Future[Any]"
    call: "Call[Any] | None"
    # The application may go on working beside a call, in a task of its own.
    is_beside: bool = False


@dataclass
class Call(Generic[T]):
    """A request or a deed on its way through the office."""

    task: "asyncio.Task[T]" = field(init=False)
    gate: Gate | None = None
    # It waits until another call has ended its turn.
    is_parked: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether it has come to its end."""
        return self.task.done()


_current: ContextVar[Call[Any]] = ContextVar("_current")


class TurnLock(asyncio.Lock):
    """A lock of the application's, for which calls wait in the sight of the world."""

    async def acquire(self) -> Literal[True]:
        """Wait for it."""
        call = _current.get(None)
        if call is None or not self.locked():
            return await super().acquire()
        call.is_parked = True
        try:
            return await super().acquire()
        finally:
            call.is_parked = False


class Stepping:
    """One event loop, and all calls and gates in it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.calls: list[Call[Any]] = []
        # Whoever waits, in the order of their coming; also for callers that have gone away.
        self.gates: list[Gate] = []

    def begin(self, deed: Coroutine[Any, Any, T]) -> Call[T]:
        """Start a call, and run it up to its first wait."""
        call: Call[T] = Call()
        context = copy_context()
        context.run(_current.set, call)
        call.task = self.loop.create_task(deed, context=context)
        self.calls.append(call)
        self.settle()
        return call

    async def wait(self, kind: Kind, work: Callable[..., T]) -> T:
        """Wait, within a call, until the world lets this go; give what came of it."""
        call = _current.get(None)
        is_beside = call is None or asyncio.current_task() is not call.task
        gate = Gate(kind, work, self.loop.create_future(), call, is_beside)
        self.gates.append(gate)
        if call is not None and not is_beside:
            call.gate = gate
        # Shielded: whoever asked may go away, and what is queued is done all the same.
        result: T = await asyncio.shield(gate.passed)
        return result

    def open(self, gate: Gate, outcome: Callable[[], Any]) -> None:
        """Let whoever waits at a gate have an outcome, or the exception that comes of it."""
        self.gates.remove(gate)
        if gate.call is not None and gate.call.gate is gate:
            gate.call.gate = None
        try:
            gate.passed.set_result(outcome())
        except Exception as refused:  # noqa: BLE001 -- it belongs to whoever waits
            gate.passed.set_exception(refused)
            gate.passed.exception()  # looked at, also where nobody is there to

    def settle(self) -> None:
        """Run everybody up to their next wait, or to the end."""
        for _ in range(TURNS_MAX):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
            if all(call.is_over or call.is_parked or call.gate for call in self.calls):
                self.calls = [call for call in self.calls if not call.is_over]
                return
        raise AssertionError("the office waits for something that the world does not know")

    def leave(self, call: Call[Any]) -> None:
        """Let the caller go away in the middle, as a client does whose network is cut."""
        call.gate = None
        call.task.cancel()
        self.settle()

    def kill(self) -> None:
        """End everybody where they stand: nothing of what they wait for happens."""
        left = [task for task in asyncio.all_tasks(self.loop) if not task.done()]
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(asyncio.wait(left))
        self.calls, self.gates = [], []

    def close(self) -> None:
        """End everybody, and the loop."""
        self.kill()
        self.loop.close()

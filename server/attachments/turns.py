"""One at a time writes to an upload; whoever comes later asks the earlier one to leave.

A line that died is noticed late: without this, a device that came back would find its upload in
use by its own earlier request, sometimes for minutes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class _Turn:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.leave = asyncio.Event()


class Turns:
    """Who has which upload, in this process: the only one that writes to its files."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, upload: str) -> AsyncIterator[asyncio.Event]:
        """Hold an upload; the event is set when somebody newer waits for it."""
        turn = self._turns.get(upload)
        if turn is None:
            turn = self._turns[upload] = _Turn()
        turn.leave.set()
        async with turn.lock:
            turn.leave = asyncio.Event()
            yield turn.leave

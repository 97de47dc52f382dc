"""Tells open pages of the desk that there is something new; never what it is.

A hint may be lost or come twice: whoever hears one asks the database.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TOPICS_WAITING_MAX = 64
"""Hints that one slow listener may fall behind by; the oldest are dropped."""


class Live:
    """The listeners of this process."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def announce(self, topic: str) -> None:
        """Say that something behind this topic changed. Call it after the commit, on the loop."""
        for listener in self._listeners:
            _put(listener, topic)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[str]]:
        """Listen while the context is open; the iterator ends when the office closes."""
        listener: asyncio.Queue[str | None] = asyncio.Queue(TOPICS_WAITING_MAX)
        self._listeners.add(listener)
        try:
            yield _topics(listener)
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Send everybody home, so that open streams do not keep the server from stopping."""
        for listener in self._listeners:
            _put(listener, None)


def _put(listener: asyncio.Queue[str | None], topic: str | None) -> None:
    if listener.full():
        listener.get_nowait()
    listener.put_nowait(topic)


async def _topics(listener: asyncio.Queue[str | None]) -> AsyncIterator[str]:
    while (topic := await listener.get()) is not None:
        yield topic

"""Tells an open page that there is something new, by Server-Sent Events.

The stream carries topics, never data: the page asks again for the fragment that it shows, through
the same door as always. A stream ends when its session has.
"""

import asyncio
from collections.abc import AsyncIterator

from litestar import get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    Receive,
    Scope,
    Send,
    WebSocketReceiveMessage,
)

from server.answers import AnyRequest
from server.desk.door import EVENTS, desk_rooms, enter, find_viewer
from server.office import Office

QUIET_SECONDS = 20.0
"""After so long without news a comment goes out, so that no proxy thinks the line is dead."""

GATHER_SECONDS = 0.15
"""Hints that come within this of the first are one event: a batch of fifty is one refresh."""


def ending_quietly(app: ASGIApp) -> ASGIApp:
    """Let a stream that the stopping server cuts end like one whose page was closed.

    The server then cancels the wait for the page's next word, and not the stream itself; it would
    be logged as a fault of ours.
    """

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        async def next_word() -> "HTTPReceiveMessage | WebSocketReceiveMessage":
            try:
                return await receive()
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                return {"type": "http.disconnect"}

        await app(scope, next_word, send)

    return stream


@get(EVENTS, middleware=[ending_quietly])
async def events(request: AnyRequest, office: NamedDependency[Office]) -> ServerSentEvent:
    """Open the stream of hints for one page."""
    await enter(request, office)
    return ServerSentEvent(
        messages(request, office),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def messages(request: AnyRequest, office: Office) -> AsyncIterator[ServerSentEventMessage]:
    """Give topics as events while the session runs and the office is open."""
    yield ServerSentEventMessage(comment="open", retry=1_000)
    async with office.live.subscribe() as topics:
        waiting = asyncio.ensure_future(anext(topics, None))
        try:
            while True:
                done, _ = await asyncio.wait({waiting}, timeout=QUIET_SECONDS)
                if not done:
                    if await find_viewer(request, office) is None:
                        return
                    yield ServerSentEventMessage(comment="quiet")
                    continue
                gathered: list[str] = []
                while waiting.done():
                    topic = waiting.result()
                    if topic is None:
                        return
                    if topic not in gathered:
                        gathered.append(topic)
                    waiting = asyncio.ensure_future(anext(topics, None))
                    await asyncio.wait({waiting}, timeout=GATHER_SECONDS)
                for topic in gathered:
                    yield ServerSentEventMessage(event=topic, data="new")
        finally:
            waiting.cancel()


handlers = desk_rooms(events)

"""The stream that tells open pages to look again."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from server.answers import AnyRequest
from server.desk import events
from server.live import Live
from server.office import Office


async def gather(live: Live, count: int, topics: list[str]) -> list[str | None]:
    """Listen, let topics be announced, and give the first events that come."""
    office = cast("Office", SimpleNamespace(live=live))
    stream = events.messages(cast("AnyRequest", None), office)
    heard = [await anext(stream)]
    for topic in topics:
        asyncio.get_running_loop().call_later(0.01, live.announce, topic)
    heard += [await anext(stream) for _ in range(count)]
    await cast("Any", stream).aclose()
    return [message.event for message in heard]


async def test_a_burst_of_hints_is_one_event_a_topic() -> None:
    topics = ["dossiers", "dossier:1", "dossiers", "dossiers"]

    heard = await gather(Live(), 2, topics)

    assert heard == [None, "dossiers", "dossier:1"]


async def test_the_stream_ends_when_the_office_closes() -> None:
    live = Live()
    office = cast("Office", SimpleNamespace(live=live))
    stream = events.messages(cast("AnyRequest", None), office)
    await anext(stream)

    asyncio.get_running_loop().call_later(0.01, live.close)

    assert [message async for message in stream] == []


async def test_the_stream_ends_with_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(_request: object, _office: object) -> None:
        return None

    monkeypatch.setattr(events, "QUIET_SECONDS", 0.01)
    monkeypatch.setattr(events, "find_viewer", nobody)
    office = cast("Office", SimpleNamespace(live=Live()))

    heard = [message async for message in events.messages(cast("AnyRequest", None), office)]

    assert [message.comment for message in heard] == ["open"]


async def _heard(receive: Any) -> list[str]:
    """Give what a stream hears of its page, through what ends it quietly."""
    heard: list[str] = []

    async def app(_scope: object, receive: Any, _send: object) -> None:
        heard.append((await receive())["type"])

    await cast("Any", events.ending_quietly(cast("Any", app)))({}, receive, None)
    return heard


async def test_a_stopping_server_closes_a_stream_like_its_page() -> None:
    cut: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.01, cut.cancel)

    assert await _heard(lambda: cut) == ["http.disconnect"]


async def test_a_stream_that_is_cancelled_itself_ends_at_once() -> None:
    never: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
    hearing = asyncio.ensure_future(_heard(lambda: never))
    await asyncio.sleep(0)
    hearing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await hearing

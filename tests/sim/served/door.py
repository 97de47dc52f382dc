"""A request to the application as a server hands it in, without a server."""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar

from server.bodies import deflate, inflate
from tests.sim.papers.door import DoorAnswer, DoorRequest
from tests.sim.ports import OK, Reply

MSGPACK = b"application/vnd.msgpack"
PACKED_FROM_BYTES = 1024
PIECES = 3


async def exchange(app: Litestar, body: bytes) -> Reply:
    """Send one exchange, packed as the field app packs it; give the answer unpacked."""
    is_packed = len(body) >= PACKED_FROM_BYTES
    headers = [
        (b"host", b"office.test"),
        (b"content-type", MSGPACK),
        (b"accept", MSGPACK),
        (b"accept-encoding", b"gzip"),
    ]
    if is_packed:
        headers.append((b"content-encoding", b"gzip"))
    pieces = _pieces(deflate(body) if is_packed else body)
    status, told, content = await _ask(app, _scope("POST", "/sync/exchange", headers), pieces)
    packed = told.get("content-encoding") == "gzip"
    return Reply(status, inflate(content) if packed and status == OK else content)


async def knock(app: Litestar, asked: DoorRequest) -> DoorAnswer:
    """Send one request to the attachments' door; where it is cut, the line ends with it."""
    headers = [(name.encode(), value.encode()) for name, value in asked.headers.items()]
    scope = _scope(asked.method, asked.address, [(b"host", b"office.test"), *headers])
    pieces = _pieces(asked.body, is_cut=asked.is_cut)
    return DoorAnswer(*await _ask(app, scope, pieces))


async def _ask(
    app: Litestar, scope: dict[str, Any], pieces: Iterator[dict[str, Any]]
) -> tuple[int, dict[str, str], bytes]:
    status, told, parts = 0, {}, bytearray()

    async def receive() -> dict[str, Any]:
        return next(pieces, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        nonlocal status, told
        if message["type"] == "http.response.start":
            status = message["status"]
            told = {name.decode().lower(): text.decode() for name, text in message["headers"]}
        else:
            parts.extend(message.get("body", b""))

    await app(scope, receive, send)  # type: ignore[arg-type]  # ASGI as plain maps
    return status, told, bytes(parts)


def _pieces(body: bytes, *, is_cut: bool = False) -> Iterator[dict[str, Any]]:
    step = len(body) // PIECES + 1
    for start in range(0, len(body), step):
        rest = start + step
        yield {
            "type": "http.request",
            "body": body[start:rest],
            "more_body": is_cut or rest < len(body),
        }
    if not body and not is_cut:
        yield {"type": "http.request", "body": b"", "more_body": False}


def _scope(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("office.test", 80),
        "extensions": {},
        "state": {},
    }

"""The devices' door: the five `/sync/` addresses. It reads, asks the deeds, and answers."""

from typing import Any, Final

from litestar import Request, Response, asgi, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.params import FromPath
from litestar.types import Receive, Scope, Send

from server.answers import MSGPACK, asker_of
from server.bodies import (
    AT_ONCE_BYTES,
    PACKED_FROM_BYTES,
    AnyConnection,
    deflate,
    inflate,
    is_packed,
    read_packed,
)
from server.clock import now_ms
from server.exchange import exchange as exchanges
from server.exchange import joining, subscribing
from server.office import Office

AnyRequest = Request[Any, Any, State]

LOOSE_SHARE: Final = 8
"""To pack an answer of which less than this share is loose costs more time than it saves bytes."""

NO_STORE: Final = {"Cache-Control": "no-store"}


@post("/sync/enrolment", status_code=200, request_max_body_size=None)
async def enrolment(request: AnyRequest, office: NamedDependency[Office]) -> Response[bytes]:
    """Let a device ask to join."""
    office.rates.count_stranger("enrolment", asker_of(request), now_ms())
    body = await _body(request, office)
    return await _sealed(request, office, await joining.enrol_device(office, body, now_ms()))


@post("/sync/seats", status_code=200, request_max_body_size=None)
async def seat(request: AnyRequest, office: NamedDependency[Office]) -> Response[bytes]:
    """Let a person sign in on a device."""
    body = await _body(request, office)
    return await _sealed(request, office, await joining.sign_in_on_device(office, body, now_ms()))


@asgi("/sync/exchange", copy_scope=False)
async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
    """Take what a device hands in, and answer with what is new for it.

    Every phone asks here all day, mostly for nothing: it goes past what Litestar does for a route,
    which costs as much as half of such an answer. Mistakes are answered as everywhere else.
    """
    if scope.get("method") != "POST":
        raise MethodNotAllowedException(headers={"Allow": "POST"})
    request: AnyConnection = ASGIConnection(scope, receive, send)
    office: Office = scope["litestar_app"].state["office"]
    body = await _body(request, office)
    answer = await exchanges.exchange(office, body, now_ms())
    content, headers = await _packed(request, office, answer.envelope, answer.packed)
    headers |= {"Content-Type": MSGPACK, "Content-Length": str(len(content))}
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(name.lower().encode(), said.encode()) for name, said in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": content, "more_body": False})


@get("/sync/reference")
async def reference(request: AnyRequest, office: NamedDependency[Office]) -> Response[bytes]:
    """Give the signed bundle of procedures and areas, or say that it has not changed."""
    etag = f'"{office.reference.etag}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if any(tag.strip().removeprefix("W/") in (etag, "*") for tag in known.split(",")):
        return Response(b"", status_code=304, headers=headers)
    office.rates.count_reference(asker_of(request), now_ms())
    if _takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(office.reference.packed, media_type=MSGPACK, headers=headers)
    return Response(office.reference.envelope, media_type=MSGPACK, headers=headers)


@get("/sync/clips/{digest:str}")
async def clip(office: NamedDependency[Office], digest: FromPath[str]) -> Response[bytes]:
    """Give a recording that the reference data name; it is kept for good, by its digest."""
    found = office.clips.get(digest)
    if found is None:
        raise NotFoundException(detail="no such recording")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.type, headers=headers)


@post("/sync/push", status_code=200, request_max_body_size=None)
async def push(request: AnyRequest, office: NamedDependency[Office]) -> Response[bytes]:
    """Hear whom a device is to be woken for."""
    body = await _body(request, office)
    return await _sealed(request, office, await subscribing.hear_wish(office, body, now_ms()))


handlers = [enrolment, seat, exchange, reference, clip, push]


async def _body(request: AnyConnection, office: Office) -> bytes:
    packed = await read_packed(request)
    if not is_packed(request):
        return packed
    if len(packed) <= AT_ONCE_BYTES:
        return inflate(packed)
    return await office.database.aside(lambda: inflate(packed))


async def _sealed(request: AnyConnection, office: Office, envelope: bytes) -> Response[bytes]:
    content, headers = await _packed(request, office, envelope, 0)
    return Response(content, media_type=MSGPACK, headers=headers)


async def _packed(
    request: AnyConnection, office: Office, envelope: bytes, packed: int
) -> tuple[bytes, dict[str, str]]:
    """Pack an envelope where more of it than a little is not packed yet; tell so in headers."""
    headers = dict(NO_STORE)
    loose = len(envelope) - packed
    if loose < max(PACKED_FROM_BYTES, packed // LOOSE_SHARE) or not _takes_gzip(request):
        return envelope, headers
    if len(envelope) <= AT_ONCE_BYTES:
        content = deflate(envelope)
    else:
        content = await office.database.aside(lambda: deflate(envelope))
    return content, headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


def _takes_gzip(request: AnyConnection) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")

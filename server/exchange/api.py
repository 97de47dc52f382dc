"""The devices' door: the four `/sync/` addresses. It reads, asks the deeds, and answers."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency

from server.answers import MSGPACK, asker_of
from server.bodies import AT_ONCE_BYTES, PACKED_FROM_BYTES, deflate, inflate, is_packed, read_packed
from server.clock import now_ms
from server.exchange import exchange as exchanges
from server.exchange import joining
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


@post("/sync/exchange", status_code=200, request_max_body_size=None)
async def exchange(request: AnyRequest, office: NamedDependency[Office]) -> Response[bytes]:
    """Take what a device hands in, and answer with what is new for it."""
    body = await _body(request, office)
    answer = await exchanges.exchange(office, body, now_ms())
    return await _sealed(request, office, answer.envelope, answer.packed)


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


handlers = [enrolment, seat, exchange, reference]


async def _body(request: AnyRequest, office: Office) -> bytes:
    packed = await read_packed(request)
    if not is_packed(request):
        return packed
    if len(packed) <= AT_ONCE_BYTES:
        return inflate(packed)
    return await office.database.aside(lambda: inflate(packed))


async def _sealed(
    request: AnyRequest, office: Office, envelope: bytes, packed: int = 0
) -> Response[bytes]:
    """Answer with an envelope, packed where more of it than a little is not packed yet."""
    headers = dict(NO_STORE)
    loose = len(envelope) - packed
    if loose >= max(PACKED_FROM_BYTES, packed // LOOSE_SHARE) and _takes_gzip(request):
        if len(envelope) <= AT_ONCE_BYTES:
            envelope = deflate(envelope)
        else:
            envelope = await office.database.aside(lambda: deflate(envelope))
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(envelope, media_type=MSGPACK, headers=headers)


def _takes_gzip(request: AnyRequest) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")

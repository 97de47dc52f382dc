"""The devices' door to attachments: tus 1.0 below `/sync/attachments/`, and reading by record."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from email.utils import formatdate
from functools import partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from litestar import HttpMethod, Response, Router, delete, get, head, patch, post, route
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.middleware import ASGIMiddleware
from litestar.params import FromPath
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.answers import AnyRequest
from server.attachments.creation import Upload, create_upload, forget_upload, get_upload
from server.attachments.naming import FIELD
from server.attachments.reading import get_held, hand_out, headers_of
from server.attachments.reception import Reception, aside
from server.attachments.rights import Bearer, get_bearer, holds
from server.attachments.rules import (
    ALGORITHMS,
    PIECE_TYPE,
    TUS_EXTENSIONS,
    TUS_VERSION,
    AttachmentName,
    UnknownAttachment,
    UnsupportedType,
    UnsupportedVersion,
    read_checksum,
    read_creation,
    read_name,
    read_number,
)
from server.attachments.staging import Staging
from server.attachments.turns import Turns
from server.bodies import ClientGone
from server.clock import now_ms
from server.dossiers.findings import Raised, raise_once
from server.office import Office
from server.tokens import read_token
from sync.limits import ATTACHMENT_BYTES_MAX, ATTACHMENT_PIECE_BYTES_MAX
from sync.refusals import Malformed, TooLarge

PAUSE_SECONDS_MAX: Final = 60.0
"""A line that brings nothing for so long is dead; what it brought is kept."""

LEAVE_SECONDS: Final = 0.3
"""What a broken line has brought as far as this machine is taken in before somebody newer comes."""

_turns: Final = Turns()


class SpeakTus(ASGIMiddleware):
    """Every answer of this door, also one that is an error, says which tus is spoken."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Add the headers at the beginning of an answer."""

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = [(b"tus-resumable", TUS_VERSION.encode())]
                if message["status"] == 412:  # noqa: PLR2004 -- another version was asked for
                    said.append((b"tus-version", TUS_VERSION.encode()))
                message["headers"] = [*message["headers"], *said]
            await send(message)

        await next_app(scope, receive, send_with_version)


@route(["/", "/{upload:str}"], http_method=[HttpMethod.OPTIONS], status_code=204)
async def options() -> Response[None]:
    """Say what is spoken here; anybody may ask."""
    return Response(
        None,
        status_code=204,
        headers={
            "Tus-Version": TUS_VERSION,
            "Tus-Extension": TUS_EXTENSIONS,
            "Tus-Max-Size": str(ATTACHMENT_BYTES_MAX),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@post("/", status_code=201)
async def create(request: AnyRequest, office: NamedDependency[Office]) -> Response[None]:
    """Begin an upload."""
    now = now_ms()
    bearer = await _bearer(request, office, now)
    told = request.headers
    wanted = read_creation(told.get("upload-length"), told.get("upload-metadata"))
    expires_at = now + office.settings.upload_ms
    upload = await office.database.write(
        lambda connection: create_upload(connection, bearer, wanted, now, expires_at)
    )
    headers = {**_headers(upload), "Location": f"/sync/attachments/{upload.id}"}
    return Response(None, status_code=201, headers=headers)


@head("/{upload:str}")
async def ask(
    request: AnyRequest, office: NamedDependency[Office], upload: FromPath[str]
) -> Response[None]:
    """Tell how far an upload is; bytes that are still coming in elsewhere are kept first."""
    now = now_ms()
    bearer = await _bearer(request, office, now)
    await _find(office, bearer, upload, now)
    async with _turns.take(upload):
        found = await _find(office, bearer, upload, now)
    headers = {**_headers(found), "Upload-Length": str(found.length)}
    return Response(None, headers={**headers, "Cache-Control": "no-store"})


@patch("/{upload:str}", status_code=204, request_max_body_size=None)
async def resume(
    request: AnyRequest, office: NamedDependency[Office], upload: FromPath[str]
) -> Response[None]:
    """Take the next piece of an upload."""
    return await _receive(request, office, upload)


@delete("/{upload:str}", status_code=204)
async def terminate(
    request: AnyRequest, office: NamedDependency[Office], upload: FromPath[str]
) -> Response[None]:
    """Forget an upload; an attachment that has come whole by it stays."""
    return await _terminate(request, office, upload)


@post("/{upload:str}", status_code=204, request_max_body_size=None)
async def override(
    request: AnyRequest, office: NamedDependency[Office], upload: FromPath[str]
) -> Response[None]:
    """Do what `X-HTTP-Method-Override` says, for networks that pass GET and POST alone."""
    match request.headers.get("x-http-method-override", "").upper():
        case "PATCH":
            return await _receive(request, office, upload)
        case "DELETE":
            return await _terminate(request, office, upload)
        case _:
            raise Malformed("a method that is known here")


@get("/{record:str}/{digest:str}")
async def read(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[str],
    digest: FromPath[str],
) -> Response[Any]:
    """Give an attachment to somebody who holds its record."""
    name = await _readable(request, office, record, digest)
    return hand_out(office.storage, name, await get_held(office.database, office.storage, name))


@head("/{record:str}/{digest:str}")
async def is_held(
    request: AnyRequest,
    office: NamedDependency[Office],
    record: FromPath[str],
    digest: FromPath[str],
) -> Response[None]:
    """Tell somebody who holds the record whether the bytes are here, whole."""
    name = await _readable(request, office, record, digest)
    held = await get_held(office.database, office.storage, name)
    told = {"Content-Type": held.type, "Content-Length": str(held.size)}
    return Response(None, headers={**headers_of(name, held), **told})


handlers: Final = [
    Router(
        path="/sync/attachments",
        route_handlers=[options, create, ask, resume, terminate, override, read, is_held],
        middleware=[SpeakTus()],
    )
]


def staging_of(office: Office) -> Staging:
    """Give the folder of unfinished uploads."""
    return Staging(office.settings.uploads_folder)


async def _receive(request: AnyRequest, office: Office, upload: str) -> Response[None]:
    now = now_ms()
    bearer = await _bearer(request, office, now)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != PIECE_TYPE:
        raise UnsupportedType(f"a piece is {PIECE_TYPE}")
    offset = read_number(request.headers.get("upload-offset"), "an Upload-Offset")
    checksum = read_checksum(request.headers.get("upload-checksum"))
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > ATTACHMENT_PIECE_BYTES_MAX:
        raise TooLarge("the piece", int(announced), ATTACHMENT_PIECE_BYTES_MAX)
    await _find(office, bearer, upload, now)
    reception = Reception(
        office.database,
        staging_of(office),
        office.storage,
        office.settings.upload_ms,
        partial(_announce, office),
        partial(_raise_refused, office),
    )
    async with _turns.take(upload) as leave:
        found = await _find(office, bearer, upload, now)
        async with aclosing(_parts(request, leave)) as parts:
            moved = await reception.receive(found, offset, parts, checksum, now_ms())
    return Response(None, status_code=204, headers=_headers(moved))


def _announce(office: Office, record: UUID) -> None:
    office.live.announce("dossiers")
    office.live.announce(f"dossier:{record}")


async def _raise_refused(office: Office, upload: Upload, now: int) -> None:
    field = f"{FIELD}{upload.name.digest.hex()}"
    record = upload.name.record
    finding = Raised(
        "refused-photo", record.bytes, upload.seat, 0, field, now, {"reason": "refused-content"}
    )
    await office.database.write(lambda connection: raise_once(connection, finding))
    office.live.announce(f"dossier:{record}")


async def _terminate(request: AnyRequest, office: Office, upload: str) -> Response[None]:
    now = now_ms()
    bearer = await _bearer(request, office, now)
    await _find(office, bearer, upload, now)
    async with _turns.take(upload):
        await office.database.write(lambda connection: forget_upload(connection, upload))
        await aside(lambda: staging_of(office).remove(upload))
    return Response(None, status_code=204)


async def _bearer(request: AnyRequest, office: Office, now: int) -> Bearer:
    if request.headers.get("tus-resumable", "") != TUS_VERSION:
        raise UnsupportedVersion
    return await _whose_token(request, office, now)


async def _whose_token(request: AnyRequest, office: Office, now: int) -> Bearer:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    claim = read_token(
        office.keys.sealing_key, token.strip() if scheme.lower() == "bearer" else "", now
    )
    office.rates.count_piece(claim.device, now)
    return await office.database.read(lambda connection: get_bearer(connection, claim))


async def _readable(
    request: AnyRequest, office: Office, record: str, digest: str
) -> AttachmentName:
    bearer = await _whose_token(request, office, now_ms())
    try:
        name = read_name(record, digest)
    except Malformed:
        raise UnknownAttachment from None
    if not await office.database.read(lambda connection: holds(connection, bearer, name.record)):
        raise UnknownAttachment
    return name


async def _find(office: Office, bearer: Bearer, upload: str, now: int) -> Upload:
    def find(connection: sa.Connection) -> Upload:
        return get_upload(connection, bearer, upload, now)

    return await office.database.read(find)


def _headers(upload: Upload) -> dict[str, str]:
    headers = {"Upload-Offset": str(upload.offset)}
    if not upload.is_whole:
        headers["Upload-Expires"] = formatdate(upload.expires_at / 1000, usegmt=True)
    return headers


async def _parts(request: AnyRequest, leave: asyncio.Event) -> AsyncGenerator[bytes]:
    """Give what comes in; raises ClientGone where the line dies, or somebody newer waits."""
    stream = aiter(request.stream())
    leaving = asyncio.ensure_future(leave.wait())
    clock = asyncio.get_running_loop().time
    ends_at: float | None = None
    try:
        while True:
            coming = asyncio.ensure_future(anext(stream, None))
            await asyncio.wait(
                {coming, leaving}, timeout=PAUSE_SECONDS_MAX, return_when=asyncio.FIRST_COMPLETED
            )
            if leaving.done():
                ends_at = clock() + LEAVE_SECONDS if ends_at is None else ends_at
                await asyncio.wait({coming}, timeout=max(0, ends_at - clock()))
            if not coming.done() or (ends_at is not None and clock() > ends_at):
                coming.cancel()
                raise ClientGone
            try:
                part = coming.result()
            except InternalServerException:
                raise ClientGone from None  # Litestar's word for a client that is not there
            if part is None:
                return
            yield part
    finally:
        leaving.cancel()

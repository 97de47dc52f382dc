"""Reads what devices send, under limits: the bytes as they come, and what they inflate to."""

from collections.abc import Iterable
from typing import Any, Final, cast

from isal import isal_zlib
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from sync.limits import EXCHANGE_INFLATED_BYTES_MAX, EXCHANGE_PACKED_BYTES_MAX
from sync.refusals import Malformed, Refusal, TooLarge

AnyConnection = ASGIConnection[Any, Any, Any, State]

MSGPACK_NAMES: Final = frozenset(
    {"application/vnd.msgpack", "application/x-msgpack", "application/msgpack"}
)

GZIP_WINDOW: Final = 31
"""To zlib: gzip with the widest window, and nothing else."""

RAW_WINDOW: Final = -15
"""To zlib: deflate with nothing around it."""

BROKEN_GZIP: Final[tuple[type[Exception], ...]] = (
    cast("type[Exception]", isal_zlib.error),
    EOFError,
)
"""What inflating raises; the library's own type hints call its exception an instance."""

PACKED_FROM_BYTES: Final = 1024
"""A shorter answer is signatures for the most part: packing saves less than its headers cost."""

AT_ONCE_BYTES: Final = 4096
"""What is packed or unpacked in less time than another thread takes to begin."""


class ClientGone(Exception):
    """Whoever sent the request went away before its end."""


class UnsupportedType(Refusal):
    """Not MessagePack, or packed in a way that this office does not open."""

    code = "unsupported-type"


async def read_packed(request: AnyConnection) -> bytes:
    """Read the body as it was sent; raises UnsupportedType, TooLarge or ClientGone."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in MSGPACK_NAMES:
        raise UnsupportedType("the body must be application/vnd.msgpack")
    if request.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
        raise UnsupportedType("the body may be packed by gzip alone")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > EXCHANGE_PACKED_BYTES_MAX:
        raise TooLarge("the request", int(announced), EXCHANGE_PACKED_BYTES_MAX)
    parts: list[bytes] = []
    size = 0
    while (message := await request.receive())["type"] == "http.request":
        size += len(message["body"])
        if size > EXCHANGE_PACKED_BYTES_MAX:
            raise TooLarge("the request", size, EXCHANGE_PACKED_BYTES_MAX)
        parts.append(message["body"])
        if not message.get("more_body", False):
            return b"".join(parts)
    raise ClientGone


def is_packed(request: AnyConnection) -> bool:
    """Tell whether the body is packed by gzip."""
    return request.headers.get("content-encoding", "identity").lower() == "gzip"


def inflate(packed: bytes) -> bytes:
    """Unpack gzip, never to more than the limit; raises Malformed or TooLarge."""
    inflating = isal_zlib.decompressobj(GZIP_WINDOW)
    try:
        body = inflating.decompress(packed, EXCHANGE_INFLATED_BYTES_MAX + 1)
    except BROKEN_GZIP:
        raise Malformed("a body packed by gzip") from None
    if len(body) > EXCHANGE_INFLATED_BYTES_MAX:
        raise TooLarge("the inflated request", len(body), EXCHANGE_INFLATED_BYTES_MAX)
    if not inflating.eof or inflating.unused_data:
        raise Malformed("a whole body packed by gzip")
    return bytes(body)


def deflate(body: bytes) -> bytes:
    """Pack an answer, quickly rather than small: the link is slow, but so is a busy office."""
    packing = isal_zlib.compressobj(1, wbits=GZIP_WINDOW)
    return packing.compress(body) + packing.flush()


def deflate_run(entries: Iterable[bytes]) -> bytes:
    """Pack a part of something longer by raw deflate, up to a whole byte, without the end."""
    packing = isal_zlib.compressobj(1, wbits=RAW_WINDOW)
    return packing.compress(b"".join(entries)) + packing.flush(isal_zlib.Z_SYNC_FLUSH)

"""Reads one file that a person sent with a form, as it comes, under a bound.

1. The form's token stands before the file: without it, not a byte of the file is kept.
2. What does not fit into a little memory waits in a file without a name, which is gone with it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from litestar.exceptions import ClientException, InternalServerException
from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from server.answers import AnyRequest
from server.bodies import ClientGone
from server.desk.forms import FIELD, require_own_page, require_token
from sync.refusals import TooLarge

FILE: Final = "file"
MEMORY_BYTES: Final = 1024 * 1024
TOKEN_BYTES_MAX: Final = 256
FRAME_BYTES_MAX: Final = 64 * 1024
"""What a form may weigh around its file."""


class NoFile(Exception):
    """The form came without a file."""


@asynccontextmanager
async def uploaded(request: AnyRequest, secret: str, bytes_max: int) -> AsyncIterator[BinaryIO]:
    """Give the file of a form, at its beginning; raises NoFile, TooLarge, or 400, 403."""
    require_own_page(request)
    with SpooledTemporaryFile(MEMORY_BYTES) as file:
        await _read(request, _Reading(secret, bytes_max, cast("BinaryIO", file)), bytes_max)
        file.seek(0)
        yield cast("BinaryIO", file)


async def _read(request: AnyRequest, reading: "_Reading", bytes_max: int) -> None:
    _, options = parse_options_header(request.headers.get("content-type", ""))
    if not options.get("boundary"):
        # Whatever it is, it carries no token that could be read.
        reading.end()
        raise ClientException(detail="the form cannot be read")
    size = 0
    try:
        with PushMultipartParser(options["boundary"], max_segment_count=8) as parser:
            async for part in request.stream():
                size += len(part)
                if size > bytes_max + FRAME_BYTES_MAX:
                    raise TooLarge("the file", size, bytes_max)
                for event in parser.parse(part) if part else ():
                    reading.take(event)
    except MultipartError:
        raise ClientException(detail="the form cannot be read") from None
    except InternalServerException:
        raise ClientGone from None  # Litestar's word for a client that is no longer there
    reading.end()


class _Reading:
    """The form as far as it has come."""

    def __init__(self, secret: str, bytes_max: int, file: BinaryIO) -> None:
        self._secret = secret
        self._bytes_max = bytes_max
        self._file = file
        self._token = bytearray()
        self._is_ours = False
        self._segment: MultipartSegment | None = None
        self._size = 0

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is not None:
            self._go_on(bytes(event))
        elif self._segment is not None and self._segment.name == FIELD:
            require_token(self._token.decode("ascii", "replace"), self._secret)
            self._is_ours = True

    def end(self) -> None:
        if not self._is_ours:
            require_token("", self._secret)
        if self._size == 0:
            raise NoFile

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        if segment.name == FILE and not self._is_ours:
            require_token("", self._secret)

    def _go_on(self, part: bytes) -> None:
        if self._segment is None:
            return
        if self._segment.name == FIELD:
            self._token += part[: TOKEN_BYTES_MAX - len(self._token)]
        elif self._segment.name == FILE:
            self._size += len(part)
            if self._size > self._bytes_max:
                raise TooLarge("the file", self._size, self._bytes_max)
            self._file.write(part)

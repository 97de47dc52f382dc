"""Reads what a person sent with a form, under bounds, and only with the token of their session.

1. Nothing is read beyond `FORM_BYTES_MAX`; bad UTF-8, NUL and floods of fields are a 400, never
   a 500.
2. Text is NFC with plain line ends, as the protocol wants it.
3. The token is a hash of the secret in the HttpOnly cookie: who can read our pages knows it, who
   can only make a browser send a request does not.
"""

import hmac
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from litestar.exceptions import (
    ClientException,
    InternalServerException,
    PermissionDeniedException,
)

from server.answers import AnyRequest
from server.bodies import ClientGone
from sync.refusals import TooLarge

FORM_BYTES_MAX: Final = 1024 * 1024  # a conflict over 500 fields with long reasons
FORM_FIELDS_MAX: Final = 4_000
FIELD: Final = "csrf"
HEADER: Final = "x-csrf-token"


class Form(Mapping[str, str]):
    """The fields of a form; a name that was not sent reads as empty, as in a browser."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values = dict(pairs)

    def __getitem__(self, name: str) -> str:
        """Give a field, or nothing at all where the form lacks it."""
        return self._values.get(name, "")

    def __iter__(self) -> Iterator[str]:
        """Go through the names that were sent."""
        return iter(self._values)

    def __len__(self) -> int:
        """Count the names that were sent."""
        return len(self._values)


def token_of(secret: str) -> str:
    """Give the form token that belongs to the secret of a session's cookie."""
    return sha256(b"luudong/form\0" + secret.encode()).hexdigest()


async def read_form(request: AnyRequest, secret: str) -> Form:
    """Read the form of a request that carries the token of this session; else 400, 403 or 413."""
    require_own_page(request)
    form = Form(_pairs(await _bounded(request)))
    require_token(request.headers.get(HEADER) or form[FIELD], secret)
    return form


def require_own_page(request: AnyRequest) -> None:
    """Pass what a browser says that our own page sent, or what does not say; else 403."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise PermissionDeniedException(detail="this form was not sent from our own page")


def require_token(given: str, secret: str) -> None:
    """Pass for the token of this session, else 403."""
    if not (secret and hmac.compare_digest(given.encode(), token_of(secret).encode())):
        raise PermissionDeniedException(detail="the form's token is missing or of another session")


async def _bounded(request: AnyRequest) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > FORM_BYTES_MAX:
                raise TooLarge("the form", len(body), FORM_BYTES_MAX)
    except InternalServerException:
        raise ClientGone from None  # Litestar's word for a client that is no longer there
    return bytes(body)


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:  # not ASCII, not UTF-8 under the escapes, or too many fields
        raise ClientException(detail="the form cannot be read") from None
    if any("\0" in text for pair in pairs for text in pair):
        raise ClientException(detail="the form cannot be read")
    return [(name, _text(value)) for name, value in pairs]


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))

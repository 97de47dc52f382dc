"""Short-lived tokens: with one, a seat on a device speaks without signing each request.

They are for attachments alone, whose bytes come in many small requests of a public standard. All
else is signed: a token that leaks opens nothing but the attachments of one seat, for an hour.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from sync.limits import HASH_BYTES, INTEGER_MAX
from sync.refusals import Refusal

TOKEN_MS: Final = 60 * 60 * 1000
"""How long a token holds: a slow upload of one photo, and a device exchanges more often."""

TOKEN_CHARACTERS_MAX: Final = 200
VERSION: Final = 1

HANDS_IN: Final = 0
"""In the place of a seat: a revoked device, which may send what its own changes name, no more."""

_Number = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]


class BadToken(Refusal):
    """No token, not one of ours, or one whose time is over; the next exchange gives another."""

    code = "bad-token"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("this needs the token of a recent exchange")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom a token speaks for: a person's seat, or the device itself, which hands in."""

    device: int
    seat: int


class _Payload(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    device: _Number
    seat: Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
    expires: _Number


_decoder = msgspec.msgpack.Decoder(_Payload)


def make_token(secret: bytes, claim: Claim, now: int) -> str:
    """Give a token that holds from now on, under a secret of the office."""
    payload = msgspec.msgpack.encode(_Payload(VERSION, claim.device, claim.seat, now + TOKEN_MS))
    return urlsafe_b64encode(_tag(secret, payload) + payload).rstrip(b"=").decode()


def read_token(secret: bytes, token: str, now: int) -> Claim:
    """Give whom a token speaks for; raises BadToken."""
    if not token.isascii() or len(token) > TOKEN_CHARACTERS_MAX:
        raise BadToken
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except NotBase64:
        raise BadToken from None
    tag, payload = raw[:HASH_BYTES], raw[HASH_BYTES:]
    if not hmac.compare_digest(tag, _tag(secret, payload)):
        raise BadToken
    read = _decoder.decode(payload)
    if read.expires <= now:
        raise BadToken
    return Claim(read.device, read.seat)


def _tag(secret: bytes, payload: bytes) -> bytes:
    return hmac.digest(_key(secret), payload, "sha256")


@lru_cache(maxsize=4)
def _key(secret: bytes) -> bytes:
    # A key of its own: what is known of tokens says nothing about what the secret seals.
    return HKDF(SHA256(), HASH_BYTES, salt=None, info=b"luudong/token").derive(secret)

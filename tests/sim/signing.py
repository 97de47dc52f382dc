"""Keys of the simulated world: real ones, and ones that are quick.

A real signature and its check take 170 us, most of what a small exchange costs. The quick ones are
keyed hashes. They hold against chance, not against a forger, and the world's forgers only flip
bits and sign with keys of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b, sha512
from typing import Protocol, cast
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec

from sync import signature
from sync.limits import SIGNATURE_BYTES
from sync.refusals import BadSignature
from sync.signature import signed_bytes

PrivateKey = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class KeyPair:
    """A private key, quick or real, and its public bytes."""

    private: PrivateKey
    public: bytes


class Keys(Protocol):
    """Where the world's keys come from: the same number gives the same key."""

    def pair(self, number: int) -> KeyPair:
        """Give the key of this number."""


class RealKeys:
    """P-256, as in the field."""

    def pair(self, number: int) -> KeyPair:
        """Give the key whose secret is its number."""
        return _real_pair(number)


class QuickKeys:
    """Keyed hashes; they work only within `quick_signatures`."""

    def pair(self, number: int) -> KeyPair:
        """Give 65 bytes that look like a point."""
        return _quick_pair(number)


@contextmanager
def quick_signatures() -> Iterator[None]:
    """Let the core sign and verify with keyed hashes."""
    with patch.object(signature, "sign", _sign), patch.object(signature, "verify", _verify):
        yield


@dataclass(frozen=True)
class _QuickKey:
    public: bytes


@cache
def _real_pair(number: int) -> KeyPair:
    private = ec.derive_private_key(number + 1, ec.SECP256R1())
    return KeyPair(private, signature.public_bytes(private))


@cache
def _quick_pair(number: int) -> KeyPair:
    public = b"\x04" + sha512(number.to_bytes(8, "big")).digest()
    return KeyPair(cast("PrivateKey", _QuickKey(public)), public)


def _sign(key: PrivateKey, purpose: str, message: bytes) -> bytes:
    # An office has real keys whatever it signs with.
    public = key.public if isinstance(key, _QuickKey) else _public(key)
    return _keyed(public, purpose, message)


@lru_cache(maxsize=1024)
def _public(key: PrivateKey) -> bytes:
    return signature.public_bytes(key)


def _verify(public_key: bytes, purpose: str, message: bytes, signed: bytes) -> None:
    if signed != _keyed(public_key, purpose, message):
        raise BadSignature(purpose)


@lru_cache(maxsize=2048)
def _keyed(public: bytes, purpose: str, message: bytes) -> bytes:
    material = public + signed_bytes(purpose, message)
    return blake2b(material, digest_size=SIGNATURE_BYTES).digest()

"""ECDSA P-256 with SHA-256 as browsers do it: keys as raw points, signatures as r and s.

The signed bytes begin with the purpose, so a signature for one thing is worth nothing for another.
"""

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.limits import PUBLIC_KEY_BYTES, SIGNATURE_BYTES
from sync.refusals import BadSignature

BATCH: Final = "batch"
REQUEST: Final = "request"
SEAT: Final = "seat"
RESPONSE: Final = "response"
RECEIPT: Final = "receipt"
ENROLMENT: Final = "enrolment"
REFERENCE: Final = "reference"
CERTIFICATE: Final = "certificate"
REVOCATIONS: Final = "revocations"
ERASURES: Final = "erasures"
ORDER: Final = "order"
BUNDLE: Final = "bundle"

PURPOSES: Final = frozenset(
    {
        BATCH,
        REQUEST,
        SEAT,
        RESPONSE,
        RECEIPT,
        ENROLMENT,
        REFERENCE,
        CERTIFICATE,
        REVOCATIONS,
        ERASURES,
        ORDER,
        BUNDLE,
    }
)

KEYS_KEPT: Final = 4096
"""Public keys kept as the library wants them, 2 KB each: to read one is a sixth of a check."""

_HALF: Final = SIGNATURE_BYTES // 2
_ALGORITHM: Final = ECDSA(SHA256())


def public_bytes(key: EllipticCurvePrivateKey) -> bytes:
    """Give the public half of a key as it travels: 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def sign(key: EllipticCurvePrivateKey, purpose: str, message: bytes) -> bytes:
    """Sign a message for one purpose: 64 bytes, another each time."""
    r, s = decode_dss_signature(key.sign(signed_bytes(purpose, message), _ALGORITHM))
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def verify(public_key: bytes, purpose: str, message: bytes, signature: bytes) -> None:
    """Pass if the owner of `public_key` signed this for this purpose, else raise BadSignature."""
    if len(signature) != SIGNATURE_BYTES or len(public_key) != PUBLIC_KEY_BYTES:
        raise BadSignature(purpose)
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        key = _read_key(public_key)
        key.verify(encode_dss_signature(r, s), signed_bytes(purpose, message), _ALGORITHM)
    except (InvalidSignature, ValueError):
        raise BadSignature(purpose) from None


def is_public_key(public_key: bytes) -> bool:
    """Tell whether these bytes are a point of the curve, before anything is stored under it."""
    if len(public_key) != PUBLIC_KEY_BYTES:
        return False
    try:
        _read_key(public_key)
    except ValueError:
        return False
    return True


@lru_cache(KEYS_KEPT)
def _read_key(public_key: bytes) -> EllipticCurvePublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)


def signed_bytes(purpose: str, message: bytes) -> bytes:
    """Give the bytes that a signature is really over."""
    assert purpose in PURPOSES, purpose
    return b"luudong/" + purpose.encode() + b"\0" + message

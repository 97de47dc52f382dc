"""The hash chain of a seat's log: whoever knows its head knows that nothing before it changed.

1. h(0) is the hash of the seat's public key, so two seats never share a chain.
2. Skeleton and body are hashed apart, so a body can be erased and the chain still verifies.
3. What is left of an erased body is its hash, as MessagePack `bin`: no body of a change is one.
"""

from hashlib import sha256
from typing import Final

from sync.limits import HASH_BYTES, TAG_BYTES

# What a MessagePack `bin` of a hash begins with.
_ERASED: Final = bytes([0xC4, HASH_BYTES])
_ERASED_BYTES: Final = len(_ERASED) + HASH_BYTES


def start(public_key: bytes) -> bytes:
    """Give the head of an empty log: h(0)."""
    return sha256(public_key).digest()


def link(head: bytes, skeleton: bytes, body: bytes) -> bytes:
    """Give the head after one more change."""
    return link_hashed(head, skeleton, body_hash(body))


def link_hashed(head: bytes, skeleton: bytes, body_hash: bytes) -> bytes:
    """Give the head after a change of whose body only the hash is left."""
    return sha256(head + sha256(skeleton).digest() + body_hash).digest()


def body_hash(body: bytes) -> bytes:
    """Give the hash of a body, also of one that was erased."""
    return body[len(_ERASED) :] if is_erased(body) else sha256(body).digest()


def erase(body: bytes) -> bytes:
    """Give what is left of a body once it is erased."""
    return _ERASED + body_hash(body)


def is_erased(body: bytes) -> bool:
    """Tell whether only the hash of this body is left."""
    return len(body) == _ERASED_BYTES and body.startswith(_ERASED)


def tag(head: bytes) -> bytes:
    """Give what a dot carries of a head: enough to tell two branches of one log apart."""
    return head[:TAG_BYTES]

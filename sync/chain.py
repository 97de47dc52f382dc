"""The hash chain of a seat's log: whoever knows its head knows that nothing before it changed.

1. h(0) is the hash of the seat's public key, so two seats never share a chain.
2. Skeleton and body are hashed apart, so a body can be erased and the chain still verifies.
"""

from hashlib import sha256

from sync.limits import TAG_BYTES


def start(public_key: bytes) -> bytes:
    """Give the head of an empty log: h(0)."""
    return sha256(public_key).digest()


def link(head: bytes, skeleton: bytes, body: bytes) -> bytes:
    """Give the head after one more change."""
    return link_hashed(head, skeleton, sha256(body).digest())


def link_hashed(head: bytes, skeleton: bytes, body_hash: bytes) -> bytes:
    """Give the head after a change of whose body only the hash is left."""
    return sha256(head + sha256(skeleton).digest() + body_hash).digest()


def tag(head: bytes) -> bytes:
    """Give what a dot carries of a head: enough to tell two branches of one log apart."""
    return head[:TAG_BYTES]

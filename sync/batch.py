"""A batch: consecutive changes of one seat, with the head of its chain, signed.

1. One signature check a batch: the chain carries it back to every change.
2. A batch is all or nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec import Meta

from sync import chain, signature
from sync.change import LinkedChange, Place, read_skeleton, split
from sync.limits import BATCH_CHANGES_MAX, HASH_BYTES, SIGNATURE_BYTES
from sync.refusals import BrokenChain

# What a batch's signature covers, in which order. It changes on its own, not with the messages:
# batches are carried by others, and old ones come late.
BATCH_PROTOCOL: Final = 1
BATCH_PROTOCOLS_KNOWN: Final = frozenset({1})


class Batch(msgspec.Struct, frozen=True):
    """Changes `first`, `first + 1`, … of a seat; `head` is the chain's head after the last."""

    protocol: Place
    seat: Place
    first: Place
    changes: Annotated[list[bytes], Meta(min_length=1, max_length=BATCH_CHANGES_MAX)]
    head: Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
    signature: Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]

    @property
    def last(self) -> int:
        """Give the seq of the last change."""
        return self.first + len(self.changes) - 1


def signed_part(protocol: int, office: str, seat: int, last: int, head: bytes) -> bytes:
    """Give what a seat signs of a batch."""
    return msgspec.msgpack.encode([protocol, office, seat, last, head])


def sign_batch(
    key: EllipticCurvePrivateKey,
    *,
    office: str,
    seat: int,
    first: int,
    changes: Sequence[bytes],
    head: bytes,
) -> Batch:
    """Make a batch of changes that end in `head`."""
    part = signed_part(BATCH_PROTOCOL, office, seat, first + len(changes) - 1, head)
    signed = signature.sign(key, signature.BATCH, part)
    return Batch(BATCH_PROTOCOL, seat, first, list(changes), head, signed)


def verify_batch(batch: Batch, office: str, public_key: bytes) -> None:
    """Pass if the seat signed this head for this office, else raise BadSignature."""
    part = signed_part(batch.protocol, office, batch.seat, batch.last, batch.head)
    signature.verify(public_key, signature.BATCH, part, batch.signature)


def link_changes(
    seat: int, first: int, changes: Iterable[bytes], head: bytes
) -> list[LinkedChange]:
    """Chain changes to the head before `first`; raise Malformed where one is not two values."""
    linked = []
    for seq, change in enumerate(changes, first):
        skeleton, body = split(change)
        head = chain.link(head, skeleton, body)
        linked.append(LinkedChange(seat, seq, head, skeleton, body, read_skeleton(skeleton)))
    return linked


def require_head(batch: Batch, linked: Sequence[LinkedChange]) -> None:
    """Pass if the changes end in the head that was signed, else raise BrokenChain."""
    if linked[-1].head != batch.head:
        raise BrokenChain(batch.seat, batch.last)

"""What travels, written and read by the core; what was read once is remembered by its bytes.

A sender, the witness, the office and the receiver look at the same bytes one after the other, and
a phone sends what the office does not answer again and again. Each of these is a function of its
arguments alone, and what it gives is never changed.
"""

from functools import lru_cache
from typing import cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sync import bundle, exchange, receipt, sent_batch, signature
from sync.batch import Batch
from sync.bundle import BundleMessage, SignedMessage
from sync.exchange import Envelope, ExchangeRequest, ExchangeResponse, Message
from sync.limits import EXCHANGE_INFLATED_BYTES_MAX

REMEMBERED = 512
"""More than are on their way at once in a world, and few enough to be nothing."""

read_envelope = lru_cache(REMEMBERED)(exchange.read_envelope)
key_name = lru_cache(REMEMBERED)(receipt.key_name)
public_bytes = lru_cache(REMEMBERED)(signature.public_bytes)


@lru_cache(REMEMBERED)
def _read_message(message: bytes, kind: type[msgspec.Struct]) -> msgspec.Struct:
    return exchange.read_message(Envelope(message, b""), kind)


def read_message(envelope: Envelope, kind: type[Message]) -> Message:
    """Read the message of an envelope; raise a refusal where it is none."""
    return cast("Message", _read_message(envelope.message, kind))


def read_request(body: bytes) -> ExchangeRequest:
    """Read a request without judging it, as somebody on the wire would."""
    return read_message(read_envelope(body), ExchangeRequest)


def read_response(body: bytes) -> ExchangeResponse:
    """Read an answer without judging it."""
    return read_message(read_envelope(body), ExchangeResponse)


@lru_cache(REMEMBERED)
def _read_batch(sent: bytes) -> Batch:
    return sent_batch.read_batch(sent, EXCHANGE_INFLATED_BYTES_MAX)


def read_batch(sent: bytes | msgspec.Raw) -> Batch:
    """Read a batch; raise a refusal where it is none."""
    return _read_batch(bytes(sent))


@lru_cache(REMEMBERED)
def _written(
    protocol: int, seat: int, first: int, changes: tuple[bytes, ...], head: bytes, signed: bytes
) -> bytes:
    return sent_batch.write_batch(Batch(protocol, seat, first, list(changes), head, signed))


def write_batch(batch: Batch) -> bytes:
    """Give the bytes of a batch."""
    one = batch
    return _written(one.protocol, one.seat, one.first, tuple(one.changes), one.head, one.signature)


@lru_cache(REMEMBERED)
def unsealed(raw: bytes, key: EllipticCurvePrivateKey) -> tuple[BundleMessage, SignedMessage]:
    """Open a bundle; raise a refusal where it does not open."""
    message, signed, _ = bundle.read_content(bundle.unseal_bundle(bundle.read_bundle(raw), key))
    return message, signed

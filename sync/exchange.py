"""Requests and responses of the first four `/sync/` doors, and the envelopes that they travel in.

1. The message of an envelope is kept as the bytes that were signed; nobody re-encodes it.
2. A new field comes last in its message, has a default, and raises `PROTOCOL`.
3. Every list and text has a bound.
4. From version 2 a field of an exchange that has its default is left out: nearly all are empty.
"""

from functools import cache
from typing import Annotated, Final, TypeVar, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec import Meta

from sync import signature
from sync.change import Count, Place
from sync.limits import (
    EXCHANGE_AREAS_MAX,
    EXCHANGE_BATCHES_MAX,
    EXCHANGE_BUNDLES_MAX,
    EXCHANGE_INFLATED_BYTES_MAX,
    EXCHANGE_LEASES_MAX,
    EXCHANGE_LOGS_MAX,
    EXCHANGE_OFFERED_MAX,
    EXCHANGE_SHOWN_MAX,
    HASH_BYTES,
    NAME_CHARACTERS_MAX,
    PUBLIC_KEY_BYTES,
    RECORD_BYTES,
    SIGNATURE_BYTES,
    STATE_MAC_BYTES,
)
from sync.page import Page
from sync.receipt import Receipt
from sync.refusals import Malformed, UnknownProtocol

# The version that this code writes, and all that it reads (docs/protocol.md, part 9). An answer
# has the version of its request: phones come back after months.
PROTOCOL: Final = 3
PROTOCOLS_KNOWN: Final = frozenset({1, 2, 3})

Message = TypeVar("Message", bound=msgspec.Struct)
Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
Area = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
Hash = Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
PublicKey = Annotated[bytes, Meta(min_length=PUBLIC_KEY_BYTES, max_length=PUBLIC_KEY_BYTES)]
Signature = Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


class Envelope(msgspec.Struct, frozen=True):
    """A message with its signatures, over exactly these bytes."""

    message: Annotated[bytes, Meta(max_length=EXCHANGE_INFLATED_BYTES_MAX)]
    signature: Signature
    seat_signature: Signature | None = None


class Versioned(msgspec.Struct, frozen=True):
    """What every message begins with, whatever its version."""

    protocol: Place


class EnrolmentRequest(msgspec.Struct, frozen=True):
    """A device joins: signed by its own new key."""

    protocol: Place
    code: Name
    public_key: PublicKey
    label: Name
    app_version: Name
    time: Count


class SignedBytes(msgspec.Struct, frozen=True):
    """Bytes that the office signed, to be shown to it again after a restore."""

    message: bytes
    signature: Signature


class Shown(msgspec.Struct, frozen=True):
    """What the office signed for a device to keep, and to show again when the office lost it.

    `purpose` is that of the signature: an enrolment, a seat's certificate, a list.
    """

    purpose: Name
    message: bytes
    signature: Signature


class Lease(msgspec.Struct, frozen=True):
    """A range of daily ordinals for dossier codes, for one seat and the days that it is good for.

    Days are civil dates, YYYY-MM-DD, both included. `agency` is what the codes begin with.
    """

    lease: Place
    seat: Place
    first: Place
    last: Place
    from_day: Name
    to_day: Name
    agency: str = ""


class EnrolmentResponse(msgspec.Struct, frozen=True):
    """The office names itself and the device; data comes only after the desk has confirmed."""

    protocol: Place
    office: Name
    office_name: Name
    office_key: PublicKey
    epoch: Count
    device: Place
    enrolment: SignedBytes
    time: Count


class SeatRequest(msgspec.Struct, frozen=True):
    """A person signs in on a device: signed by the device and by the seat's new key."""

    protocol: Place
    office: Name
    device: Place
    number: Count
    time: Count
    staff: Name
    secret: Name
    public_key: PublicKey


class Person(msgspec.Struct, frozen=True):
    """Who holds a seat."""

    staff: Name
    name: Name
    role: Name
    team: str | None


class SeatResponse(msgspec.Struct, frozen=True):
    """The seat's number, who holds it, and the areas that it may write in."""

    protocol: Place
    office: Name
    device: Place
    number: Count
    epoch: Count
    time: Count
    seat: Place
    person: Person
    areas: Annotated[list[Area], Meta(max_length=EXCHANGE_AREAS_MAX)]
    certificate: Shown | None = None


class LogEnd(msgspec.Struct, frozen=True):
    """How far the device's own copy of a log goes."""

    seat: Place
    last: Count
    head: Hash


class OfferedState(msgspec.Struct, frozen=True):
    """A state as the office once gave it, with the mark by which the office knows it as its own."""

    state: bytes
    mac: Annotated[bytes, Meta(min_length=STATE_MAC_BYTES, max_length=STATE_MAC_BYTES)]


class LeaseHeld(msgspec.Struct, frozen=True):
    """A lease that the device has, and the highest ordinal used on any one day; 0 for none."""

    lease: Place
    used: Count


class ListsHeld(msgspec.Struct, frozen=True, omit_defaults=True):
    """The numbers of the newest signed lists that the device has; 0 for none."""

    revocations: Count = 0
    erasures: Count = 0


_NO_LISTS: Final = ListsHeld()


class ExchangeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One round trip up: batches, how far every log goes, and where to go on reading."""

    protocol: Place
    office: Name
    device: Place
    number: Count
    time: Count
    epoch: Count
    logs: Annotated[list[LogEnd], Meta(max_length=EXCHANGE_LOGS_MAX)] = []
    # Each stands alone: a broken one must not spoil the others, so it is read for itself.
    batches: Annotated[list[msgspec.Raw], Meta(max_length=EXCHANGE_BATCHES_MAX)] = []
    seat: Place | None = None
    cursors: Annotated[dict[Area, Count], Meta(max_length=EXCHANGE_AREAS_MAX)] = {}
    want: Count
    directory: Count = 0
    app_version: Name
    # From version 2.
    receipts: Annotated[list[Receipt], Meta(max_length=EXCHANGE_LOGS_MAX)] = []
    # Each stands alone, as batches do.
    sealed: Annotated[list[msgspec.Raw], Meta(max_length=EXCHANGE_BUNDLES_MAX)] = []
    offered: Annotated[list[OfferedState], Meta(max_length=EXCHANGE_OFFERED_MAX)] = []
    shown: Annotated[list[Shown], Meta(max_length=EXCHANGE_SHOWN_MAX)] = []
    lists: ListsHeld = _NO_LISTS
    leases: Annotated[list[LeaseHeld], Meta(max_length=EXCHANGE_LEASES_MAX)] = []
    order: Count = 0


class BatchRefusal(msgspec.Struct, frozen=True):
    """Why one batch was not taken; the others were."""

    seat: Count
    first: Count
    code: Name


class BundleOutcome(msgspec.Struct, frozen=True):
    """What became of a bundle, which is named by the hash of its bytes.

    `code` is empty where all that is in it is held here: who carried it has done so.
    """

    bundle: Hash
    code: str


class Finding(msgspec.Struct, frozen=True):
    """What people at the office have to look at, or have settled, of what the reader handed in.

    `outcome` is empty while it is open. Codes only: words are the app's.
    """

    finding: Place
    kind: Name
    record: Annotated[bytes, Meta(max_length=RECORD_BYTES)] | None
    seat: Count
    seq: Count
    field: str | None
    reason: str
    raised: Count
    closed: Count | None
    outcome: str


class DirectoryEntry(msgspec.Struct, frozen=True):
    """Who is behind a seat's number."""

    seat: Place
    name: Name
    role: Name
    device: Name


class ExchangeResponse(msgspec.Struct, frozen=True, kw_only=True):
    """One round trip down: receipts, pages, and whom they come from."""

    protocol: Place
    office: Name
    device: Place
    number: Count
    epoch: Count
    time: Count
    receipts: list[Receipt] = []
    refusals: list[BatchRefusal] = []
    pages: dict[Area, Page] = {}
    dropped: list[Area] = []
    directory: list[DirectoryEntry] = []
    findings: list[Finding] = []
    leases: list[Lease] = []
    reference: str
    min_version: str
    token: str | None = None
    order: SignedBytes | None = None
    # From version 2.
    shown: list[Shown] = []
    last_number: Count = 0
    opened: list[BundleOutcome] = []
    # Areas that the reader may see by now and did not ask for.
    added: list[Area] = []


_envelope = msgspec.msgpack.Decoder(Envelope)
_versioned = msgspec.msgpack.Decoder(Versioned)

# What msgspec and Python raise on bytes that a foe chose (measured: invalid UTF-8, depth).
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def seal(
    message: msgspec.Struct,
    key: EllipticCurvePrivateKey,
    purpose: str,
    seat_key: EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Encode a message, sign it, and give the bytes of its envelope."""
    encoded = encode_message(message)
    return msgspec.msgpack.encode(
        Envelope(
            encoded,
            signature.sign(key, purpose, encoded),
            None if seat_key is None else signature.sign(seat_key, signature.SEAT, encoded),
        )
    )


def encode_message(message: msgspec.Struct) -> bytes:
    """Give the bytes of a message."""
    if not isinstance(message, ExchangeRequest | ExchangeResponse):
        return msgspec.msgpack.encode(message)
    fields = msgspec.structs.asdict(message)
    if message.protocol > 1:
        # Not by the library, which then writes the longer form of a map.
        for name, empty in _EMPTY[type(message)].items():
            if fields[name] == empty:
                del fields[name]
    elif isinstance(message, ExchangeResponse):
        # Version 1 knows no answer in which a field is left out.
        fields["pages"] = {
            area: msgspec.structs.asdict(page) for area, page in message.pages.items()
        }
    return msgspec.msgpack.encode(fields)


def _empty_fields(kind: type[msgspec.Struct]) -> dict[str, object]:
    found = {}
    for field in msgspec.structs.fields(kind):
        if field.default is not msgspec.NODEFAULT:
            found[field.name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            found[field.name] = field.default_factory()
    return found


_EMPTY: Final = {kind: _empty_fields(kind) for kind in (ExchangeRequest, ExchangeResponse)}


def read_envelope(body: bytes) -> Envelope:
    """Read an envelope; raise Malformed if it is none. Nothing is verified yet."""
    try:
        return _envelope.decode(body)
    except UNREADABLE:
        raise Malformed("an envelope") from None


@cache
def _decoder_of(kind: type[msgspec.Struct]) -> msgspec.msgpack.Decoder[msgspec.Struct]:
    """Give what reads messages of a kind; made once, for that is half of the time."""
    return msgspec.msgpack.Decoder(kind)


def read_message(envelope: Envelope, kind: type[Message]) -> Message:
    """Read the message of an envelope; raise Malformed, or UnknownProtocol if it is too new."""
    try:
        protocol = _versioned.decode(envelope.message).protocol
    except UNREADABLE:
        raise Malformed("a message") from None
    if protocol not in PROTOCOLS_KNOWN:
        raise UnknownProtocol(protocol)
    try:
        return cast("Message", _decoder_of(kind).decode(envelope.message))
    except UNREADABLE:
        raise Malformed(f"an {kind.__name__}") from None

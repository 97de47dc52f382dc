"""One change: an atomic edit of one record by one person on one device, and its bytes.

1. The bytes are written once, where the change was made; they are hashed, signed, stored and
   relayed as they are. Nobody re-encodes them.
2. A change is its skeleton followed by its body. Merging reads the skeleton; values stay shut
   until somebody needs them.
3. What cannot be read is still a link of its log: `read_change` then gives no skeleton.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from sync import chain
from sync.clock import At
from sync.limits import (
    CHANGE_BYTES_MAX,
    CHANGE_DOTS_MAX,
    CHANGE_FIELDS_MAX,
    INTEGER_MAX,
    KIND_CHARACTERS_MAX,
    RECORD_BYTES,
    SALT_BYTES,
    TAG_BYTES,
)
from sync.refusals import Malformed, TooLarge
from sync.value import are_field_names, find_any_fault, find_fault

VERSION: Final = 1

Place = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]
Count = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
RecordId = Annotated[bytes, Meta(min_length=RECORD_BYTES, max_length=RECORD_BYTES)]
Tag = Annotated[bytes, Meta(min_length=TAG_BYTES, max_length=TAG_BYTES)]

# Two MessagePack values in a row become one array of two behind this byte.
_PAIR: Final = b"\x92"


class Dot(
    msgspec.Struct,
    array_like=True,
    frozen=True,
    order=True,
    forbid_unknown_fields=True,
    gc=False,  # values in lists, never in a circle: nothing for the cyclic collector to walk
):
    """The name of a change, also after a fork: the tag tells the branches apart."""

    seat: Place
    seq: Place
    tag: Tag


class Skeleton(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """What storing and merging read of a change; the place of each value is its field's place."""

    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    seat: Place
    seq: Place
    prev: Count
    record: RecordId
    kind: Annotated[str, Meta(min_length=1, max_length=KIND_CHARACTERS_MAX)]
    at: tuple[Count, Count]
    fields: Annotated[
        dict[str, Annotated[list[Dot], Meta(max_length=CHANGE_DOTS_MAX)]],
        Meta(min_length=1, max_length=CHANGE_FIELDS_MAX),
    ]


class LinkedChange(msgspec.Struct, frozen=True, gc=False):
    """A change in its place in a log. `skeleton` is None where it cannot be read."""

    seat: int
    seq: int
    head: bytes
    skeleton_bytes: bytes
    body_bytes: bytes  # or what erasing it left: its hash, so that the chain still verifies
    skeleton: Skeleton | None

    @property
    def dot(self) -> Dot:
        """Give the name of this change."""
        return Dot(self.seat, self.seq, chain.tag(self.head))

    @property
    def is_erased(self) -> bool:
        """Tell whether the body was erased by law."""
        return chain.is_erased(self.body_bytes)

    @property
    def at(self) -> At:
        """Give the author's time; the start of time where it cannot be read."""
        return At(*self.skeleton.at) if self.skeleton else At(0, 0)


_pair = msgspec.msgpack.Decoder(tuple[msgspec.Raw, msgspec.Raw])
_skeleton = msgspec.msgpack.Decoder(Skeleton)
Salt = Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
_body = msgspec.msgpack.Decoder(
    tuple[Salt, Annotated[list[msgspec.Raw], Meta(max_length=CHANGE_FIELDS_MAX)]]
)
# Opening all values at once costs half of opening one after the other (measured).
_opened_body = msgspec.msgpack.Decoder(
    tuple[Salt, Annotated[list[Any], Meta(max_length=CHANGE_FIELDS_MAX)]]
)


def write_change(skeleton: Skeleton, values: Sequence[Any], salt: bytes) -> bytes:
    """Give the bytes of a new change; raise Malformed or TooLarge if it breaks a bound."""
    assert len(salt) == SALT_BYTES
    assert len(values) == len(skeleton.fields)
    fault = find_fault(skeleton.kind) or find_change_fault(skeleton.fields, values)
    if fault is not None:
        raise Malformed(f"a change, since it has {fault}")
    written = msgspec.msgpack.encode(skeleton) + msgspec.msgpack.encode([salt, values])
    if len(written) > CHANGE_BYTES_MAX:
        raise TooLarge("a change", len(written), CHANGE_BYTES_MAX)
    return written


def find_change_fault(fields: Mapping[str, Sequence[Dot]], values: Sequence[Any]) -> str | None:
    """Say which bound a change breaks by what it sets; nothing if none."""
    if not 1 <= len(fields) <= CHANGE_FIELDS_MAX:
        return f"{len(fields)} fields"
    if not are_field_names(fields):
        return "a field name that is none"
    if any(fields.values()) and max(map(len, fields.values())) > CHANGE_DOTS_MAX:
        return "too many replaced dots"
    return find_any_fault(values)


def split(change: bytes) -> tuple[bytes, bytes]:
    """Give skeleton and body of a change; raise Malformed if these are not two values."""
    try:
        skeleton, body = _pair.decode(_PAIR + change)
    except (msgspec.DecodeError, RecursionError):
        raise Malformed("a change") from None
    return bytes(skeleton), bytes(body)


def read_skeleton(skeleton: bytes) -> Skeleton | None:
    """Read a skeleton; None if its version or its shape is not known here."""
    try:
        return _skeleton.decode(skeleton)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def raw_values(body: bytes) -> list[msgspec.Raw]:
    """Give the values of a body, each still encoded; raise Malformed if it is no body."""
    return read_body(body)[1]


def read_body(body: bytes) -> tuple[bytes, list[msgspec.Raw]]:
    """Give salt and values, each still encoded; raise Malformed if it is no body."""
    try:
        return _body.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Malformed("the body of a change") from None


def values_of(body: bytes) -> list[Any]:
    """Open the values of a body; raise Malformed if it is no body."""
    try:
        return _opened_body.decode(body)[1]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("the body of a change") from None


def has_effect(change: LinkedChange) -> bool:
    """Tell whether a change can be merged: it can be read, fits its place and keeps the bounds.

    One that cannot is an entry of its log without effect, and a finding; it is never refused.
    """
    skeleton, body = change.skeleton, change.body_bytes
    if skeleton is None or (skeleton.seat, skeleton.seq) != (change.seat, change.seq):
        return False
    if skeleton.prev >= change.seq:
        return False
    if change.is_erased:
        return True
    if len(change.skeleton_bytes) + len(body) > CHANGE_BYTES_MAX:
        return False
    try:
        values = values_of(body)
    except Malformed:
        return False
    if len(values) != len(skeleton.fields):
        return False
    return find_change_fault(skeleton.fields, values) is None

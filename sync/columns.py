"""The changes of a batch by columns, as they travel: fewer bytes on a bad link, the same changes.

1. Only how a batch travels. What is hashed, signed and stored are the changes, byte for byte:
   unpacking gives just the bytes that were packed.
2. Names are sent once, and those of `field_names.json` not at all. That list only grows, at its
   end: a phone says how much of it it knows.
3. What is not written in the shortest form, or belongs elsewhere, is no columns: it goes plainly.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from sync.change import VERSION, Count, Dot, Skeleton, read_body, read_skeleton, split
from sync.field_names import FIELD_NAMES
from sync.limits import (
    BATCH_CHANGES_MAX,
    BATCH_NAMES_MAX,
    CHANGE_DOTS_MAX,
    CHANGE_FIELDS_MAX,
    FIELD_NAME_CHARACTERS_MAX,
    INTEGER_MAX,
    KIND_CHARACTERS_MAX,
    RECORD_BYTES,
    SALT_BYTES,
)
from sync.refusals import Malformed, TooLarge

Whole = Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)]
FieldName = Annotated[str, Meta(max_length=FIELD_NAME_CHARACTERS_MAX)]
KindName = Annotated[str, Meta(max_length=KIND_CHARACTERS_MAX)]
PerChange = Meta(max_length=BATCH_CHANGES_MAX)
Dots = Annotated[list[Dot], Meta(max_length=CHANGE_DOTS_MAX)]


class Columns(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """One entry a change in each list, but for `names`, `kinds` and `steps`."""

    known: Count
    names: Annotated[list[FieldName], Meta(max_length=BATCH_NAMES_MAX)]
    kinds: Annotated[list[KindName], PerChange]
    kind: Annotated[list[Count], PerChange]
    record: bytes
    salt: bytes
    prev: Annotated[list[Count], PerChange]
    # Each against the one before, so that a day's work is small numbers.
    ms: Annotated[list[Whole], PerChange]
    counter: Annotated[list[Count], PerChange]
    # How many fields it has.
    count: Annotated[list[Count], PerChange]
    # For each field of each change, its name's place in the list of names against the place before.
    steps: Annotated[list[Whole], Meta(max_length=BATCH_CHANGES_MAX * CHANGE_FIELDS_MAX)]
    # What its fields replace; empty where none replaces anything, as in all that is new.
    dots: Annotated[list[Annotated[list[Dots], Meta(max_length=CHANGE_FIELDS_MAX)]], PerChange]
    # Its values, one behind the other.
    values: Annotated[list[bytes], PerChange]


_encode = msgspec.msgpack.Encoder().encode
_KNOWN: Final = {name: place for place, name in enumerate(FIELD_NAMES)}
_NO_DOTS: Final = b"\x90"
_BODY: Final = b"\x92\xc4" + bytes([SALT_BYTES])
# How they begin with fewer than 16 entries, and with more.
_MAP: Final = (0x80, b"\xde")
_LIST: Final = (0x90, b"\xdc")
_SHORT: Final = 16
_KNOWN_PACKED: Final = [_encode(name) + _NO_DOTS for name in FIELD_NAMES]


def to_columns(seat: int, first: int, changes: Sequence[bytes]) -> Columns | None:
    """Pack changes `first`, `first + 1`, … of a seat; None if they cannot go in columns."""
    try:
        columns = _columns_of([_read(change) for change in changes])
        is_same = changes_of(columns, seat, first, sum(map(len, changes))) == list(changes)
    except (Malformed, TooLarge):
        return None
    return columns if is_same else None


def _read(change: bytes) -> tuple[Skeleton, bytes, bytes]:
    skeleton_bytes, body = split(change)
    skeleton = read_skeleton(skeleton_bytes)
    if skeleton is None:
        raise Malformed("a change of this version")
    salt, values = read_body(body)
    if len(values) != len(skeleton.fields):
        raise Malformed("a value for each field")
    if max(map(len, skeleton.fields)) > FIELD_NAME_CHARACTERS_MAX:
        raise Malformed("names of fields")
    return skeleton, salt, b"".join(map(bytes, values))


def _columns_of(rows: Sequence[tuple[Skeleton, bytes, bytes]]) -> Columns:
    skeletons = [skeleton for skeleton, _, _ in rows]
    names = dict(_KNOWN)
    kinds: dict[str, int] = {}
    steps = [names.setdefault(name, len(names)) for one in skeletons for name in one.fields]
    if len(names) - len(FIELD_NAMES) > BATCH_NAMES_MAX or len(rows) > BATCH_CHANGES_MAX:
        raise TooLarge("a batch", len(names), BATCH_NAMES_MAX)
    return Columns(
        known=len(FIELD_NAMES),
        names=list(names)[len(FIELD_NAMES) :],
        kind=[kinds.setdefault(one.kind, len(kinds)) for one in skeletons],
        kinds=list(kinds),
        record=b"".join(one.record for one in skeletons),
        salt=b"".join(salt for _, salt, _ in rows),
        prev=[one.prev for one in skeletons],
        ms=_differences([one.at[0] for one in skeletons]),
        counter=[one.at[1] for one in skeletons],
        count=[len(one.fields) for one in skeletons],
        steps=_differences(steps),
        dots=[_dots_of(one) for one in skeletons],
        values=[values for _, _, values in rows],
    )


def _dots_of(skeleton: Skeleton) -> list[list[Dot]]:
    dots = list(skeleton.fields.values())
    return dots if any(dots) else []


def _differences(numbers: Sequence[int]) -> list[int]:
    return [number - before for before, number in pairwise([0, *numbers])]


def changes_of(columns: Columns, seat: int, first: int, most: int) -> list[bytes]:
    """Unpack the changes of a seat from `first` on.

    Raises Malformed where the columns do not fit each other, and TooLarge before more than `most`
    bytes are made: a name that is sent once may stand in every change.
    """
    places = list(accumulate(columns.steps))
    named = _named(columns, places)
    size = sum(map(len, columns.values)) + sum(map(len, map(named.__getitem__, places)))
    if size > most:
        raise TooLarge("a batch", size, most)
    try:
        return list(_changes(columns, seat, first, places, named))
    except (ValueError, IndexError, OverflowError):
        raise Malformed("columns that fit each other") from None


def _named(columns: Columns, places: Sequence[int]) -> list[bytes]:
    """Give the list of names, packed, each with no dots behind it; all these places are in it."""
    if columns.known > len(FIELD_NAMES):
        raise Malformed("a list of names that is known here")
    named = [*_KNOWN_PACKED[: columns.known], *map(_packed, columns.names)]
    used = set(places)
    if used and not 0 <= min(used) <= max(used) < len(named):
        raise Malformed("a place in the list of names")
    return named


def _packed(name: str) -> bytes:
    return _encode(name) + _NO_DOTS


def _changes(
    columns: Columns,
    seat: int,
    first: int,
    places: Sequence[int],
    named: Sequence[bytes],
) -> Iterator[bytes]:
    kinds = [msgspec.Raw(_encode(kind)) for kind in columns.kinds]
    rows = zip(
        columns.kind,
        _sliced(columns.record, RECORD_BYTES),
        _sliced(columns.salt, SALT_BYTES),
        columns.prev,
        accumulate(columns.ms),
        columns.counter,
        columns.count,
        columns.dots,
        columns.values,
        strict=True,
    )
    at = 0
    for seq, row in enumerate(rows, first):
        kind, record, salt, prev, ms, counter, count, dots, values = row
        entries: Iterable[bytes] = map(named.__getitem__, places[at : at + count])
        if dots:
            pairs = zip(entries, dots, strict=True)
            entries = [name[: -len(_NO_DOTS)] + _encode(replaced) for name, replaced in pairs]
        fields = msgspec.Raw(_header(_MAP, count) + b"".join(entries))
        skeleton = [VERSION, seat, seq, prev, record, kinds[kind], [ms, counter], fields]
        yield b"".join((_encode(skeleton), _BODY, salt, _header(_LIST, count), values))
        at += count
    if at != len(places):
        raise ValueError(at)


def _sliced(packed: bytes, width: int) -> list[bytes]:
    return [packed[at : at + width] for at in range(0, len(packed), width)]


def _header(shape: tuple[int, bytes], count: int) -> bytes:
    short, long = shape
    return bytes([short | count]) if count < _SHORT else long + count.to_bytes(2, "big")

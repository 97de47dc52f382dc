"""The changes of a batch by columns, as they travel: fewer bytes on a bad link, the same changes.

1. Only how a batch travels. What is hashed, signed and stored are the changes, byte for byte:
   unpacking gives just the bytes that were packed.
2. Names are sent once, and those of `field_names.json` not at all. That list only grows, at its
   end: a phone says how much of it it knows.
3. What is not written in the shortest form, or belongs elsewhere, is no columns: it goes plainly.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
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
    """One entry a change in each list, but for `names`, `kinds` and `values`."""

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
    # All values of the first name that is used, in the order of changes; then of the next name.
    values: bytes


_values = msgspec.msgpack.Decoder(list[msgspec.Raw])
_encode = msgspec.msgpack.Encoder().encode
_NO_DOTS: Final = b"\x90"
_LIST: Final = b"\xdd"  # and four bytes that count
_SHORT_MAP: Final = 16


def to_columns(seat: int, first: int, changes: Sequence[bytes]) -> Columns | None:
    """Pack changes `first`, `first + 1`, … of a seat; None if they cannot go in columns."""
    writer = _Writer()
    try:
        for change in changes:
            writer.add(*_read(change))
        columns = writer.columns()
        is_same = changes_of(columns, seat, first, sum(map(len, changes))) == list(changes)
    except (Malformed, TooLarge):
        return None
    return columns if is_same else None


def _read(change: bytes) -> tuple[Skeleton, bytes, list[msgspec.Raw]]:
    skeleton_bytes, body = split(change)
    skeleton = read_skeleton(skeleton_bytes)
    if skeleton is None:
        raise Malformed("a change of this version")
    salt, values = read_body(body)
    if len(values) != len(skeleton.fields):
        raise Malformed("a value for each field")
    if max(map(len, skeleton.fields)) > FIELD_NAME_CHARACTERS_MAX:
        raise Malformed("names of fields")
    return skeleton, salt, values


class _Writer:
    def __init__(self) -> None:
        self._places = {name: place for place, name in enumerate(FIELD_NAMES)}
        self._kinds: dict[str, int] = {}
        self._read: list[tuple[Skeleton, bytes]] = []
        self._places_used: list[int] = []
        self._values: dict[int, list[msgspec.Raw]] = {}

    def add(self, skeleton: Skeleton, salt: bytes, values: Sequence[msgspec.Raw]) -> None:
        places = [self._places.setdefault(name, len(self._places)) for name in skeleton.fields]
        self._read.append((skeleton, salt))
        self._kinds.setdefault(skeleton.kind, len(self._kinds))
        self._places_used += places
        for place, value in zip(places, values, strict=True):
            self._values.setdefault(place, []).append(value)

    def columns(self) -> Columns:
        skeletons = [skeleton for skeleton, _ in self._read]
        names = list(self._places)[len(FIELD_NAMES) :]
        if len(names) > BATCH_NAMES_MAX or len(skeletons) > BATCH_CHANGES_MAX:
            raise TooLarge("a batch", len(names), BATCH_NAMES_MAX)
        return Columns(
            known=len(FIELD_NAMES),
            names=names,
            kinds=list(self._kinds),
            kind=[self._kinds[skeleton.kind] for skeleton in skeletons],
            record=b"".join(skeleton.record for skeleton in skeletons),
            salt=b"".join(salt for _, salt in self._read),
            prev=[skeleton.prev for skeleton in skeletons],
            ms=_differences([skeleton.at[0] for skeleton in skeletons]),
            counter=[skeleton.at[1] for skeleton in skeletons],
            count=[len(skeleton.fields) for skeleton in skeletons],
            steps=_differences(self._places_used),
            dots=[_dots_of(skeleton) for skeleton in skeletons],
            values=b"".join(
                chain.from_iterable(column for _, column in sorted(self._values.items()))
            ),
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
    size = len(columns.values) + sum([len(named[place]) for place in places])
    if size > most:
        raise TooLarge("a batch", size, most)
    try:
        values = _in_rows(columns.values, places)
        return list(_changes(columns, seat, first, places, named, values))
    except (ValueError, IndexError, OverflowError, msgspec.DecodeError, RecursionError):
        raise Malformed("columns that fit each other") from None


def _named(columns: Columns, places: Sequence[int]) -> dict[int, bytes]:
    """Give the names that are used, packed, by their places, each with no dots behind it."""
    if columns.known > len(FIELD_NAMES):
        raise Malformed("a list of names that is known here")
    names = [*FIELD_NAMES[: columns.known], *columns.names]
    used = set(places)
    if used and not 0 <= min(used) <= max(used) < len(names):
        raise Malformed("a place in the list of names")
    return {place: _encode(names[place]) + _NO_DOTS for place in used}


def _in_rows(packed: bytes, places: Sequence[int]) -> list[msgspec.Raw]:
    """Give the values in the order of changes and fields, from that of names."""
    values = _values.decode(_LIST + len(places).to_bytes(4, "big") + packed)
    taken: dict[int, Iterator[msgspec.Raw]] = {}
    at = 0
    for place, count in sorted(Counter(places).items()):
        taken[place] = iter(values[at : at + count])
        at += count
    return [next(taken[place]) for place in places]


def _changes(
    columns: Columns,
    seat: int,
    first: int,
    places: Sequence[int],
    named: Mapping[int, bytes],
    values: Sequence[msgspec.Raw],
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
        strict=True,
    )
    at = 0
    for seq, (kind, record, salt, prev, ms, counter, count, dots) in enumerate(rows, first):
        entries = [named[place] for place in places[at : at + count]]
        if dots:
            pairs = zip(entries, dots, strict=True)
            entries = [name[: -len(_NO_DOTS)] + _encode(replaced) for name, replaced in pairs]
        fields = msgspec.Raw(_map_header(count) + b"".join(entries))
        skeleton = [VERSION, seat, seq, prev, record, kinds[kind], [ms, counter], fields]
        yield _encode(skeleton) + _encode([salt, values[at : at + count]])
        at += count
    if at != len(places):
        raise ValueError(at)


def _sliced(packed: bytes, width: int) -> list[bytes]:
    return [packed[at : at + width] for at in range(0, len(packed), width)]


def _map_header(count: int) -> bytes:
    return bytes([0x80 | count]) if count < _SHORT_MAP else b"\xde" + count.to_bytes(2, "big")

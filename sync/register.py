"""One field of a record: the sets that no later set replaced, and what is known to be replaced.

1. One head: settled. Several with different values: a conflict, until a person settles it.
2. `gone` holds replaced dots that have not arrived yet, so that they cannot come back as heads.
3. Heads and gone are sorted by dot, so that equal registers have equal bytes.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from sync.change import Count, Dot
from sync.value import ERASED as ERASED_VALUE


class Head(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """A set of a field that stands. `received` is the office's time, 0 until it has said it."""

    dot: Dot
    at: tuple[Count, Count]
    received: Count
    value: msgspec.Raw


class Register(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """A field by name, as it stands in the bytes of a state."""

    field: Annotated[str, Meta(min_length=1)]
    heads: list[Head]
    gone: list[Dot]


NIL: Final = msgspec.Raw(b"\xc0")

# What an erased body leaves of each of its values. No change may set it (`sync/value.py`).
ERASED: Final = msgspec.Raw(msgspec.msgpack.encode(ERASED_VALUE))
Seen = Mapping[int, int]


def apply_set(register: Register, new: Head, replaced: Iterable[Dot], seen: Seen) -> Register:
    """Put one set into a register: it replaces what its author saw, also what is still to come."""
    heads = {head.dot: head for head in register.heads}
    gone = set(register.gone)
    for dot in replaced:
        if heads.pop(dot, None) is None and dot.seq > seen.get(dot.seat, 0):
            gone.add(dot)
    if new.dot in gone:
        gone.discard(new.dot)
    else:
        heads[new.dot] = new
    return _register(register.field, heads.values(), gone)


def join(ours: Register, theirs: Register, our_seen: Seen, their_seen: Seen) -> Register:
    """Join two views of one field: a head goes only if the other side knows that it went."""
    gone = {*ours.gone, *theirs.gone}
    mine = {head.dot: head for head in ours.heads}
    other = {head.dot: head for head in theirs.heads}
    heads = [
        _merged(head, other.get(dot))
        for dot, head in mine.items()
        if dot in other or dot.seq > their_seen.get(dot.seat, 0)
    ]
    heads += [
        head
        for dot, head in other.items()
        if dot not in mine and dot.seq > our_seen.get(dot.seat, 0)
    ]
    return _register(
        ours.field,
        (head for head in heads if head.dot not in gone),
        (
            dot
            for dot in gone
            if dot.seq > max(our_seen.get(dot.seat, 0), their_seen.get(dot.seat, 0))
        ),
    )


def shown(register: Register) -> Head | None:
    """Give the head to display where several stand; it decides nothing."""
    if len(register.heads) == 1:
        return register.heads[0]
    return max(
        register.heads, key=lambda head: (head.at, head.dot.seat, head.dot.seq), default=None
    )


def forget_gone(register: Register, seat: int, seq: int) -> Register:
    """Drop what `gone` holds of a seat up to a seq that has been seen: it can come no more.

    Without a fork the dot itself is what came. After one, the other branch's dot stays away for
    ever, and two sides that remember it for different times would differ in bytes.
    """
    if not any(dot.seat == seat and dot.seq <= seq for dot in register.gone):
        return register
    left = [dot for dot in register.gone if dot.seat != seat or dot.seq > seq]
    return Register(register.field, register.heads, left)


def erase(register: Register, named: Collection[Dot | tuple[int, int]]) -> Register:
    """Give a register in which the values that these changes, or places, set read "erased"."""
    heads = [
        Head(head.dot, head.at, head.received, ERASED) if _is_named(head.dot, named) else head
        for head in register.heads
    ]
    return register if heads == register.heads else Register(register.field, heads, register.gone)


def is_erased(head: Head) -> bool:
    """Tell whether the value of a set was erased by law."""
    return bytes(head.value) == bytes(ERASED)


def equal(one: Head, other: Head) -> bool:
    """Tell whether two sets say the same."""
    return canonical(one.value) == canonical(other.value)


def in_conflict(register: Register) -> bool:
    """Tell whether people set this field to different values apart from each other."""
    if len(register.heads) <= 1:
        return False
    return len({canonical(head.value) for head in register.heads}) > 1


def open_value(head: Head | None) -> Any:  # noqa: ANN401 - whatever was answered
    """Open the value of a head; None if there is no head."""
    return None if head is None else msgspec.msgpack.decode(head.value)


def canonical(value: msgspec.Raw) -> bytes:
    """Give bytes that are equal where values are, whatever encoder wrote them."""
    return msgspec.msgpack.encode(msgspec.msgpack.decode(value), order="deterministic")


def _is_named(dot: Dot, named: Collection[Dot | tuple[int, int]]) -> bool:
    return dot in named or (dot.seat, dot.seq) in named


def _merged(head: Head, twin: Head | None) -> Head:
    """Put two views of one set together: the later receipt, and no value that was erased."""
    if twin is None or twin == head:
        return head
    value = head.value if is_erased(head) or not is_erased(twin) else twin.value
    return Head(head.dot, head.at, max(head.received, twin.received), value)


def _register(field: str, heads: Iterable[Head], gone: Iterable[Dot]) -> Register:
    return Register(field, sorted(heads, key=_dot_of), sorted(gone))


def _dot_of(head: Head) -> Dot:
    return head.dot

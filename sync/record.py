"""The state of one record: its registers, and how far of each seat's log it has seen.

1. Whatever order changes arrive in, however often, by whatever route: the same state.
2. A change applies only where the state has seen its author's previous change to this record;
   else it waits.
3. Equal states have equal bytes: everything is sorted and written in one shape.
4. Joining states is commutative, associative and idempotent.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from sync import register
from sync.change import Dot, LinkedChange, Place, RecordId, Skeleton, raw_values
from sync.first import FirstRegisters
from sync.limits import KIND_CHARACTERS_MAX
from sync.refusals import Malformed
from sync.register import Head, Register

VERSION: Final = 1


class State(msgspec.Struct, frozen=True, gc=False):
    """What a party knows of a record. Registers by field; `seen`: the last seq applied by seat."""

    record: bytes
    kind: str
    seen: Mapping[int, int] = msgspec.field(default_factory=dict)
    registers: Mapping[str, Register] = msgspec.field(default_factory=dict)


class _StateBytes(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    record: RecordId
    kind: Annotated[str, Meta(min_length=1, max_length=KIND_CHARACTERS_MAX)]
    seen: list[tuple[Place, Place]]
    registers: list[Register]


_decoder = msgspec.msgpack.Decoder(_StateBytes)
_encoder = msgspec.msgpack.Encoder()
_FIVE: Final = b"\x95"  # MessagePack: an array of five


def encode_state(state: State) -> bytes:
    """Give the bytes of a state, as they are stored and sent in pages."""
    if type(state.registers) is FirstRegisters:
        head = _encoder.encode((VERSION, state.record, state.kind, sorted(state.seen.items())))
        return _FIVE + head[1:] + state.registers.encode()
    return _encoder.encode(
        _StateBytes(
            VERSION,
            state.record,
            state.kind,
            sorted(state.seen.items()),
            [state.registers[name] for name in sorted(state.registers)],
        )
    )


def decode_state(stored: bytes) -> State:
    """Read the bytes of a state; raise Malformed if they are none."""
    try:
        read = _decoder.decode(stored)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("the state of a record") from None
    return State(
        read.record,
        read.kind,
        dict(read.seen),
        {register.field: register for register in read.registers},
    )


def encode_left_mark(record: bytes) -> bytes:
    """Give the mark that stands in a page where a record has left what a seat holds."""
    return _encoder.encode([0, record])


def is_seen(state: State, skeleton: Skeleton) -> bool:
    """Tell whether a change is in the state already."""
    return skeleton.seq <= state.seen.get(skeleton.seat, 0)


def must_wait(state: State, skeleton: Skeleton) -> bool:
    """Tell whether the state lacks the author's previous change to this record."""
    return not is_seen(state, skeleton) and state.seen.get(skeleton.seat, 0) != skeleton.prev


def apply(state: State, change: LinkedChange, received: int = 0) -> State:
    """Apply one readable change that need not wait; a duplicate changes nothing.

    `received` is the office's time of receipt in ms, 0 where it is not known yet.
    """
    skeleton = change.skeleton
    assert skeleton is not None, "a change that cannot be read has no effect"
    if is_seen(state, skeleton):
        return state
    assert not must_wait(state, skeleton), "the author's previous change is missing"
    assert skeleton.record == state.record
    dot, at = change.dot, skeleton.at
    values = _values(change, len(skeleton.fields))
    # Two kinds of one record are somebody's mistake; the smaller name makes every order agree.
    kind = min(state.kind, skeleton.kind)
    if not state.seen and not state.registers and not any(skeleton.fields.values()):
        first = FirstRegisters(dot, at, received, zip(skeleton.fields, values, strict=True))
        return State(state.record, kind, {dot.seat: dot.seq}, first)
    registers = {
        name: register.forget_gone(one, dot.seat, dot.seq) if one.gone else one
        for name, one in state.registers.items()
    }
    for (name, replaced), value in zip(skeleton.fields.items(), values, strict=True):
        old = registers.get(name)
        head = Head(dot, at, received, value)
        if old is None and not replaced:
            registers[name] = Register(name, [head], [])
        else:
            before = state.registers.get(name) or Register(name, [], [])
            applied = register.apply_set(before, head, replaced, state.seen)
            registers[name] = register.forget_gone(applied, dot.seat, dot.seq)
    return State(state.record, kind, {**state.seen, dot.seat: dot.seq}, registers)


def fold(
    state: State, changes: Iterable[LinkedChange], received: int = 0
) -> tuple[State, list[LinkedChange]]:
    """Apply changes in any order; give the state and the changes that still have to wait."""
    waiting = [change for change in changes if change.skeleton is not None]
    while True:
        left = []
        for change in waiting:
            assert change.skeleton is not None
            if must_wait(state, change.skeleton):
                left.append(change)
            else:
                state = apply(state, change, received)
        if len(left) == len(waiting):
            return state, left
        waiting = left


def join(ours: State, theirs: State) -> State:
    """Join two states of one record."""
    assert ours.record == theirs.record
    registers = {}
    for name in {*ours.registers, *theirs.registers}:
        empty = Register(name, [], [])
        joined = register.join(
            ours.registers.get(name, empty),
            theirs.registers.get(name, empty),
            ours.seen,
            theirs.seen,
        )
        if joined.heads or joined.gone:
            registers[name] = joined
    seen = dict(ours.seen)
    for seat, seq in theirs.seen.items():
        seen[seat] = max(seq, seen.get(seat, 0))
    return State(ours.record, min(ours.kind, theirs.kind), seen, registers)


def erase(state: State, named: Collection[Dot | tuple[int, int]]) -> State:
    """Give a state in which the values that these changes set read "erased".

    A place (seat, seq) names the changes of every branch of its log.
    """
    registers = {name: register.erase(one, named) for name, one in state.registers.items()}
    return State(state.record, state.kind, state.seen, registers)


def is_erased(state: State, name: str) -> bool:
    """Tell whether a value of a field was erased by law."""
    return any(register.is_erased(head) for head in heads(state, name))


def heads(state: State, name: str) -> list[Head]:
    """Give the heads of a field; none if it was never set."""
    found = state.registers.get(name)
    return found.heads if found else []


def dots(state: State, name: str) -> list[Dot]:
    """Give what a set of this field replaces when its author sees this state."""
    return [head.dot for head in heads(state, name)]


def shown(state: State, name: str) -> Any:  # noqa: ANN401 - whatever was answered
    """Give the value to display of a field; None if it is not set."""
    if type(state.registers) is FirstRegisters:
        return state.registers.open(name)
    return register.open_value(_shown_head(state, name))


def shown_values(state: State) -> dict[str, Any]:
    """Give the value to display of each field that is set to something."""
    values = {name: shown(state, name) for name in state.registers}
    return {name: value for name, value in values.items() if value is not None}


def conflicts(state: State) -> list[str]:
    """Name the fields that people set to different values apart from each other."""
    return sorted(name for name, one in state.registers.items() if register.in_conflict(one))


def put_back(before: State, quarantined: LinkedChange) -> list[dict[str, tuple[list[Dot], Any]]]:
    """Give what the office sets to undo a quarantined change: a change for each map, in order.

    `before` is the state without it. The first replaces the quarantined dot in every field and
    sets again the value that it displaced, nil if there was none. Where it displaced several
    heads, the further ones follow as sets that replace nothing: a conflict stays a conflict.
    Where it displaced none of the heads that stand, one of their values is set again in place of
    the heads that hold it: nothing is taken from anybody, and heads do not pile up.
    """
    assert quarantined.skeleton is not None
    undoing: list[dict[str, tuple[list[Dot], Any]]] = [{}]
    for name, replaced in quarantined.skeleton.fields.items():
        displaced = [head for head in heads(before, name) if head.dot in replaced]
        values = [_value_again(head) for head in displaced]
        again: list[Dot] = []
        standing = _shown_head(before, name)
        if not displaced and standing is not None:
            values = [_value_again(standing)]
            again = [head.dot for head in heads(before, name) if register.equal(head, standing)]
        undoing[0][name] = ([quarantined.dot, *again], values[0] if values else None)
        for place, value in enumerate(values[1:], 1):
            if place == len(undoing):
                undoing.append({})
            undoing[place][name] = ([], value)
    return undoing


def _value_again(head: Head) -> Any:  # noqa: ANN401 - whatever was answered
    """Give the value to set again; nothing where it was erased: nobody may write that mark."""
    return None if register.is_erased(head) else register.open_value(head)


def _shown_head(state: State, name: str) -> Head | None:
    found = state.registers.get(name)
    return register.shown(found) if found else None


def _values(change: LinkedChange, count: int) -> list[msgspec.Raw]:
    if change.is_erased:
        return [register.ERASED] * count
    return raw_values(change.body_bytes)

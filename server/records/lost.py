"""What a state from a lost life of the office knows and today's state does not. Pure.

1. Only sets of changes that today's state has not seen count: what it has seen and no longer holds
   was replaced by somebody.
2. A set is moot where the field says the same by now, whoever said it.
"""

from dataclasses import dataclass

from sync import register
from sync.record import State
from sync.register import Head


@dataclass(frozen=True, slots=True)
class Lost:
    """One set of one field that today's state lacks."""

    field: str
    head: Head


def knows_more(theirs: State, ours: State | None) -> bool:
    """Tell whether a state has seen changes that ours has not."""
    seen = ours.seen if ours else {}
    return any(seq > seen.get(seat, 0) for seat, seq in theirs.seen.items())


def lost_sets(theirs: State, ours: State | None) -> list[Lost]:
    """List what is lost and not moot, by field."""
    seen = ours.seen if ours else {}
    return [
        Lost(name, head)
        for name in sorted(theirs.registers)
        for head in theirs.registers[name].heads
        if head.dot.seq > seen.get(head.dot.seat, 0) and not _is_moot(head, name, ours)
    ]


def _is_moot(head: Head, name: str, ours: State | None) -> bool:
    if register.is_erased(head):
        return True  # nobody may set it again
    found = ours.registers.get(name) if ours else None
    if found and head.dot in found.gone:
        return True  # somebody has replaced it; only the set itself is lost
    standing = found.heads if found else []
    if not standing:
        return register.open_value(head) is None
    return all(register.equal(one, head) for one in standing)

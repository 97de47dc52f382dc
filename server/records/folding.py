"""What becomes of a record when one more change is merged. Pure: taking and rebuilding share it.

1. The same changes in the same turns always give the same rows.
2. A record is hidden until a change has been applied to it that was not quarantined.
"""

from collections.abc import Iterator

import msgspec

from server.records.changes import APPLIED, BY_OFFICE
from server.statements import Row
from sync.change import LinkedChange
from sync.limits import NAME_CHARACTERS_MAX
from sync.record import State, apply, shown
from sync.register import in_conflict

COLUMNS = (
    "kind", "area", "state", "hidden", "turns", "applied", "first_received", "first_seat",
    "last_received",
)  # fmt: skip

NEVER = 2**62
"""Later than every time of receipt."""


class Folded(msgspec.Struct, frozen=True, gc=False):
    """A record as the office keeps it."""

    state: State
    # The area whose feed it stands in.
    area: str | None = None
    turns: int = 0
    applied: int = 0
    first_received: int = NEVER
    first_seat: int = 0
    last_received: int = 0

    @property
    def is_hidden(self) -> bool:
        """Whether no device and no list shows it yet."""
        return self.applied == 0


def begin(record: bytes, kind: str) -> Folded:
    """Give a record of which nothing has come."""
    return Folded(State(record, kind))


def fold_in(folded: Folded, change: LinkedChange, received: int, effect: str) -> Folded:
    """Merge one change that need not wait."""
    first = (folded.first_received, folded.first_seat)
    # What the office itself adds in the same moment does not make it the one who took the dossier.
    if effect not in BY_OFFICE:
        first = min(first, (received, change.seat))
    state = apply(folded.state, change, received)
    return Folded(
        state=state,
        area=_area_of(state),
        turns=folded.turns + 1,
        applied=folded.applied + (effect == APPLIED),
        first_received=first[0],
        first_seat=first[1],
        last_received=max(folded.last_received, received),
    )


def conflict_turns(before: State, after: State, change: LinkedChange) -> Iterator[tuple[str, bool]]:
    """Name the fields in which this change opened a conflict (true) or ended one (false)."""
    assert change.skeleton is not None
    if not before.seen:
        return  # the first change of a record has nobody to differ from
    for field in change.skeleton.fields:
        was, becomes = _is_in_conflict(before, field), _is_in_conflict(after, field)
        if was != becomes:
            yield field, becomes


def _area_of(state: State) -> str | None:
    value = shown(state, "area")
    return value if isinstance(value, str) and len(value) <= NAME_CHARACTERS_MAX else None


def _is_in_conflict(state: State, field: str) -> bool:
    register = state.registers.get(field)
    # Asked of every field of every change; nearly all have one head.
    return register is not None and len(register.heads) > 1 and in_conflict(register)


def count_conflicts(folded: Folded) -> int:
    """Count the fields in conflict."""
    if folded.turns <= 1:
        return 0  # the first change of a record has nobody to differ from
    return sum(
        len(register.heads) > 1 and in_conflict(register)
        for register in folded.state.registers.values()
    )


def row_of(folded: Folded, state_bytes: bytes) -> Row:
    """Give the columns of a record behind its id."""
    return (
        folded.state.kind,
        folded.area,
        state_bytes,
        folded.is_hidden,
        folded.turns,
        folded.applied,
        folded.first_received,
        folded.first_seat,
        folded.last_received,
    )

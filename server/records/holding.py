"""Who holds a record: on whose devices it may be. Pure: taking, rebuilding and verifying share it.

1. Whoever wrote in it holds it for good, and so does the team they wrote for.
2. Whoever it is given to (an assignee, the team and crew of a trip: `sync/kinds.json`) holds it as
   long as it is. Where officers gave it apart from each other, all of their choices hold it until
   a person settles: nobody's work is taken away unasked.
3. Who held it by assignment alone keeps a row that says so no more: the feed tells them that the
   record left.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeGuard

from server.records.changes import APPLIED, QUARANTINED
from sync.kinds import PEOPLE_MAX, kind_of
from sync.reconcile import ASSIGNEE
from sync.record import State, heads
from sync.register import open_value

COLUMNS = ("record", "holder", "held")

STAFF_MAX = 2**53 - 1
"""The largest number that a value may be."""


@dataclass(slots=True)
class Holding:
    """Who held one record, while its changes are gone through in their turns."""

    wrote: set[str] = field(default_factory=set)
    assigned: AbstractSet[str] = frozenset()
    _assigned_once: AbstractSet[str] = frozenset()

    def note(self, after: State, effect: str, staff: int | None, team: int | None) -> None:
        """Note a change that led to this state, and whose seat wrote it."""
        if effect == APPLIED:
            self.wrote.update(holders_of(staff, team))
        # What a quarantined change assigned is put back at once: it never counted.
        named = kind_of(after.kind).holders
        if effect != QUARANTINED and any(field in after.registers for field in named):
            self.assigned = assigned_holders(after)
            self._assigned_once = self._assigned_once | self.assigned

    @property
    def rows(self) -> dict[str, bool]:
        """Say of everybody who ever held it whether they do."""
        if not self._assigned_once:
            return dict.fromkeys(self.wrote, True)  # nearly every record
        holding = self.wrote | self.assigned
        return {holder: holder in holding for holder in sorted(holding | self._assigned_once)}


def begin(state: State) -> Holding:
    """Go on from a record as it stands; who wrote in it before is not known here."""
    assigned = assigned_holders(state)
    return Holding(set(), assigned, assigned)


@lru_cache(1_024)  # asked of every change; a branch has some hundred people
def holders_of(staff: int | None, team: int | None) -> tuple[str, ...]:
    """Name who holds what a seat wrote."""
    holders = () if staff is None else (f"staff:{staff}",)
    return holders if team is None else (*holders, f"team:{team}")


def assignees_of(state: State) -> list[int]:
    """Give the numbers of the staff to whom a record is assigned: one, or none, or rivals."""
    values = [open_value(head) for head in heads(state, ASSIGNEE)]
    return sorted({value for value in values if is_number_of_staff(value)})


def assigned_holders(state: State) -> set[str]:
    """Name who holds a record since it was given to them."""
    return {
        f"{whom}:{number}"
        for field, whom in kind_of(state.kind).holders.items()
        if field in state.registers
        for head in heads(state, field)
        for number in _numbers_in(open_value(head))
    }


def _numbers_in(value: object) -> list[int]:
    values = value[:PEOPLE_MAX] if isinstance(value, list) else [value]
    return [one for one in values if is_number_of_staff(one)]


def is_number_of_staff(value: object) -> TypeGuard[int]:
    """Tell whether a value may name somebody; `True` is an int to Python, and nobody."""
    return type(value) is int and 0 < value <= STAFF_MAX

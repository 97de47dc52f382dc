"""An officer settles conflicts: an ordinary change in the officer's own log at the desk.

It replaces exactly the values that the officer saw. One that came later was not seen, so it is
not replaced: the conflict stays open and is shown again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from server.dossiers.seen import token_of
from server.exchange.desk_deed import do_and_announce, write_at_desk
from server.office import Office
from server.staff.person import Person
from sync.change import Dot
from sync.record import State, heads
from sync.refusals import Refusal


class NotInConflict(Refusal):
    """Nothing of what the officer saw stands any more: somebody settled it first."""

    code = "not-in-conflict"

    def __init__(self, field: str) -> None:
        """Build the sentence."""
        super().__init__("somebody else has settled this by now")
        self.field = field


@dataclass(frozen=True)
class Choice:
    """What shall stand in a field, and the tokens of the values that the officer saw."""

    field: str
    seen: Sequence[str]
    value: Any


async def settle_and_announce(
    office: Office, person: Person, record: UUID, choices: Sequence[Choice], reason: str
) -> None:
    """Settle and, after the commit, tell the open pages; raises as `settle` does."""
    await do_and_announce(
        office,
        record,
        lambda connection, now: settle(connection, office, person, record, choices, reason, now),
    )


def settle(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    choices: Sequence[Choice],
    reason: str,
    now: int,
) -> None:
    """Write the officer's choice; raises NotInConflict if nothing seen stands any more.

    Raises UnknownRecord, or Malformed where a value or the reason breaks a bound.
    """

    def decide(state: State) -> dict[str, tuple[list[Dot], Any]]:
        sets = {choice.field: (_replaced(state, choice), choice.value) for choice in choices}
        fields = [choice.field for choice in choices]
        note = {"kind": "settlement", "reason": reason, "fields": fields}
        return {**sets, f"notes.{uuid4()}": ([], note)}

    write_at_desk(connection, office, person, record, decide, now)


def _replaced(state: State, choice: Choice) -> list[Dot]:
    """Give the values that the officer saw and that still stand."""
    standing = [head.dot for head in heads(state, choice.field)]
    replaced = [dot for dot in standing if token_of(dot) in choice.seen]
    if not replaced:
        raise NotInConflict(choice.field)
    return replaced

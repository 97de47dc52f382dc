"""An officer settles conflicts: an ordinary change in the officer's own log at the desk.

It replaces exactly the values that the officer saw. One that came later was not seen, so it is
not replaced: the conflict stays open and is shown again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from server.clock import now_ms
from server.conflicts.conflict import token_of
from server.devices.seats import get_or_make_desk_seat
from server.exchange.authors import load_writers
from server.exchange.exchange import announce
from server.exchange.own_log import open_own_log
from server.exchange.taking import Taker, take
from server.office import Office
from server.records.tables import records
from server.staff.person import Person
from sync.batch import sign_batch
from sync.change import Dot
from sync.record import State, decode_state, heads
from sync.refusals import Refusal


class NotInConflict(Refusal):
    """Nothing of what the officer saw stands any more: somebody settled it first."""

    code = "not-in-conflict"

    def __init__(self, field: str) -> None:
        """Build the sentence."""
        super().__init__("somebody else has settled this by now")
        self.field = field


class UnknownRecord(Refusal):
    """No record of this id, or none that the desk may see."""

    code = "unknown-record"


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
    now = now_ms()
    await office.database.write(
        lambda connection: settle(connection, office, person, record, choices, reason, now)
    )
    announce(office, [record.bytes])


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

    Raises Malformed where a value or the reason breaks a bound.
    """
    seat = get_or_make_desk_seat(connection, office.keys, person, now)
    writers = load_writers(connection, [seat.number])
    state = _load_state(connection, record)
    sets: dict[str, tuple[list[Dot], Any]] = {}
    for choice in choices:
        sets[choice.field] = (_replaced(state, choice), choice.value)
    fields = [choice.field for choice in choices]
    note = {"kind": "settlement", "reason": reason, "fields": fields}
    sets[f"notes.{uuid4()}"] = ([], note)
    log = open_own_log(connection, seat)
    first = log.last + 1
    log.write(state, sets, now)
    batch = sign_batch(
        seat.private_key,
        office=office.settings.office,
        seat=seat.number,
        first=first,
        changes=log.written,
        head=log.head,
    )
    taken = take(connection, Taker(office.settings.office, office.keys), [batch], writers, now)
    assert not taken.refusals, "the desk's own batch is always right"


def _load_state(connection: sa.Connection, record: UUID) -> State:
    found = sa.select(records.c.state).where(records.c.id == record.bytes).with_for_update()
    stored = connection.execute(found).scalar()
    if stored is None:
        raise UnknownRecord("there is no such record")
    return decode_state(stored)


def _replaced(state: State, choice: Choice) -> list[Dot]:
    """Give the values that the officer saw and that still stand."""
    standing = [head.dot for head in heads(state, choice.field)]
    replaced = [dot for dot in standing if token_of(dot) in choice.seen]
    if not replaced:
        raise NotInConflict(choice.field)
    return replaced

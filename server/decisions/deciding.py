"""An officer applies a lost decision again, or lets it go: a change in the officer's own log.

Applying replaces exactly what the officer saw. What stands otherwise by then is not replaced: the
two values stay side by side, a conflict like any other.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from server.decisions.returned import note_of
from server.devices.rules import OFFICE_DEVICE
from server.dossiers.seen import token_of
from server.dossiers.tables import findings
from server.exchange.desk_deed import do_and_announce, write_at_desk
from server.exchange.offering import DECISION, Offered, find_offered
from server.exchange.own_log import Sets
from server.facts import current_epoch
from server.office import Office
from server.records.lost import Lost
from server.records.tables import returns
from server.staff.person import Person
from sync.record import State, heads
from sync.refusals import Refusal
from sync.register import open_value


class NothingLost(Refusal):
    """Nothing of what the officer picked is lost any more."""

    code = "nothing-lost"


async def decide_and_announce(
    office: Office,
    person: Person,
    record: UUID,
    picked: Mapping[tuple[str, str], str],
    reason: str,
    *,
    applies: bool,
) -> None:
    """Decide and, after the commit, tell the open pages; raises as `apply_again` does."""
    deed = apply_again if applies else let_go
    await do_and_announce(
        office,
        record,
        lambda connection, now: deed(connection, office, person, record, picked, reason, now),
    )


def apply_again(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    picked: Mapping[tuple[str, str], str],
    reason: str,
    now: int,
) -> None:
    """Set lost values again; `picked` gives, by field and token, what the officer saw there.

    Of two for one field the newer is set. Raises NothingLost, UnknownRecord or Malformed.
    """
    one, chosen = _find(connection, record, picked)
    by_field = {lost.field: lost for lost in sorted(chosen, key=lambda lost: lost.head.at)}
    _close(connection, record, list(by_field.values()), person, now)

    def decide(state: State) -> Sets:
        sets: dict[str, tuple[list[Any], Any]] = {}
        for field, lost in by_field.items():
            seen = picked[field, token_of(lost.head.dot)].split(",")
            standing = [head.dot for head in heads(state, field) if token_of(head.dot) in seen]
            sets[field] = (standing, open_value(lost.head))
            for note in note_of(one, lost):
                sets[note.field] = ([], open_value(note.head))
        if reason:
            said = {"kind": "settlement", "reason": reason, "fields": sorted(by_field)}
            sets[f"notes.{uuid4()}"] = ([], said)
        return sets

    write_at_desk(connection, office, person, record, decide, now)
    connection.execute(
        sa.insert(returns).values(
            epoch=current_epoch(connection),
            kind="decision",
            device=OFFICE_DEVICE,
            record=record.bytes,
            at=now,
        )
    )


def let_go(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    picked: Mapping[tuple[str, str], str],
    reason: str,
    now: int,
) -> None:
    """Leave lost values lost, with the reason in the record's history; raises as above."""
    _, chosen = _find(connection, record, picked)
    _close(connection, record, chosen, person, now)

    def decide(_: State) -> Sets:
        fields = sorted({lost.field for lost in chosen})
        return {f"notes.{uuid4()}": ([], {"kind": "dismissal", "reason": reason, "fields": fields})}

    write_at_desk(connection, office, person, record, decide, now)


def _find(
    connection: sa.Connection, record: UUID, picked: Mapping[tuple[str, str], str]
) -> tuple[Offered, list[Lost]]:
    for one in find_offered(connection, [record.bytes]):
        chosen = [
            lost
            for lost in [*one.decisions, *one.awaited]
            if (lost.field, token_of(lost.head.dot)) in picked
        ]
        if chosen:
            return one, chosen
    raise NothingLost("nothing of this is lost any more")


def _close(
    connection: sa.Connection, record: UUID, chosen: Sequence[Lost], person: Person, now: int
) -> None:
    """End the findings of what was decided; for a value that was only awaited, keep that it was."""
    for lost in chosen:
        seat, seq = lost.head.dot.seat, lost.head.dot.seq
        is_it = (
            (findings.c.kind == DECISION)
            & (findings.c.record == record.bytes)
            & (findings.c.field == lost.field)
            & (findings.c.seat == seat)
            & (findings.c.seq == seq)
        )
        ended = sa.update(findings).where(is_it, findings.c.closed.is_(None))
        closed = connection.execute(ended.values(closed=now, closed_by=person.id))
        if closed.rowcount:
            continue
        if connection.execute(sa.select(findings.c.id).where(is_it)).first() is None:
            connection.execute(
                sa.insert(findings).values(
                    kind=DECISION,
                    record=record.bytes,
                    field=lost.field,
                    seat=seat,
                    seq=seq,
                    detail="{}",
                    created=now,
                    closed=now,
                    closed_by=person.id,
                )
            )

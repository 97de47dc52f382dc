"""States that devices offer back after a new epoch, and the decisions of the desk found in them.

1. A state is believed by the mark that this office gave it, whoever brings it; it is kept beside
   the records and never merged: what phones wrote comes back by their own logs, rightly signed.
2. What was written at the desk comes back by no log, since desk seats are retired with their epoch.
   Each such value is a finding, until it stands again or a person has decided.
3. A state is forgotten when nothing of it is lost any more.
4. What was erased by law meanwhile does not come back with it, and is nobody's to decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import seats
from server.dossiers.findings import Ended, Raised, write_findings
from server.dossiers.tables import findings
from server.erasures.listed import load_named
from server.facts import current_epoch
from server.keys import OfficeKeys
from server.records.lost import Lost, knows_more, lost_sets
from server.records.rows import insert_rows, portions, taking_over
from server.records.tables import offered_states, records, returns
from server.statements import Statement
from sync.exchange import OfferedState
from sync.record import State, decode_state, encode_state, erase, join
from sync.refusals import Malformed

DECISION: Final = "returned-decision"
NOTE: Final = "notes."

COLUMNS = ("record", "state", "device", "received")


@dataclass(frozen=True)
class Offered:
    """A state of a lost life beside today's, and what today's lacks of it."""

    record: bytes
    theirs: State
    ours: State | None
    decisions: list[Lost]
    """Set at the desk, or by nobody that is known here; only in records that the office has."""
    awaited: list[Lost]
    """Set on a phone: it comes with that phone's log, should it ever come."""


def take_offered(
    connection: sa.Connection,
    keys: OfficeKeys,
    offered: Iterable[OfferedState],
    device: int,
    now: int,
) -> None:
    """Keep what the office once gave out and has lost, and raise what people have to decide."""
    brought: dict[bytes, State] = {}
    for one in offered:
        state = _find_state(keys, one)
        if state is not None:
            known = brought.get(state.record)
            brought[state.record] = join(known, state) if known else state
    if not brought:
        return
    brought = _without_erased(connection, brought)
    ours = _load_states(connection, brought)
    brought = {
        record: state for record, state in brought.items() if knows_more(state, ours.get(record))
    }
    if not brought:
        return
    kept = _load_offered(connection, brought)
    rows = [
        (record, encode_state(join(kept[record], state) if record in kept else state), device, now)
        for record, state in sorted(brought.items())
    ]
    insert_rows(connection, offered_states, COLUMNS, rows, taking_over(COLUMNS[1:], ("record",)))
    epoch = current_epoch(connection)
    fresh = [(epoch, "state", device, record, now) for record in sorted(brought.keys() - kept)]
    insert_rows(connection, returns, ("epoch", "kind", "device", "record", "at"), fresh)
    weigh_offered(connection, brought, now)


def weigh_offered(connection: sa.Connection, changed: Iterable[bytes], now: int) -> None:
    """Raise and end findings for records that changed, where states of theirs were offered."""
    if _any.row(connection) is None:
        return  # asked with every exchange; nearly always there is none
    for one in find_offered(connection, changed):
        lost = {
            (it.field, it.head.dot.seat, it.head.dot.seq)
            for it in one.decisions
            if is_told(it, one.decisions)
        }
        raised = _raise_fresh(connection, one, now)
        dismissed = 0
        for row in connection.execute(_findings_of(one.record)):
            is_lost = (row.field, row.seat, row.seq) in lost
            if row.closed is not None:
                dismissed += is_lost
            elif not is_lost:
                ended = sa.update(findings).where(findings.c.id == row.id)
                connection.execute(ended.values(closed=now))
        if not one.awaited and not raised and dismissed == len(lost):
            forgotten = sa.delete(offered_states).where(offered_states.c.record == one.record)
            connection.execute(forgotten)


def find_offered(connection: sa.Connection, wanted: Iterable[bytes] | None = None) -> list[Offered]:
    """Find the states that were offered, of these records or all, with what is lost of them."""
    kept = _load_offered(connection, wanted)
    ours = _load_states(connection, kept)
    lost = {record: lost_sets(state, ours.get(record)) for record, state in kept.items()}
    numbers = {one.head.dot.seat for found in lost.values() for one in found}
    of_phones, of_office = _sort_seats(connection, numbers)
    listed = []
    for record, theirs in sorted(kept.items()):
        found = [one for one in lost[record] if one.head.dot.seat not in of_office]
        decisions = [one for one in found if one.head.dot.seat not in of_phones]
        if record not in ours:
            # Who made it will bring it; the desk makes no records.
            decisions = []
        awaited = [one for one in found if one not in decisions]
        listed.append(Offered(record, theirs, ours.get(record), decisions, awaited))
    return listed


def is_told(lost: Lost, among: list[Lost]) -> bool:
    """Tell whether a lost set is told of by itself; a note goes with what it explains."""
    return not lost.field.startswith(NOTE) or not any(
        one.head.dot == lost.head.dot and not one.field.startswith(NOTE) for one in among
    )


_any = Statement(sa.select(offered_states.c.record).limit(1))


def _raise_fresh(connection: sa.Connection, one: Offered, now: int) -> int:
    told = {(row.field, row.seat, row.seq) for row in connection.execute(_findings_of(one.record))}
    fresh: list[Raised | Ended] = [
        Raised(DECISION, one.record, dot.seat, dot.seq, lost.field, now, {})
        for lost in one.decisions
        for dot in [lost.head.dot]
        if (lost.field, dot.seat, dot.seq) not in told and is_told(lost, one.decisions)
    ]
    write_findings(connection, fresh)
    return len(fresh)


def _findings_of(record: bytes) -> "sa.Select[int, str, int, int, int]":
    return sa.select(
        findings.c.id, findings.c.field, findings.c.seat, findings.c.seq, findings.c.closed
    ).where(findings.c.record == record, findings.c.kind == DECISION)


def _find_state(keys: OfficeKeys, offered: OfferedState) -> State | None:
    if not keys.is_marked(offered.state, offered.mac):
        return None
    try:
        return decode_state(offered.state)
    except Malformed:
        return None  # a mark of a record that left: nothing was known by it


def _without_erased(
    connection: sa.Connection, brought: Mapping[bytes, State]
) -> dict[bytes, State]:
    """Leave out what was erased by law since the states were given out."""
    seats = {
        head.dot.seat
        for state in brought.values()
        for one in state.registers.values()
        for head in one.heads
    }
    named = load_named(connection, seats)
    return {record: erase(state, named) for record, state in brought.items()}


def _load_states(connection: sa.Connection, wanted: Iterable[bytes]) -> dict[bytes, State]:
    states: dict[bytes, State] = {}
    for portion in portions(sorted(wanted)):
        found = sa.select(records.c.id, records.c.state).where(records.c.id.in_(portion))
        states |= {row.id: decode_state(row.state) for row in connection.execute(found)}
    return states


def _load_offered(connection: sa.Connection, wanted: Iterable[bytes] | None) -> dict[bytes, State]:
    found = sa.select(offered_states.c.record, offered_states.c.state)
    if wanted is None:
        return {row.record: decode_state(row.state) for row in connection.execute(found)}
    states: dict[bytes, State] = {}
    for portion in portions(sorted(set(wanted))):
        rows = connection.execute(found.where(offered_states.c.record.in_(portion)))
        states |= {row.record: decode_state(row.state) for row in rows}
    return states


def _sort_seats(connection: sa.Connection, numbers: set[int]) -> tuple[set[int], set[int]]:
    """Name, of these seats, those on phones and those of the office itself."""
    found = sa.select(seats.c.number, seats.c.device, seats.c.staff)
    rows = connection.execute(found.where(seats.c.number.in_(sorted(numbers)))).all()
    on_phones = {row.number for row in rows if row.device != OFFICE_DEVICE}
    own = {row.number for row in rows if row.device == OFFICE_DEVICE and row.staff is None}
    return on_phones, own

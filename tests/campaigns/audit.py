"""Holds an office, from outside, against what its phones wrote and were told.

Change by change, byte by byte; then the office's own walk over every chain, record and feed.
"""

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa

from server.dossiers.tables import dossiers, findings
from server.records.tables import branches, changes, logs, records
from sync.kinds import DOSSIER
from sync.record import decode_state, shown_values
from tests.campaigns.fleet import Fleet
from tests.campaigns.tally import PromiseBroken, Tally
from tests.campaigns.working import WorkingPhone
from tests.stories.office import assert_discreet
from tests.stories.records import connected

CITIZENS_LOOKED_FOR = 200
"""Names looked for in the office's log."""


def audit(fleet: Fleet) -> Tally:
    """Compare everything; gives what was lost or is there twice. Raises PromiseBroken.

    The office must be stopped: its database is read, walked by `backup` and folded by `rebuild`.
    """
    if fleet.broken:
        raise PromiseBroken("; ".join(fleet.broken))
    office = fleet.office
    with connected(office.database) as connection:
        tallies = [_audit_log(connection, phone) for phone in fleet.phones]
        tally = sum(tallies, Tally()) + _audit_records(connection, fleet.phones)
        forks = _count(connection, branches) + _count(connection, findings)
    before = _folded(office.database)
    office.run("backup")  # it gets its name only after the walk has found nothing
    office.run("rebuild")
    if _folded(office.database) != before:
        raise PromiseBroken("what is folded anew from the logs differs from what was there")
    assert_discreet(office, sorted(_names(fleet.phones))[:CITIZENS_LOOKED_FOR])
    return tally + Tally(forks=forks, faults=sum(phone.faults for phone in fleet.phones))


def _audit_log(connection: sa.Connection, working: WorkingPhone) -> Tally:
    """Compare a seat's log; all that was handed in has to be there, acknowledged or not."""
    seat = working.seat
    found = connection.execute(
        sa.select(changes.c.seq, changes.c.head, changes.c.skeleton, changes.c.body)
        .where(changes.c.seat == seat.number)
        .order_by(changes.c.seq)
    ).all()
    held = {row.seq: (bytes(row.head), bytes(row.skeleton) + bytes(row.body)) for row in found}
    ours = dict(enumerate(zip(seat.heads[1:], seat.changes, strict=True), start=1))
    lost = [seq for seq in range(1, working.acknowledged + 1) if held.get(seq) != ours[seq]]
    end = connection.execute(
        sa.select(logs.c.last, logs.c.head).where(logs.c.seat == seat.number)
    ).one()
    if not lost and (held != ours or (end.last, bytes(end.head)) != (seat.last, seat.heads[-1])):
        raise PromiseBroken(f"the log of seat {seat.number} is not what its phone wrote")
    return Tally(
        acknowledged=working.acknowledged,
        lost=len(lost),
        duplicates=len(found) - len(held),
        unread=working.unread,
    )


def _audit_records(connection: sa.Connection, phones: Iterable[WorkingPhone]) -> Tally:
    """Compare the folded records with what the phones see; each has to be there once."""
    states = {state.record: state for one in phones for state in one.own_states()}
    # Trips and stops are the office's own: no phone here wrote them.
    stored = connection.execute(
        sa.select(records.c.id, records.c.state).where(records.c.kind == DOSSIER)
    ).all()
    listed = connection.execute(sa.select(dossiers.c.record)).scalars().all()
    seen = Counter(bytes(row.id) for row in stored)
    desk = Counter(map(bytes, listed))
    for row in stored:
        ours, theirs = states.get(bytes(row.id)), decode_state(bytes(row.state))
        if ours and (theirs.seen, shown_values(theirs)) != (ours.seen, shown_values(ours)):
            raise PromiseBroken("a record of the office is not what its phone shows")
    return Tally(
        lost=len(states.keys() - seen.keys()) + len(states.keys() - desk.keys()),
        duplicates=(seen - Counter(states.keys())).total()
        + (desk - Counter(states.keys())).total(),
    )


def _folded(database: str) -> list[list[tuple[object, ...]]]:
    """Read everything that is folded from the logs."""
    with connected(database) as connection:
        return [
            [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in (records, dossiers)
        ]


def _count(connection: sa.Connection, table: sa.Table) -> int:
    counted = sa.select(sa.func.count()).select_from(table)
    return int(connection.execute(counted).scalar_one())


def _names(phones: Iterable[WorkingPhone]) -> set[str]:
    return {
        str(value)
        for phone in phones
        for state in phone.own_states()
        for name, value in shown_values(state).items()
        if name.endswith("full_name")
    }

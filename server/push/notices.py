"""What is to be told: noted in the transaction of the deed, so that it is true when that is.

Nothing is sent here. Of one kind a seat has one row: ten deeds in a minute are one message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from server.deadlines.supplements import ASKED
from server.devices.tables import push_subscriptions, seats
from server.dossiers.tables import dossiers, findings
from server.push.rules import gap_of, pause_after
from server.push.tables import push_notices
from server.records.rows import insert_rows
from server.staff.tables import staff
from sync.kinds import DOSSIER
from sync.push import Kind

RESULTS: Final = frozenset({"done", "refused", "stopped"})
"""States of a dossier that somebody has to tell a citizen."""

DELIVERY: Final = "result_delivery"

_row = push_notices.c


@dataclass(frozen=True)
class Due:
    """A message that may go out now."""

    seat: int
    kind: Kind
    due_at: int
    tries: int


def note_deed(
    connection: sa.Connection,
    record: bytes,
    kind: str,
    sets: Mapping[str, tuple[Any, Any]],
    author: int,
    now: int,
) -> None:
    """Note whom a deed of the desk concerns in the field; `sets` is what it set in a record."""
    told = _told_by(kind, sets)
    if told is None or connection.execute(_anybody).first() is None:
        return
    if kind == DELIVERY:
        people = _takers(connection, sets)
    else:
        people = _of_dossier(connection, record)
        if told == "settled":
            people |= _found(connection, record)
    note(connection, told, people - {author}, now)


def note(connection: sa.Connection, kind: Kind, people: Iterable[int], now: int) -> None:
    """Note that these people are to be woken; who was just woken for the same waits a while."""
    woken = (
        sa.select(push_subscriptions.c.seat)
        .join(seats, seats.c.number == push_subscriptions.c.seat)
        .where(seats.c.staff.in_(sorted(people)))
    )
    note_seats(connection, kind, list(connection.execute(woken).scalars()), now)


def note_seats(connection: sa.Connection, kind: Kind, wanted: Sequence[int], now: int) -> None:
    """Note that these seats, which are subscribed, are to be woken."""
    if not wanted:
        return
    fresh = [(seat, kind, None, 0) for seat in wanted]
    insert_rows(connection, push_notices, ("seat", "kind", "due_at", "tries"), fresh, "DO NOTHING")
    these = (_row.kind == kind) & _row.seat.in_(wanted)
    after = sa.func.coalesce(_row.sent_at + gap_of(kind), 0)
    when = sa.case((after > now, after), else_=now)
    connection.execute(
        sa.update(push_notices).where(these, _row.due_at.is_(None)).values(due_at=when, tries=0)
    )
    # One that may be on its way just now was sealed before this: it has to be told again.
    connection.execute(
        sa.update(push_notices).where(these, _row.due_at < now, _row.tries == 0).values(due_at=now)
    )


def find_due(connection: sa.Connection, now: int) -> list[Due]:
    """Give what may go out now, the oldest first."""
    found = sa.select(_row.seat, _row.kind, _row.due_at, _row.tries).where(_row.due_at <= now)
    return [Due(*row) for row in connection.execute(found.order_by(_row.due_at, _row.seat))]


def settle(connection: sa.Connection, due: Due, now: int, *, is_sent: bool) -> None:
    """Keep what became of a message: sent, to be tried again, or given up."""
    this = sa.update(push_notices).where(_row.seat == due.seat, _row.kind == due.kind)
    same = this.where(_row.due_at == due.due_at)
    if not is_sent:
        tries = due.tries + 1
        pause = pause_after(tries)
        later = None if pause is None else now + pause
        connection.execute(same.values(due_at=later, tries=tries if later else 0))
    elif not connection.execute(same.values(due_at=None, tries=0, sent_at=now)).rowcount:
        # Something came up while it was on its way.
        connection.execute(this.values(due_at=now + gap_of(due.kind), tries=0, sent_at=now))


def _told_by(kind: str, sets: Mapping[str, tuple[Any, Any]]) -> Kind | None:
    if kind == DELIVERY:
        return "result" if "dossier" in sets else None
    if kind != DOSSIER:
        return None
    if any(field.startswith(ASKED) for field in sets):
        return "supplement"
    if "status" in sets and sets["status"][1] in RESULTS:
        return "result"
    notes = [value for field, (_, value) in sets.items() if field.startswith("notes.")]
    is_settled = any(isinstance(one, dict) and one.get("kind") == "settlement" for one in notes)
    return "settled" if is_settled else None


def _of_dossier(connection: sa.Connection, record: bytes) -> set[int]:
    """Give who took it and whose work it is."""
    wanted = sa.select(dossiers.c.taken_by, dossiers.c.assignee)
    row = connection.execute(wanted.where(dossiers.c.record == record)).first()
    return set() if row is None else {one for one in row if one is not None}


def _found(connection: sa.Connection, record: bytes) -> set[int]:
    """Give whose changes stood against each other in a dossier."""
    wrote = (
        sa.select(seats.c.staff)
        .join(findings, findings.c.seat == seats.c.number)
        .where(findings.c.record == record, findings.c.kind == "conflict")
        .where(seats.c.staff.is_not(None))
    )
    return set(connection.execute(wrote).scalars())


def _takers(connection: sa.Connection, sets: Mapping[str, tuple[Any, Any]]) -> set[int]:
    """Give who takes a result along: the team of a stop, or one officer."""
    team, carrier = (sets[field][1] if field in sets else None for field in ("team", "carrier"))
    people = {carrier} if isinstance(carrier, int) else set()
    return people | _team(connection, team) if isinstance(team, int) else people


def _team(connection: sa.Connection, team: int) -> set[int]:
    working = sa.select(staff.c.id).where(staff.c.team == team, staff.c.active)
    return set(connection.execute(working).scalars())


_anybody = sa.select(push_subscriptions.c.seat).limit(1)

"""A deed of the desk: an ordinary change in the officer's own log, taken in like a phone's."""

import os
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.clock import now_ms
from server.devices.seats import get_or_make_desk_seat
from server.exchange.authors import load_writers
from server.exchange.exchange import announce
from server.exchange.own_log import Sets, open_own_log
from server.exchange.taking import Taker, take
from server.office import Office
from server.push.notices import note_deed
from server.records.tables import records
from server.staff.person import Person
from sync.batch import sign_batch
from sync.record import State, decode_state
from sync.refusals import Refusal

T = TypeVar("T")


class UnknownRecord(Refusal):
    """No record of this id, or none that the desk may see."""

    code = "unknown-record"


async def do_and_announce(
    office: Office, record: UUID, deed: Callable[[sa.Connection, int], T]
) -> T:
    """Do something to a record at the present time and, after the commit, tell the open pages."""
    now = now_ms()
    done = await office.database.write(lambda connection: deed(connection, now))
    announce(office, [record.bytes])
    office.push.wake()
    return done


def write_at_desk(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    decide: Callable[[State], Sets],
    now: int,
    *,
    may_be_hidden: bool = False,
    makes: str | None = None,
) -> None:
    """Write what an officer decides of a record as it stands; nothing, if nothing is to be set.

    `makes` is the kind of a record that this change begins, where there is none of that id yet.

    `decide` is asked once nobody else can change the record, and may raise; so may this, with
    UnknownRecord, or Malformed where a value breaks a bound.
    """
    seat = get_or_make_desk_seat(connection, office.keys, person, now)
    writers = load_writers(connection, [seat.number])
    state = _load_state(connection, record, makes, may_be_hidden=may_be_hidden)
    sets = decide(state)
    if not sets:
        return
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
    taker = Taker(office.settings.office, office.keys, office.settings.agency)
    taken = take(connection, taker, [batch], writers, now)
    assert not taken.refusals, "the desk's own batch is always right"
    # In the same transaction: what is told on phones happened, and what happened is told.
    note_deed(connection, record.bytes, state.kind, sets, person.id, now)


def new_record(now: int) -> UUID:
    """Make the id of a new record: a UUID of version 7, in the order of making."""
    value = (now & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)


def _load_state(
    connection: sa.Connection, record: UUID, makes: str | None, *, may_be_hidden: bool
) -> State:
    found = sa.select(records.c.state, records.c.hidden).where(records.c.id == record.bytes)
    row = connection.execute(found.with_for_update()).first()
    if row is None and makes is not None:
        return State(record.bytes, makes)
    if row is None or (row.hidden and not may_be_hidden):
        raise UnknownRecord("there is no such record")
    return decode_state(row.state)

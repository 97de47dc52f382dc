"""Story 3: the office is killed again and again while a device exchanges with it.

Nothing may be lost, and nothing may be there twice, whether the kill came before the office had
stored what was sent, after that, or in the middle.
"""

import random
import time
from itertools import islice
from typing import Any

import sqlalchemy as sa

from server.dossiers.tables import dossiers, findings
from server.records.tables import changes, logs, records
from sync.record import decode_state, shown_values
from tests.stories.citizens import birth_dossiers
from tests.stories.joining import joined_as
from tests.stories.killing import Attempt, Killer
from tests.stories.line import open_line
from tests.stories.office import OfficeProcess, assert_discreet
from tests.stories.records import connected
from tests.support.phone import Phone, PhoneSeat, new_record

KILLS = 20
CAUGHT_MIN = 10
"""So many kills must fall between the first byte sent and the answer read."""

DOSSIERS_A_ROUND = 40
SEED = 7

Taken = list[dict[str, Any]]


def test_nothing_is_lost_or_there_twice_when_the_office_is_killed_while_exchanging(
    office: OfficeProcess, database_url: str
) -> None:
    chance, written = random.Random(SEED), birth_dossiers(SEED)
    caught = stored_unread = 0
    with (
        open_line(office.port) as line,
        joined_as("an", office, line.port) as (phone, seat),
    ):
        seconds = _undisturbed(phone, seat, list(islice(written, DOSSIERS_A_ROUND)))
        killer = Killer(office, line, chance, seconds)
        working = killer.while_working
        moments = (killer.while_sending, working, working, killer.while_answering)
        for turn in range(KILLS):
            held = seat.held
            _work(phone, seat, list(islice(written, DOSSIERS_A_ROUND)), chance)
            moment = moments[turn % len(moments)]
            attempt = Attempt(phone)
            killed_at = moment(attempt)
            office.start()
            assert line.bytes_up, "it was killed before the first byte"
            caught += attempt.answered_at is None or attempt.answered_at > killed_at
            # First it asks how far it got, then it offers the whole round once more.
            phone.exchange(batches=[])
            assert seat.held in (held, seat.last), "a batch was stored half"
            stored_unread += seat.held > held and attempt.answered_at is None
            phone.exchange(batches=[seat.batch(phone.office, first=held + 1)])
            assert seat.held == seat.last
    print(f"{caught} of {KILLS} kills while exchanging, {stored_unread} after the commit")
    assert caught >= CAUGHT_MIN
    assert stored_unread >= KILLS // len(moments)

    office.stop()
    assert_holds_exactly(database_url, phone, seat)
    before = _folded(database_url)
    office.run("rebuild")
    assert _folded(database_url) == before
    assert_discreet(office, _names(phone))


def assert_holds_exactly(database: str, phone: Phone, seat: PhoneSeat) -> None:
    """Pass if the office has the phone's log, change by change, and nothing beside it."""
    with connected(database) as connection:
        log = connection.execute(
            sa.select(changes.c.seq, changes.c.head, changes.c.skeleton, changes.c.body)
            .where(changes.c.seat == seat.number)
            .order_by(changes.c.seq)
        )
        held = [(row.seq, bytes(row.head), bytes(row.skeleton) + bytes(row.body)) for row in log]
        end = connection.execute(
            sa.select(logs.c.last, logs.c.head).where(logs.c.seat == seat.number)
        ).one()
        folded = connection.execute(sa.select(records.c.id, records.c.state))
        states = {bytes(row.id): bytes(row.state) for row in folded}
        listed = connection.execute(sa.select(dossiers.c.record)).scalars().all()
        found = connection.execute(sa.select(sa.func.count()).select_from(findings)).scalar_one()
    assert held == list(zip(range(1, seat.last + 1), seat.heads[1:], seat.changes, strict=True))
    assert (end.last, bytes(end.head)) == (seat.last, seat.heads[-1])
    assert found == 0
    ours = {record.bytes: state for record, state in phone.records.items()}
    assert sorted(map(bytes, listed)) == sorted(ours)
    assert sorted(states) == sorted(ours)
    for record, stored in states.items():
        theirs = decode_state(stored)
        assert theirs.seen == ours[record].seen
        assert shown_values(theirs) == shown_values(ours[record])


def _undisturbed(phone: Phone, seat: PhoneSeat, taken: Taken) -> float:
    """Exchange once in peace; answers how many seconds it took."""
    for values in taken:
        phone.set(seat, new_record(), values)
    started = time.monotonic()
    phone.exchange()
    return time.monotonic() - started


def _work(phone: Phone, seat: PhoneSeat, taken: Taken, chance: random.Random) -> None:
    """Take new dossiers, and mend one that was taken before."""
    older = chance.choice(sorted(phone.records))
    mended = {"answers.child_ethnicity": chance.choice(("Mường", "Dao", "Kinh"))}
    phone.set(seat, older, mended)
    for values in taken:
        phone.set(seat, new_record(), values)


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


def _names(phone: Phone) -> list[str]:
    return sorted(
        {
            str(value)
            for state in phone.records.values()
            for name, value in shown_values(state).items()
            if name.endswith("full_name")
        }
    )

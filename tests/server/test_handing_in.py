"""Several devices that hand in at once are taken in one go, and none for another's mistake."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.devices.tables import seats
from server.exchange.exchange import exchange
from server.exchange.handing_in import Handed, HandIn
from server.exchange.merging import Merging
from server.records.tables import branches, changes, records
from sync.change import LinkedChange
from sync.exchange import ExchangeResponse
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat

Working = tuple[Phone, PhoneSeat]


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were taken in one go, each time that several were."""
    found: list[int] = []
    together = HandIn.do_together

    def noted(connection: sa.Connection, jobs: Sequence[HandIn]) -> list[Handed]:
        found.append(len(jobs))
        return together(connection, jobs)

    monkeypatch.setattr(HandIn, "do_together", noted)
    return found


def _joined(office: OpenOffice, count: int) -> list[Working]:
    phones = [office.phone(f"Máy {place}") for place in range(count)]
    return [(phone, phone.sign_in("an")) for phone in phones]


def _just_joined(office: OpenOffice) -> list[Working]:
    """Give phones that still show their papers, each with a dossier to hand in."""
    working = _joined(office, 3)
    for phone, seat in working:
        phone.papers_due = True
        phone.take_dossier(seat)
    return working


def _phones(office: OpenOffice, count: int) -> list[Working]:
    working = _joined(office, count)
    for phone, seat in working:
        phone.exchange(seat)  # the first one shows papers too
    return working


async def _hand_in(office: OpenOffice, bodies: Sequence[bytes]) -> list[bytes]:
    """Let requests come while something else is being written, so that all of them wait."""
    begun, may_go_on = threading.Event(), threading.Event()

    def hold(_connection: sa.Connection) -> None:
        begun.set()
        may_go_on.wait()

    database: Any = office.office.database
    held = asyncio.create_task(database.write(hold))
    await asyncio.to_thread(begun.wait)
    asked = [asyncio.create_task(exchange(office.office, body, now_ms())) for body in bodies]
    while database._writer._queue.qsize() < len(bodies):  # noqa: ASYNC110 -- it tells nobody
        await asyncio.sleep(0)
    may_go_on.set()
    await held
    return [answer.envelope for answer in await asyncio.gather(*asked)]


async def _exchange_at_once(office: OpenOffice, working: Sequence[Working]) -> None:
    bodies = [phone.request(seat) for phone, seat in working]
    for (phone, _), envelope in zip(working, await _hand_in(office, bodies), strict=True):
        phone.take_in(phone.read(envelope, ExchangeResponse))


async def test_who_waits_is_taken_in_one_go(office: OpenOffice, sizes: list[int]) -> None:
    working = await asyncio.to_thread(_phones, office, 4)
    for phone, seat in working:
        phone.take_dossier(seat)

    await _exchange_at_once(office, working)

    assert sizes == [4]
    assert [seat.held for _, seat in working] == [1, 1, 1, 1]
    assert len(office.rows(changes)) == 4


async def test_one_that_cannot_be_read_is_no_hindrance(
    office: OpenOffice, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = await asyncio.to_thread(_phones, office, 3)
    for phone, seat in working:
        phone.take_dossier(seat)
    (_, bad), *good = working
    load = Merging.load

    def stumble(self: Merging, arriving: Sequence[LinkedChange]) -> None:
        if any(change.seat == bad.number for change in arriving):
            raise ZeroDivisionError
        load(self, arriving)

    monkeypatch.setattr(Merging, "load", stumble)
    bodies = [phone.request(seat) for phone, seat in working]

    with pytest.raises(ZeroDivisionError):
        await _hand_in(office, bodies)

    assert sizes == [3]
    assert {row[0] for row in office.rows(changes)} == {seat.number for _, seat in good}


async def test_the_same_request_twice_is_taken_once(office: OpenOffice, sizes: list[int]) -> None:
    [(phone, seat)] = await asyncio.to_thread(_phones, office, 1)
    phone.take_dossier(seat)
    body = phone.request(seat)

    answers = await _hand_in(office, [body, body])

    held = [phone.read(one, ExchangeResponse).receipts[0].held for one in answers]
    assert held == [1, 1]
    assert sizes == []
    assert len(office.rows(changes)) == 1


async def test_what_parted_is_kept_beside_what_holds(office: OpenOffice, sizes: list[int]) -> None:
    (phone, an), (other, binh) = await asyncio.to_thread(_phones, office, 2)
    twin = PhoneSeat(an.number, an.key)
    phone.take_dossier(an)
    await asyncio.to_thread(phone.exchange, an)
    phone.take_dossier(twin)
    other.take_dossier(binh)
    batches = [twin.batch(phone.office)]

    answers = await _hand_in(office, [phone.request(an, batches=batches), other.request(binh)])

    refused = phone.read(answers[0], ExchangeResponse).refusals
    assert [one.code for one in refused] == ["fork"]
    assert sizes == [2]
    assert len(office.rows(branches)) == 1
    assert len(office.rows(changes)) == 2


async def test_who_joined_a_moment_ago_is_taken_in_one_go(
    office: OpenOffice, sizes: list[int]
) -> None:
    working = await asyncio.to_thread(_just_joined, office)

    await _exchange_at_once(office, working)

    assert sizes == [3]
    assert [seat.held for _, seat in working] == [1, 1, 1]


async def test_one_whose_seat_is_lost_shows_it_and_is_no_hindrance(
    office: OpenOffice, sizes: list[int]
) -> None:
    working = await asyncio.to_thread(_just_joined, office)
    lost = working[1][1].number
    office.run(
        lambda connection: connection.execute(sa.delete(seats).where(seats.c.number == lost))
    )

    await _exchange_at_once(office, working)

    assert sizes == [3]
    assert [seat.held for _, seat in working] == [1, 1, 1]
    assert lost in {row[0] for row in office.rows(seats)}


async def test_where_a_state_is_spoilt_its_log_gets_no_gap(
    office: OpenOffice, sizes: list[int]
) -> None:
    (phone, an), (other, binh) = await asyncio.to_thread(_phones, office, 2)
    record = phone.take_dossier(an)
    await asyncio.to_thread(phone.exchange, an)
    office.run(lambda connection: connection.execute(sa.update(records).values(state=b"\xc1")))
    phone.set(an, record, {"status": "checked"})
    phone.take_dossier(an)
    other.take_dossier(binh)
    batches = [an.batch(phone.office, 2, 2), an.batch(phone.office, 3, 3)]
    bodies = [phone.request(an, batches=batches), other.request(binh)]

    answers = await _hand_in(office, bodies)

    answer = phone.read(answers[0], ExchangeResponse)
    assert [one.code for one in answer.refusals] == ["malformed", "gap"]
    assert [one.held for one in answer.receipts] == [1]
    assert other.read(answers[1], ExchangeResponse).receipts[0].held == 1
    assert sizes == [2]
    assert len(office.rows(changes)) == 2

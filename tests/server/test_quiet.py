"""The commonest exchange: nothing to take, one snapshot, and a number that is counted once."""

import asyncio

import pytest

from server.clock import now_ms
from server.database.sqlite import SqliteDatabase
from server.exchange import handing_in
from server.exchange.exchange import exchange
from sync.exchange import ExchangeResponse
from tests.server.conftest import OpenOffice


def test_it_takes_nothing_and_still_brings_pages(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = phone.sign_in("an"), other.sign_in("binh")
    other.exchange(binh)
    phone.take_dossier(an)
    phone.exchange(an)

    def take(*_given: object, **_named: object) -> None:
        raise AssertionError("there is nothing to take")

    monkeypatch.setattr(handing_in, "hand_in", take)
    response = other.exchange(binh)

    assert len(other.records) == 1
    assert response.last_number == 0, "it is the highest"


async def test_of_two_with_one_number_only_one_gets_pages(office: OpenOffice) -> None:
    phone = office.phone()
    seat = phone.sign_in("an")
    await asyncio.to_thread(phone.exchange, seat)
    body = phone.request(seat)

    sealed = await asyncio.gather(
        *(exchange(office.office, body, now_ms()) for _ in range(4)), return_exceptions=False
    )

    answers = [phone.read(one.envelope, ExchangeResponse) for one in sealed]
    assert [bool(one.pages) for one in answers].count(True) == 1


async def test_a_counted_number_is_seen_at_once_and_the_next_commit_waits_again(
    office: OpenOffice,
) -> None:
    phone = office.phone()
    seat = phone.sign_in("an")
    await asyncio.to_thread(phone.exchange, seat)
    body = phone.request(seat)
    await exchange(office.office, body, now_ms())

    sealed = await exchange(office.office, body, now_ms())
    again = phone.read(sealed.envelope, ExchangeResponse)

    assert again.pages == {}
    assert again.last_number == 0, "it is the highest"
    database = office.office.database
    if isinstance(database, SqliteDatabase):
        asked = await database.write(
            lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar()
        )
        assert asked == 2, "the next commit is on the disk again"

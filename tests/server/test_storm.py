"""Many exchanges at once: each is taken whole, and the feed's numbers have no gap."""

import asyncio
import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.dossiers.dossier import find_dossier
from server.exchange import merging
from server.exchange.exchange import exchange
from server.records.tables import area_counters, changes, feeds, holders, logs, records
from sync.exchange import ExchangeResponse
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat

PHONES = 8
ROUNDS = 4


def test_all_are_taken_and_numbers_have_no_gap(office: OpenOffice) -> None:
    working = [_working(office, place) for place in range(PHONES)]

    for _ in range(ROUNDS):
        for phone, seat in working:
            phone.take_dossier(seat)
            phone.take_dossier(seat, area="10465")
        _exchange_at_once(office, working)

    assert all(seat.held == seat.last == 2 * ROUNDS for _, seat in working)
    for area in ("10441", "10465"):
        numbers = _numbers(office, area)
        assert sorted(numbers) == list(range(1, PHONES * ROUNDS + 1))
    assert len(office.rows(changes)) == 2 * PHONES * ROUNDS


def test_all_edit_one_record_and_nobodys_value_is_lost(office: OpenOffice) -> None:
    working = [_working(office, place) for place in range(PHONES)]
    (first, an), *others = working
    record = first.take_dossier(an)
    first.exchange(an)
    for phone, seat in others:
        phone.exchange(seat)
    for place, (phone, seat) in enumerate(working):
        phone.set(seat, record, {"answers.village": f"Thôn {place}", f"answers.a{place}": "x"})

    _exchange_at_once(office, working)

    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert {f"answers.a{place}" for place in range(PHONES)} <= set(dossier.values)
    assert len(dossier.state.registers["answers.village"].heads) == PHONES
    assert dossier.conflicts == ["answers.village"]


def test_quarantined_at_once_they_are_all_put_back(office: OpenOffice) -> None:
    working = [_working(office, place) for place in range(PHONES)]
    for phone, seat in working:
        phone.take_dossier(seat, area="09661")

    _exchange_at_once(office, working)

    assert all(seat.held == 1 for _, seat in working)
    ends = {row[0]: row[1] for row in office.rows(logs)}
    assert ends[1] == PHONES, "the office's own log has one change for each"


def test_a_reader_never_misses_a_record_that_others_are_writing(office: OpenOffice) -> None:
    working = [_working(office, place) for place in range(PHONES)]
    reader, binh = office.phone("Người đọc"), None
    binh = reader.sign_in("binh")
    taken: set[UUID] = set()

    for _ in range(ROUNDS):
        taken |= {phone.take_dossier(seat) for phone, seat in working}
        _exchange_at_once(office, [*working, (reader, binh)])
    reader.exchange(binh)

    assert set(reader.records) == taken


def test_a_crash_within_the_transaction_leaves_nothing(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, an = _working(office, 0)
    phone.take_dossier(an)
    request = phone.request(an)

    def crash(*_: object) -> None:
        raise RuntimeError("the lights go out")

    with monkeypatch.context() as patched:
        patched.setattr(merging, "number_feeds", crash)
        answer = office.http.post(
            "/sync/exchange", content=request, headers={"Content-Type": "application/vnd.msgpack"}
        )

    assert answer.status_code == 500
    for table in (changes, logs, records, feeds, holders):
        assert office.rows(table) == []
    phone.exchange(an)
    assert an.held == 1


def _working(office: OpenOffice, place: int) -> tuple[Phone, PhoneSeat]:
    phone = office.phone(f"Máy tính bảng {place}")
    return phone, phone.sign_in("an")


def _exchange_at_once(office: OpenOffice, working: list[tuple[Phone, PhoneSeat]]) -> None:
    """Hand in everything at the same time, on a loop of its own."""
    bodies = [phone.request(seat) for phone, seat in working]

    async def all_at_once() -> list[bytes]:
        asked = (exchange(office.office, body, now_ms()) for body in bodies)
        return [answer.envelope for answer in await asyncio.gather(*asked)]

    answers: list[bytes] = []
    # The test's own thread belongs to the test client; a loop of ours needs another.
    thread = threading.Thread(target=lambda: answers.extend(asyncio.run(all_at_once())))
    thread.start()
    thread.join()
    assert len(answers) == len(working)
    for (phone, _), answer in zip(working, answers, strict=True):
        phone.take_in(phone.read(answer, ExchangeResponse))


def _numbers(office: OpenOffice, area: str) -> list[int]:
    found = sa.select(feeds.c.number).where(feeds.c.area == area)
    counted = sa.select(area_counters.c.number).where(area_counters.c.area == area)
    numbers = list(office.run(lambda connection: connection.execute(found).scalars().all()))
    assert office.run(lambda connection: connection.execute(counted).scalar()) == max(numbers)
    return numbers

"""Ranges of ordinals: who gets them, when the next comes, and that none is given twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from server.clock import now_ms
from server.codes.rules import (
    LEASES_PER_SEAT_MAX,
    Life,
    Standing,
    blocks_of,
    dates_due,
    next_of_office,
    span_of,
)
from server.codes.tables import leased_days, leases
from server.epoch import begin_epoch
from server.staff.tables import staff
from sync.exchange import ExchangeRequest, Lease, read_envelope, read_message
from tests.server.conftest import OpenOffice

TODAY = "2026-11-22"


def days_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def standing(lease: int, days: tuple[int, int], used: int = 0, block: int = 20) -> Standing:
    from_day, to_day = (days_after(TODAY, number) for number in days)
    return Standing(lease, block * 100 + 1, block * 100 + 100, from_day, to_day, "H26", used)


@pytest.mark.parametrize(
    ("held", "due"),
    [
        ([], [(0, 13)]),
        ([standing(1, (0, 13))], []),
        ([standing(1, (-6, 7), 2030)], []),
        ([standing(1, (-7, 6))], [(7, 20)]),
        ([standing(1, (-7, 6)), standing(2, (7, 20))], []),
        ([standing(1, (0, 13), 2051)], [(0, 13)]),
        ([standing(1, (-7, 6), 2100)], [(0, 6), (7, 20)]),
        ([standing(1, (0, 13), 2051), standing(2, (0, 13), 0, 30)], []),
        ([standing(2, (7, 20))], [(0, 13)]),
    ],
)
def test_what_is_due(held: Sequence[Standing], due: list[tuple[int, int]]) -> None:
    """It is topped up well before it runs out, in ordinals and in days."""
    wanted = [(days_after(TODAY, first), days_after(TODAY, last)) for first, last in due]

    assert dates_due(held, TODAY) == wanted


def test_who_claims_to_use_everything_gets_no_more_than_a_few() -> None:
    held = [standing(number, (0, 13), 2100) for number in range(LEASES_PER_SEAT_MAX)]

    assert dates_due(held, TODAY) == []


def test_a_life_takes_other_numbers_for_the_dates_that_a_lost_one_may_have_leased() -> None:
    life = Life(3, TODAY)

    assert span_of(Life(1, TODAY), TODAY) == 0
    assert span_of(life, TODAY) == 200_000
    assert span_of(life, days_after(TODAY, 21)) == 200_000
    assert span_of(life, days_after(TODAY, 22)) == 0


def test_the_office_never_numbers_where_it_leases() -> None:
    least, greatest = blocks_of(100_000)

    assert next_of_office(0, 0) == 1
    assert next_of_office(100_000, 101_999) == 102_000 <= least * 100
    assert next_of_office(100_000, 102_000) == 150_001 > greatest * 100 + 100
    assert next_of_office(100_000, 199_999) is None


def test_a_seat_gets_one_range_and_hears_of_it_until_it_names_it(office: OpenOffice) -> None:
    """What a lost answer gave is given again, as the same lease."""
    phone = office.phone()
    an = phone.sign_in("an")

    (first,) = phone.exchange(an).leases
    phone.leases.clear()
    (again,) = phone.exchange(an).leases

    assert first == again
    assert (first.seat, first.agency) == (an.number, "H26.118.05")
    assert first.last - first.first == 99
    assert phone.exchange(an).leases == []
    assert len(office.rows(leases)) == 1


def test_two_seats_never_get_one_range_for_one_date(office: OpenOffice) -> None:
    """FAULT-46: and where code is wrong, the key of the table keeps them apart."""
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    (one,) = phone.exchange(phone.sign_in("an")).leases
    (two,) = other.exchange(other.sign_in("binh")).leases

    assert one.last < two.first or two.last < one.first
    with pytest.raises(exc.IntegrityError):
        office.run(
            lambda connection: connection.execute(
                sa.insert(leased_days).values(day=one.from_day, block=one.first // 100, lease=9)
            )
        )


def test_another_range_comes_while_enough_are_left(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    (first,) = phone.exchange(an).leases
    phone.used[first.lease] = first.first + 30
    assert phone.exchange(an).leases == []

    phone.used[first.lease] = first.first + 50
    (second,) = phone.exchange(an).leases

    assert second.first > first.last
    assert (second.from_day, second.to_day) == (first.from_day, first.to_day)
    assert used_of(office, first) == first.first + 50


def test_how_much_of_a_lease_was_used_is_heard_after_its_days(office: OpenOffice) -> None:
    """A phone that was away says it when it is back; nobody says more than the lease has."""
    phone = office.phone()
    an = phone.sign_in("an")
    (lease,) = phone.exchange(an).leases
    over = sa.update(leases).values(from_day="2026-01-01", to_day="2026-01-14")
    office.run(lambda connection: connection.execute(over))

    phone.used[lease.lease] = lease.first + 6
    (following,) = phone.exchange(an).leases
    phone.used[lease.lease] = lease.last + 1
    phone.exchange(an)

    assert used_of(office, lease) == lease.first + 6
    assert following.lease != lease.lease


@pytest.mark.parametrize("name", ["tam", "giang"])
def test_who_may_not_receive_gets_none(office: OpenOffice, name: str) -> None:
    """With a helper alone people get a provisional acknowledgement, and no official code."""
    phone = office.phone()

    assert phone.exchange(phone.sign_in(name)).leases == []


def test_without_the_seat_there_are_none(office: OpenOffice) -> None:
    phone = office.phone()
    phone.sign_in("an")

    assert phone.exchange(None).leases == []
    assert office.rows(leases) == []


def test_who_left_gets_none(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    gone = sa.update(staff).where(staff.c.sign_in == "an").values(active=False)
    office.run(lambda connection: connection.execute(gone))

    assert phone.exchange(an).leases == []


def test_an_office_may_lease_none(office: OpenOffice) -> None:
    settings = replace(office.office.settings, leases=False)
    object.__setattr__(office.office, "settings", settings)
    phone = office.phone()

    assert phone.exchange(phone.sign_in("an")).leases == []


def test_a_phone_of_version_1_is_given_none(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    body = phone.request(an, protocol=1)
    assert read_message(read_envelope(body), ExchangeRequest).leases == []

    phone.post("/sync/exchange", body, packed=True)

    assert office.rows(leases) == []


def test_a_new_epoch_leases_from_a_span_of_its_own(office: OpenOffice) -> None:
    """FAULT-38: what the lost life gave, for whichever dates, is not given again."""
    phone = office.phone()
    an = phone.sign_in("an")
    (lost,) = phone.exchange(an).leases
    office.run(lambda connection: put_back(connection, office.office.epoch_path))
    phone.used[lost.lease] = lost.first + 3

    assert phone.exchange(an).leases == [], "it hears of the epoch first"
    (fresh,) = phone.exchange(an).leases

    assert fresh.lease != lost.lease
    assert fresh.first > 100_000 > lost.last


def put_back(connection: sa.Connection, epoch_path: Path) -> None:
    """Put the office back to before it leased anything."""
    connection.execute(sa.delete(leases))
    connection.execute(sa.delete(leased_days))
    begin_epoch(connection, epoch_path, now_ms())


def used_of(office: OpenOffice, lease: Lease) -> int:
    found = sa.select(leases.c.used).where(leases.c.number == lease.lease)
    return int(office.run(lambda connection: connection.execute(found).scalar_one()))

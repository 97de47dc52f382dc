"""A person signs in on a device and gets a seat; at the desk an officer has one by themselves."""

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.devices.seats import get_or_make_desk_seat
from server.devices.tables import seats
from server.staff.person import find_person
from server.staff.sign_in import FAILURES_MAX, FAILURES_WITHIN_MS
from server.staff.tables import sign_in_failures, staff
from sync.signature import public_bytes
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, Refused


def test_a_seat_comes_with_the_areas_of_the_team(office: OpenOffice) -> None:
    seat = office.phone().sign_in("an")

    assert seat.areas == ["10441", "10459", "10465", "10489"]


def test_two_people_on_one_device_have_seats_of_their_own(office: OpenOffice) -> None:
    phone = office.phone()

    assert phone.sign_in("an").number != phone.sign_in("tam").number


@pytest.mark.parametrize(("staff_name", "secret"), [("an", "wrong"), ("nobody", "luudong-demo")])
def test_a_wrong_name_and_a_wrong_password_read_alike(
    office: OpenOffice, staff_name: str, secret: str
) -> None:
    assert _refusal_of(office.phone(), staff_name, secret) == (403, "wrong-secret")


def test_somebody_who_left_cannot_sign_in(office: OpenOffice) -> None:
    gone = sa.update(staff).where(staff.c.sign_in == "an").values(active=False)
    office.run(lambda connection: connection.execute(gone))

    assert _refusal_of(office.phone(), "an", "luudong-demo") == (403, "wrong-secret")


def test_after_five_failures_one_has_to_wait(office: OpenOffice) -> None:
    phone = office.phone()
    for _ in range(FAILURES_MAX):
        assert _refusal_of(phone, "an", "wrong") == (403, "wrong-secret")

    with pytest.raises(Refused) as refused:
        phone.sign_in("an")

    assert (refused.value.status, refused.value.code) == (429, "too-many-requests")
    assert 0 < int(refused.value.headers["Retry-After"]) <= FAILURES_WITHIN_MS // 1000
    phone.sign_in("binh")


def test_the_wait_ends(office: OpenOffice) -> None:
    phone = office.phone()
    for _ in range(FAILURES_MAX):
        _refusal_of(phone, "an", "wrong")
    longer = sa.update(sign_in_failures).values(at=now_ms() - FAILURES_WITHIN_MS)
    office.run(lambda connection: connection.execute(longer))

    assert phone.sign_in("an").number > 1


def test_an_officer_keeps_one_seat_at_the_desk(office: OpenOffice) -> None:
    keys = office.office.keys
    chi = office.run(lambda connection: find_person(connection, 4))
    assert chi is not None

    first = office.run(lambda connection: get_or_make_desk_seat(connection, keys, chi, 1))
    again = office.run(lambda connection: get_or_make_desk_seat(connection, keys, chi, 2))

    assert first.number == again.number
    assert public_bytes(again.private_key) == first.public_key
    sealed = [row for row in office.rows(seats) if row[0] == first.number]
    assert len(sealed) == 1


def _refusal_of(phone: Phone, staff_name: str, secret: str) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        phone.sign_in(staff_name, secret)
    return refused.value.status, refused.value.code

"""Revoked devices and seats: they hand in, get receipts and an order, and nothing to read."""

import pytest

from server.clock import now_ms
from server.devices.confirmation import retire_seat, revoke
from server.devices.orders import find_newest
from server.devices.rules import UnknownSeat
from server.devices.tables import devices
from server.records.tables import changes
from sync import signature
from sync.exchange import ExchangeResponse
from sync.order import Action, is_for, open_order
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, Refused

CHI = 4


def revoked(office: OpenOffice, phone: Phone, action: Action = Action.HAND_IN) -> None:
    office.run(lambda connection: revoke(connection, phone.device, CHI, now_ms(), action))


def test_a_revoked_device_hands_in_and_gets_receipts_and_its_order_alone(
    office: OpenOffice,
) -> None:
    """FAULT-47."""
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.exchange(an)
    phone.take_dossier(an)
    revoked(office, phone)

    answer = phone.exchange(an)

    assert [(receipt.seat, receipt.held) for receipt in answer.receipts] == [(an.number, 2)]
    assert (answer.pages, answer.dropped, answer.directory, answer.findings) == ({}, [], [], [])
    assert (answer.leases, answer.shown) == ([], [])
    assert phone.order is not None
    assert phone.order.action == Action.HAND_IN
    effects = {row[1]: row[10] for row in office.rows(changes) if row[0] == an.number}
    assert effects == {1: "applied", 2: "quarantined"}


def test_an_order_is_signed_for_one_device(office: OpenOffice) -> None:
    """THREAT-23."""
    lost, other = office.phone(), office.phone("Máy tính bảng 2")
    revoked(office, lost, Action.NOW)

    signed = lost.exchange().order

    assert signed is not None
    order = open_order(signed.message, signed.signature, lost.office_key)
    assert order is not None
    assert is_for(order, lost.office, lost.device)
    assert not is_for(order, other.office, other.device)
    assert open_order(signed.message + b"\0", signed.signature, lost.office_key) is None
    assert open_order(signed.message, signed.signature, lost.public_key) is None
    signature.verify(lost.office_key, signature.ORDER, signed.message, signed.signature)


def test_a_phone_of_version_1_still_hears_only_that_it_is_revoked(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    revoked(office, phone)

    with pytest.raises(Refused, match="403 device-revoked"):
        phone.post("/sync/exchange", phone.request(an, protocol=1))

    assert len([row for row in office.rows(changes) if row[0] == an.number]) == 1


def test_a_harder_order_follows_and_a_softer_one_does_not(office: OpenOffice) -> None:
    phone = office.phone()
    revoked(office, phone)
    first = phone.exchange().order
    revoked(office, phone, Action.NOW)
    revoked(office, phone, Action.HAND_IN)
    phone.exchange()

    assert first is not None
    assert phone.order is not None
    newest = office.run(lambda connection: find_newest(connection, phone.device))
    assert newest is not None
    assert (phone.order.action, phone.order.number) == (Action.NOW, newest.number)
    assert phone.heeded == newest.number


def test_the_office_hears_how_far_an_order_has_come(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.exchange(an, batches=[])
    revoked(office, phone)
    steps = []

    def look() -> None:
        row = office.run(lambda connection: find_newest(connection, phone.device))
        assert row is not None
        steps.append([at is not None for at in (row.heeded_at, row.handed_in_at, row.wiped_at)])

    phone.exchange(batches=[])  # hears of the order
    look()
    phone.exchange(batches=[])  # says that it heeds it
    look()
    phone.exchange()  # and hands in
    look()
    phone.seats.clear()
    phone.exchange()
    look()

    assert steps == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_replayed_request_tells_nothing_of_an_order(office: OpenOffice) -> None:
    phone = office.phone()
    revoked(office, phone)
    phone.exchange()

    phone.exchange(number=1)

    row = office.run(lambda connection: find_newest(connection, phone.device))
    assert row is not None
    assert row.wiped_at is None


def test_the_office_knows_how_much_a_device_still_had(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    for _ in range(3):
        phone.take_dossier(an)

    phone.exchange(an, batches=[an.batch(phone.office, last=1)])

    def unsent() -> tuple[object, ...]:
        found = {row[0]: row[11:13] for row in office.rows(devices)}
        return found[phone.device]

    count, since = unsent()
    assert count == 2
    assert since is not None
    phone.exchange(an)
    assert unsent() == (0, None)


def test_who_lost_a_seat_alone_hands_in_and_lets_go_of_what_they_held(office: OpenOffice) -> None:
    """FAULT-48. The device goes on: its other people read as before."""
    phone = office.phone()
    an, binh = phone.sign_in("an"), phone.sign_in("binh")
    phone.take_dossier(an)
    phone.exchange(an)
    phone.take_dossier(an)
    office.run(lambda connection: retire_seat(connection, an.number, CHI, now_ms()))

    answer = phone.exchange(an, cursors={"10441": 0, "09661": 0})
    others = phone.exchange(binh, cursors={"10441": 0})

    assert [receipt.held for receipt in answer.receipts if receipt.seat == an.number] == [2]
    assert (answer.pages, answer.directory, answer.token) == ({}, [], None)
    assert answer.dropped == ["09661", "10441"]
    assert answer.order is None
    assert list(others.pages) == ["10441"]


def test_a_seat_of_the_desk_or_of_nobody_is_not_retired(office: OpenOffice) -> None:
    with pytest.raises(UnknownSeat):
        office.run(lambda connection: retire_seat(connection, 1, CHI, now_ms()))
    with pytest.raises(UnknownSeat):
        office.run(lambda connection: retire_seat(connection, 999, CHI, now_ms()))


def test_a_revoked_device_learns_up_to_where_its_log_was_taken(office: OpenOffice) -> None:
    """It hands in more than one batch, each answered with what is held."""
    phone = office.phone()
    an = phone.sign_in("an")
    for _ in range(4):
        phone.take_dossier(an)
    revoked(office, phone)

    answers: list[ExchangeResponse] = [
        phone.exchange(an, batches=[an.batch(phone.office, last=upto)]) for upto in (2, 4)
    ]

    assert [answer.receipts[0].held for answer in answers] == [2, 4]

"""A device joins by a link of the desk: once, in time, and only after the words agree."""

import pytest

from server.clock import now_ms
from server.devices.confirmation import confirm, refuse, revoke
from server.devices.links import LINK_MINUTES, make_link
from server.devices.listing import devices
from server.devices.rules import UnknownDevice, WrongStatus
from server.dossiers.findings import open_findings
from server.records.tables import changes
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, Refused

CHI = 4


def test_both_sides_show_the_same_words(office: OpenOffice) -> None:
    phone = Phone(office.http)

    words = phone.enrol(office.link())

    (listed,) = office.run(devices)
    assert listed.words == words
    assert (listed.status, listed.label) == ("pending", "Máy tính bảng 1")


def test_a_link_is_good_for_one_device(office: OpenOffice) -> None:
    code = office.link()
    Phone(office.http).enrol(code)

    assert _refusal_of(Phone(office.http), code) == (410, "used-code")


def test_a_device_whose_answer_was_lost_asks_again(office: OpenOffice) -> None:
    code = office.link()
    phone = Phone(office.http)
    phone.enrol(code)
    number = phone.device

    phone.enrol(code)

    assert phone.device == number
    assert len(office.run(devices)) == 1


def test_an_old_link_has_expired(office: OpenOffice) -> None:
    before = now_ms() - LINK_MINUTES * 60 * 1000
    code = office.run(lambda connection: make_link(connection, CHI, before))

    assert _refusal_of(Phone(office.http), code) == (410, "expired-code")


def test_a_guessed_link_is_unknown(office: OpenOffice) -> None:
    assert _refusal_of(Phone(office.http), "guessed") == (404, "unknown-code")


@pytest.mark.parametrize("label", [" \n", "M\0y"])
def test_a_label_that_nobody_could_read_is_refused(office: OpenOffice, label: str) -> None:
    with pytest.raises(Refused) as refused:
        Phone(office.http, label).enrol(office.link())

    assert refused.value.code == "malformed"


def test_a_device_whose_words_differ_is_refused(office: OpenOffice) -> None:
    phone = Phone(office.http)
    phone.enrol(office.link())
    office.run(lambda connection: refuse(connection, phone.device, CHI, now_ms()))

    with pytest.raises(Refused) as refused:
        phone.sign_in("an")

    assert (refused.value.status, refused.value.code) == (403, "device-refused")


def test_a_revoked_device_hands_in_to_quarantine_and_gets_nothing(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    office.run(lambda connection: revoke(connection, phone.device, CHI, now_ms()))

    phone.exchange(an)
    with pytest.raises(Refused) as refused:
        phone.sign_in("binh")

    assert (refused.value.status, refused.value.code) == (403, "device-revoked")
    assert len(office.rows(changes)) == 2  # the change, and what puts it back
    assert [finding.detail for finding in office.run(open_findings)] == [{"reason": "revoked"}]


def test_a_deed_at_the_desk_must_fit_the_device(office: OpenOffice) -> None:
    phone = office.phone()

    office.confirm(phone)  # pressed twice: nothing happens
    with pytest.raises(WrongStatus):
        office.run(lambda connection: refuse(connection, phone.device, CHI, now_ms()))
    with pytest.raises(UnknownDevice):
        office.run(lambda connection: confirm(connection, 4711, CHI, now_ms()))
    with pytest.raises(UnknownDevice):
        office.run(lambda connection: revoke(connection, 1, CHI, now_ms()))


def test_the_list_names_who_works_on_a_device(office: OpenOffice) -> None:
    phone = office.phone()
    for sign_in in ("an", "tam", "an"):
        phone.sign_in(sign_in)

    (listed,) = office.run(devices)

    assert [person.name for person in listed.people] == ["Nguyễn Văn An", "Lê Thị Tâm"]


def _refusal_of(phone: Phone, code: str) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        phone.enrol(code)
    return refused.value.status, refused.value.code

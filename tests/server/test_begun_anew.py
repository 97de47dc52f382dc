"""FAULT-9: a phone whose browser dropped all joins anew; its person and the desk are told."""

import pytest

from server.clock import now_ms
from server.devices.confirmation import revoke
from server.dossiers.findings import Finding, open_findings
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, PhoneSeat

CHI = 4
LABEL = "Máy bảng xe 1"


def found_in(office: OpenOffice) -> list[Finding]:
    return [one for one in office.run(open_findings) if one.kind == "begun-anew"]


@pytest.fixture
def lost(office: OpenOffice) -> tuple[Phone, PhoneSeat]:
    """Give a phone that handed in one dossier, took another, and was never heard again."""
    phone = office.phone(LABEL)
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.exchange(an)
    phone.take_dossier(an)
    return phone, an


def test_its_person_is_told_where_the_old_log_ends(
    office: OpenOffice, lost: tuple[Phone, PhoneSeat]
) -> None:
    _, before = lost
    phone = office.phone(f" {LABEL.upper()} ")
    an = phone.sign_in("an")

    answer = phone.exchange(an)

    told = [(one.kind, one.seat, one.seq, one.reason) for one in answer.findings]
    assert told == [("begun-anew", before.number, 1, "all-held")]
    # What the office holds of the old log comes down by itself.
    assert len(phone.records) == 1


def test_what_the_old_phone_had_announced_is_told_too(
    office: OpenOffice, lost: tuple[Phone, PhoneSeat]
) -> None:
    old, before = lost
    # It says that it has two changes, and the line breaks before the second.
    old.exchange(before, batches=[])
    phone = office.phone(LABEL)
    phone.sign_in("an")

    (finding,) = found_in(office)

    assert finding.detail["reason"] == "announced"
    assert finding.detail["unsent"] == 1
    assert (finding.detail["device"], finding.detail["joined"]) == (old.device, phone.device)


def test_it_is_told_once_for_each_log(office: OpenOffice, lost: tuple[Phone, PhoneSeat]) -> None:
    phone = office.phone(LABEL)
    phone.sign_in("an")
    phone.sign_in("an")
    assert len(found_in(office)) == 1

    office.phone(LABEL).sign_in("an")

    assert [one.seat for one in found_in(office)][-1] == lost[1].number
    assert len(found_in(office)) == 2


def test_another_name_another_person_and_another_phone_mean_nothing(
    office: OpenOffice, lost: tuple[Phone, PhoneSeat]
) -> None:
    old, before = lost
    office.phone("Máy bảng xe 2").sign_in("an")
    office.phone(LABEL).sign_in("binh")
    # Heard since the other one joined: two phones of one name.
    twin = office.phone(LABEL)
    old.exchange(before)
    twin.sign_in("an")

    assert found_in(office) == []


def test_a_phone_that_was_shut_out_is_known_to_be_gone(
    office: OpenOffice, lost: tuple[Phone, PhoneSeat]
) -> None:
    old, _ = lost
    office.run(lambda connection: revoke(connection, old.device, CHI, now_ms()))
    office.phone(LABEL).sign_in("an")

    assert found_in(office) == []


def test_the_desk_reads_what_may_be_lost_and_closes_it(
    office: OpenOffice, lost: tuple[Phone, PhoneSeat]
) -> None:
    old, _ = lost
    phone = office.phone(LABEL)
    an = phone.sign_in("an")
    desk = Desk(office.http)
    desk.sign_in("chi")

    told = text_of(desk.get("/desk/findings"), "findings")

    assert "Một máy bắt đầu lại từ đầu" in told
    assert f"Máy cũ: số {old.device}; máy mới: số {phone.device}" in told
    assert "đến việc số 1" in told
    (finding,) = found_in(office)
    path = f"/desk/findings/{finding.id}"
    desk.send("/desk/findings", path, outcome="seen", reason="Đã hỏi, nhận lại một hồ sơ")
    assert found_in(office) == []
    (closed,) = phone.exchange(an).findings
    assert (closed.kind, closed.outcome) == ("begun-anew", "seen")

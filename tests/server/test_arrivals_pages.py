"""The list of arrivals: what it shows, in which order, and how it stays fresh."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.dossiers.tables import dossiers
from server.dossiers.triage import ROWS_MAX
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, PhoneSeat


@pytest.fixture
def desk(office: OpenOffice) -> Desk:
    """Chi's browser."""
    signed_in = Desk(office.http)
    signed_in.sign_in("chi")
    return signed_in


@pytest.fixture
def an(office: OpenOffice) -> tuple[Phone, PhoneSeat]:
    """An's tablet, and An's seat on it."""
    phone = office.phone("Máy tính bảng xe 1")
    return phone, phone.sign_in("an")


def listed(page: str) -> list[UUID]:
    return [UUID(found) for found in re.findall(r'<tr id="row-([0-9a-f-]{36})"', page)]


def test_an_empty_list_says_what_will_come_and_offers_the_next_act(desk: Desk) -> None:
    page = desk.get("/desk")

    assert page.status_code == 200
    assert "Chưa có hồ sơ nào đến" in page.text
    assert 'href="/desk/devices">Thêm một thiết bị' in page.text
    assert "<table" not in page.text


def test_a_dossier_is_listed_with_who_took_it_and_where(
    desk: Desk, an: tuple[Phone, PhoneSeat]
) -> None:
    phone, seat = an
    record = phone.take_dossier(seat, applicant_full_name="Đinh Thị Ngọc Ánh")
    phone.exchange(seat)

    page = desk.get("/desk")

    row = text_of(page, f"row-{record}")
    for told in ("Đinh Thị Ngọc Ánh", "Đăng ký khai sinh", "Xã Mỹ Đức", "Nguyễn Văn An"):
        assert told in row
    assert "Máy tính bảng xe 1" in row
    assert "Mới đến" in row
    assert "<caption" in page.text
    assert 'aria-sort="descending"' in page.text
    assert "Cập nhật lúc" in text_of(page, "refreshed")


def test_htmx_gets_the_list_alone(desk: Desk, an: tuple[Phone, PhoneSeat]) -> None:
    phone, seat = an
    record = phone.take_dossier(seat)
    phone.exchange(seat)

    fragment = desk.get("/desk?only=today", hx_request="true").text

    assert listed(fragment) == [record]
    assert fragment.lstrip().startswith('<section id="arrivals"')
    assert "<html" not in fragment
    assert 'hx-get="/desk?only=today"' in fragment


def test_the_filters_keep_each_other_in_their_links(
    desk: Desk, an: tuple[Phone, PhoneSeat]
) -> None:
    phone, seat = an
    here = phone.take_dossier(seat, "10441")
    there = phone.take_dossier(seat, "10489")
    phone.exchange(seat)

    page = desk.get("/desk?area=10489&order=procedure").text

    assert listed(page) == [there]
    assert here not in listed(page)
    assert 'href="/desk?only=conflicts&amp;area=10489&amp;order=procedure"' in page
    assert '<option value="10489" selected' in page


def test_sorting_turns_round_and_says_so(desk: Desk, an: tuple[Phone, PhoneSeat]) -> None:
    phone, seat = an
    first = phone.take_dossier(seat)
    phone.exchange(seat)
    second = phone.take_dossier(seat)
    phone.exchange(seat)

    down, up = desk.get("/desk"), desk.get("/desk?direction=up")

    assert listed(down.text) == [second, first]
    assert listed(up.text) == [first, second]
    assert 'aria-sort="ascending"' in up.text
    assert "đang xếp tăng dần" in text_of(up, "sort-received")


def test_pages_follow_one_another_and_keep_the_filter(office: OpenOffice, desk: Desk) -> None:
    now = now_ms()
    values = [
        {
            "record": number.to_bytes(16, "big"),
            "area": "10441",
            "applicant_name": f"Người {number}",
            "applicant_folded": f"nguoi {number}",
            "first_received": now - number,
            "last_received": now - number,
            "seat": 1,
            "device": 1,
            "conflicts": 0,
            "changes": 1,
        }
        for number in range(1, ROWS_MAX + 3)
    ]
    office.run(lambda connection: connection.execute(sa.insert(dossiers), values))

    first = desk.get("/desk?area=10441").text
    second = desk.get("/desk?area=10441&page=2").text

    assert len(listed(first)) == ROWS_MAX
    assert 'id="page-after" href="/desk?area=10441&amp;page=2"' in first
    assert len(listed(second)) == 2
    assert 'id="page-before" href="/desk?area=10441"' in second
    assert "page-after" not in second
    assert not set(listed(first)) & set(listed(second))


@pytest.mark.parametrize(
    "asked",
    [
        "only=nothing",
        "area=%27%22%3E%3Cscript%3E",
        "order=password_hash",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "direction=sideways",
        "area=%00",
        "area=%FF",
    ],
)
def test_an_address_that_asks_for_nonsense_harms_nothing(desk: Desk, asked: str) -> None:
    answer = desk.get(f"/desk?{asked}")

    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text


def test_an_arrival_is_announced_to_open_pages(
    office: OpenOffice, desk: Desk, an: tuple[Phone, PhoneSeat]
) -> None:
    page = desk.get("/desk").text

    assert 'sse-connect="/desk/events"' in page
    assert 'hx-trigger="sse:dossiers, refresh"' in page
    assert Desk(office.http).get("/desk/events").status_code == 303


def test_a_name_is_found_without_tone_marks_and_stands_in_no_address(
    desk: Desk, an: tuple[Phone, PhoneSeat]
) -> None:
    phone, seat = an
    record = phone.take_dossier(seat, applicant_full_name="Đinh Thị Ngọc Ánh")
    other = phone.take_dossier(seat, applicant_full_name="Nguyễn Văn Hoà")
    phone.exchange(seat)

    found = desk.send("/desk", "/desk/find", words="  dinh  ngoc ")
    nobody = desk.send("/desk/find", "/desk/find", words="<b>không ai</b>")

    assert found.status_code == nobody.status_code == 200
    assert listed(found.text) == [record]
    assert other not in listed(found.text)
    assert "1 hồ sơ khớp với «dinh ngoc»" in text_of(found, "found")
    assert "Không có hồ sơ nào khớp với «<b>không ai</b>»" in text_of(nobody, "found")
    assert "<b>không" not in nobody.text

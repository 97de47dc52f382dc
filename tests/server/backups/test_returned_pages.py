"""The desk looks at what it decided before a restore: applies it again, or lets it go."""

import re

import httpx
import pytest

from server.dossiers.findings import count_open
from sync.record import shown
from tests.server.backups.conftest import Branch
from tests.server.backups.days import NAME, Days
from tests.support.desk import Desk, hidden_of

PATH = "/desk/returned"


@pytest.fixture
def days(branch: Branch) -> Days:
    """Restore the backup, and let two of the phones come back."""
    made = Days(branch)
    made.put_back()
    for _ in range(4):
        for phone, seat in ((made.first, made.an), (made.second, made.binh)):
            phone.exchange(seat)
    return made


def test_the_arrivals_say_so_and_lead_to_what_was_decided_by_whom(days: Days) -> None:
    desk = signed_in(days)

    assert "1 quyết định có trước khi khôi phục" in desk.get("/desk").text
    page = desk.get(PATH).text
    assert "Nguyễn Thị Hai" in page
    assert days.officer().name in page
    assert "1 hồ sơ đang chờ máy đã lập gửi lại" in page


def test_a_button_applies_it_again(days: Days) -> None:
    desk = signed_in(days)

    answer = send(days, desk, deed="apply")

    assert answer.status_code == 303
    assert shown(days.state(), NAME) == "Nguyễn Thị Hai"
    assert open_decisions(days) == 0
    assert "1 quyết định" not in desk.get("/desk").text


def test_letting_it_go_needs_a_reason_and_keeps_what_was_typed(days: Days) -> None:
    desk = signed_in(days)

    answer = send(days, desk, deed="let_go", reason=" ")
    assert (answer.status_code, open_decisions(days)) == (422, 1)
    assert "Ghi lý do bỏ qua" in answer.text
    send(days, desk, deed="let_go", reason="đã khai lại")

    assert open_decisions(days) == 0
    assert days.find()[0].record == days.joined


def test_nothing_picked_is_nothing_done(days: Days) -> None:
    desk = signed_in(days)
    page = desk.get(PATH)

    sent = {**hidden_of(page, "csrf"), "deed": "apply", "reason": ""}
    assert desk.post(f"{PATH}/{days.record}", sent).status_code == 422

    assert open_decisions(days) == 1


def test_who_comes_second_is_told(days: Days) -> None:
    desk = signed_in(days)
    page = desk.get(PATH)
    send(days, desk, deed="apply")

    late = desk.post(f"{PATH}/{days.record}", form_of(days, page, deed="apply"))

    assert late.status_code == 409
    assert "vừa quyết định trước bạn" in late.text


def test_an_inspector_looks_and_decides_nothing(days: Days) -> None:
    desk = Desk(days.branch.office.http)
    desk.sign_in("giang")
    assert "Nguyễn Thị Hai" in desk.get(PATH).text

    page = desk.get(PATH)

    assert desk.post(f"{PATH}/{days.record}", form_of(days, page, deed="apply")).status_code == 403


def signed_in(days: Days) -> Desk:
    desk = Desk(days.branch.office.http)
    desk.sign_in("chi")
    return desk


def send(days: Days, desk: Desk, **given: str) -> httpx.Response:
    return desk.post(f"{PATH}/{days.record}", form_of(days, desk.get(PATH), **given))


def form_of(days: Days, page: httpx.Response, **given: str) -> dict[str, str]:
    """Fill in the form of the dossier as the page lays it out: everything picked."""
    picks = re.findall(r'name="(pick:[^"]+)" checked', page.text)
    assert picks
    hidden = {**hidden_of(page, "csrf"), **hidden_of(page, "seen:")}
    return {**hidden, **dict.fromkeys(picks, "on"), "reason": "", **given}


def open_decisions(days: Days) -> int:
    return days.branch.office.run(lambda connection: count_open(connection, "returned-decision"))

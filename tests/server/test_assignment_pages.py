"""Giving a dossier to somebody on its page: a plain form that loses nothing."""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.records.tables import changes
from server.staff.tables import sessions, staff
from tests.server.conftest import OpenOffice
from tests.server.test_conflict_pages import all_hidden
from tests.support.desk import Desk, hidden_of, text_of
from tests.support.phone import new_record

TAM, AN, HOA = "1", "2", "8"


@dataclass
class Page:
    """A dossier that An took in Mỹ Đức, and Chi at the desk."""

    office: OpenOffice
    desk: Desk
    record: UUID

    @property
    def path(self) -> str:
        return f"/desk/dossiers/{self.record}"

    def assign(self, to: str = "", deed: str = "assign", desk: Desk | None = None) -> int:
        """Send the form as it is shown now; gives the status."""
        desk = desk or self.desk
        shown = hidden_of(desk.get(self.path), "")
        sent = {**shown, "assignee": to, "deed": deed}
        return desk.post(f"{self.path}/assignee", sent).status_code

    def told(self, element: str = "assignment") -> str:
        return text_of(self.desk.get(self.path), element)


@pytest.fixture
def page(office: OpenOffice) -> Page:
    """Give the dossier and the desk."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    seat = phone.sign_in("an")
    record = phone.take_dossier(seat)
    phone.exchange(seat)
    desk.sign_in("chi")
    return Page(office, desk, record)


def test_only_who_works_in_that_place_is_offered(page: Page) -> None:
    gone = sa.update(staff).where(staff.c.sign_in == "binh").values(active=False)
    page.office.run(lambda connection: connection.execute(gone))

    shown = page.desk.get(page.path)

    assert "chưa giao cho ai" in text_of(shown, "assignment")
    assert re.findall(r'<option value="(\d+)"', shown.text) == ["1", "2"]
    told = text_of(shown, "assignee")
    assert "Lê Thị Tâm · Người hỗ trợ · Xe lưu động Mỹ Đức" in told
    assert "take-away-button" not in shown.text


def test_who_has_it_since_when_and_by_whom_is_told_everywhere(page: Page) -> None:
    assert page.assign(TAM) == 303

    assert re.search(r"Lê Thị Tâm từ \d\d:\d\d \d\d/\d\d/\d{4}, Phạm Thu Chi giao", page.told())
    assert "Giao hồ sơ Phạm Thu Chi" in page.told("timeline")
    assert "Giao cho Lê Thị Tâm" in page.told("timeline")
    listed = page.desk.get("/desk")
    assert "Giao cho Lê Thị Tâm" in text_of(listed, f"row-{page.record}")

    assert page.assign(deed="take_away") == 303

    assert "chưa giao cho ai" in page.told()
    assert "Thôi giao hồ sơ" in page.told("timeline")
    assert "Giao cho" not in text_of(page.desk.get("/desk"), f"row-{page.record}")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("", "Chọn một người"),
        (HOA, "không nhận được hồ sơ"),
        ("tam", "không nhận được hồ sơ"),
        ("9" * 40, "không nhận được hồ sơ"),
        ("-1", "không nhận được hồ sơ"),
        ("<b>", "không nhận được hồ sơ"),
    ],
)
def test_a_choice_that_is_none_is_said_and_changes_nothing(
    page: Page, chosen: str, told: str
) -> None:
    before = len(page.office.rows(changes))
    shown = hidden_of(page.desk.get(page.path), "")

    answer = page.desk.post(
        f"{page.path}/assignee", {**shown, "assignee": chosen, "deed": "assign"}
    )

    assert answer.status_code == 422
    assert "<title>Lỗi:" in answer.text
    assert told in text_of(answer, "assign-fault")
    assert "<b>" not in text_of(answer, "assignment")
    assert len(page.office.rows(changes)) == before


def test_who_was_second_is_told_with_their_choice_kept(page: Page) -> None:
    other = Desk(page.office.http)
    other.sign_in("quan")
    shown = hidden_of(page.desk.get(page.path), "")
    page.assign(AN, desk=other)

    late = page.desk.post(f"{page.path}/assignee", {**shown, "assignee": TAM, "deed": "assign"})

    assert late.status_code == 409
    assert "trước bạn" in text_of(late, "assign-fault")
    assert "Nguyễn Văn An" in text_of(late, "assignment")
    assert '<option value="1" selected>' in late.text
    again = page.desk.post(
        f"{page.path}/assignee", {**hidden_of(late, ""), "assignee": TAM, "deed": "assign"}
    )
    assert again.status_code == 303
    assert "Lê Thị Tâm" in page.told()


def test_a_choice_outlives_the_session_and_is_asked_once_more(page: Page) -> None:
    shown = hidden_of(page.desk.get(page.path), "")
    page.office.run(lambda connection: connection.execute(sa.update(sessions).values(last_seen=0)))

    asked = page.desk.post(f"{page.path}/assignee", {**shown, "assignee": TAM, "deed": "assign"})
    back = page.desk.post(
        "/desk/sign-in", {**all_hidden(asked), "sign_in": "chi", "secret": "luudong-demo"}
    )
    again = page.desk.post(f"{page.path}/assignee", all_hidden(back))

    assert (asked.status_code, back.status_code, again.status_code) == (401, 200, 200)
    assert '<option value="1" selected>' in again.text
    assert "chưa giao cho ai" in text_of(again, "assignment")


def test_an_inspector_sees_who_has_it_and_cannot_give_it(page: Page) -> None:
    page.assign(TAM)
    inspector = Desk(page.office.http)
    inspector.sign_in("giang")

    shown = inspector.get(page.path)

    assert "Lê Thị Tâm" in text_of(shown, "assignment")
    assert "assign-form" not in shown.text
    sent = {**hidden_of(shown, "csrf"), "assignee": AN, "deed": "assign"}
    assert inspector.post(f"{page.path}/assignee", sent).status_code == 403


def test_a_dossier_that_is_none_cannot_be_given(page: Page) -> None:
    token = hidden_of(page.desk.get("/desk"), "csrf")

    for deed in ("assign", "take_away"):
        path = f"/desk/dossiers/{new_record()}/assignee"
        answer = page.desk.post(path, {**token, "assignee": TAM, "deed": deed})
        assert answer.status_code == 404


def test_a_form_without_its_token_is_refused(page: Page) -> None:
    answer = page.desk.post(f"{page.path}/assignee", {"assignee": TAM, "deed": "assign"})

    assert answer.status_code == 403
    assert "chưa giao cho ai" in page.told()

"""Asking for a supplement on a dossier's page: a plain form that loses nothing."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from server.procedures.catalogue import catalogue
from server.records.tables import changes
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of

PROCEDURE = "1.004873"
PAPER = f"item:papers.{catalogue().procedures[PROCEDURE]['documents'][0]['id']}"
NAME = catalogue().procedures[PROCEDURE]["documents"][0]["name_vi"]
REASON = "Tờ khai mờ, không đọc được trang hai"


@dataclass
class Page:
    """A dossier that An took, and Chi at the desk."""

    office: OpenOffice
    desk: Desk
    record: UUID

    @property
    def path(self) -> str:
        return f"/desk/dossiers/{self.record}"

    def ask(self, desk: Desk | None = None, **fields: str) -> tuple[int, str]:
        """Send the form; gives the status and what it says is wrong."""
        desk = desk or self.desk
        sent = {"deed": "ask", **{name.replace("__", ":"): said for name, said in fields.items()}}
        answer = desk.send(self.path, f"{self.path}/supplement", **sent)
        is_fault = answer.status_code in (409, 422)
        return answer.status_code, text_of(answer, "ask-fault") if is_fault else ""

    def told(self, element: str) -> str:
        return text_of(self.desk.get(self.path), element)


@pytest.fixture
def page(office: OpenOffice) -> Page:
    """Give the dossier and the desk."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    seat = phone.sign_in("an")
    record = phone.take_dossier(seat)
    phone.set(seat, record, {"procedure": PROCEDURE})
    phone.exchange(seat)
    desk.sign_in("chi")
    return Page(office, desk, record)


def test_what_is_asked_for_is_told_everywhere(page: Page) -> None:
    named = {PAPER: "1", "more": "Giấy uỷ quyền", "reason": REASON}
    assert page.ask(None, **named) == (303, "")

    told = page.told("supplement")
    for said in ("Đang chờ bổ sung", "Phạm Thu Chi", NAME, "Giấy uỷ quyền", REASON):
        assert said in told
    assert "Yêu cầu bổ sung Phạm Thu Chi" in page.told("timeline")
    assert "Chờ bổ sung" in text_of(page.desk.get("/desk"), f"row-{page.record}")
    assert "ask-form" not in page.desk.get(page.path).text, "one notice at a time"


def test_what_the_desk_notes_as_given_is_told_and_another_may_be_asked_for(page: Page) -> None:
    page.ask(more="Giấy uỷ quyền", reason=REASON)
    shown = page.desk.get(page.path).text
    number = shown.partition('name="supplement" value="')[2].partition('"')[0]

    noted = page.desk.send(page.path, f"{page.path}/supplement", deed="given", supplement=number)

    assert noted.status_code == 303
    assert "Phạm Thu Chi báo đã bổ sung" in page.told("supplement")
    assert "Báo đã bổ sung Phạm Thu Chi" in page.told("timeline")
    assert page.ask(more="Ảnh", reason=REASON)[0] == 303
    lost = page.desk.send(page.path, f"{page.path}/supplement", deed="given", supplement="x")
    assert lost.status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": REASON}, "Chọn ít nhất một"),
        ({"more": "Giấy uỷ quyền"}, "Ghi lý do"),
        ({"more": "x" * 2_001, "reason": REASON}, "Viết ngắn lại"),
        ({"item:status": "1", "reason": REASON}, "không thuộc thủ tục"),
        ({"item:<b>": "1", "reason": REASON}, "không thuộc thủ tục"),
    ],
)
def test_what_cannot_be_asked_for_is_said_with_all_that_was_typed(
    page: Page, fields: dict[str, str], told: str
) -> None:
    """UX-11, UX-13: nothing is written, nothing that was typed is lost."""
    before = len(page.office.rows(changes))
    answer = page.desk.send(
        page.path,
        f"{page.path}/supplement",
        deed="ask",
        **{PAPER: "1"} if told == "Ghi lý do" else {},
        **fields,
    )

    assert answer.status_code == 422
    assert "<title>Lỗi:" in answer.text
    assert told in text_of(answer, "ask-fault")
    assert fields.get("reason", "") in text_of(answer, "supplement-reason")
    assert len(page.office.rows(changes)) == before


def test_who_comes_second_is_told(page: Page) -> None:
    other = Desk(page.office.http)
    other.sign_in("quan")
    page.ask(other, more="Ảnh", reason=REASON)

    status, told = page.ask(more="Giấy uỷ quyền", reason=REASON)

    assert (status, "đang chờ trả lời" in told) == (409, True)


def test_an_inspector_looks_and_asks_for_nothing(page: Page) -> None:
    inspector = Desk(page.office.http)
    inspector.sign_in("giang")

    assert "ask-form" not in inspector.get(page.path).text
    sent = inspector.post(
        f"{page.path}/supplement", {"deed": "ask", "more": "Ảnh", "reason": REASON}
    )
    assert sent.status_code == 403


def test_a_form_of_an_ended_session_comes_back_as_it_was_typed(page: Page) -> None:
    again = page.desk.send(
        page.path, f"{page.path}/supplement", deed="ask", more="Ảnh", reason=REASON, again="1"
    )

    assert again.status_code == 200
    assert REASON in text_of(again, "supplement-reason")
    assert "Đang chờ bổ sung" not in page.told("papers")

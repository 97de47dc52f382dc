"""Settling at the desk: all rows or nothing, one change, and what comes meanwhile stays open."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from server.conflicts.conflict import conflicts_of
from server.dossiers.dossier import find_dossier
from server.records.tables import changes
from server.staff.tables import sessions
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, hidden_of, text_of
from tests.support.phone import Phone, PhoneSeat

NAME = "answers.child_full_name"
BORN = "answers.child_date_of_birth"
REASON = "Đã xem giấy chứng sinh bản chính"


@dataclass
class Disagreement:
    """An and Bình wrote two fields of one dossier differently; Chi is at the desk."""

    office: OpenOffice
    desk: Desk
    record: UUID
    of_an: Phone
    an: PhoneSeat
    of_binh: Phone
    binh: PhoneSeat

    @property
    def path(self) -> str:
        return f"/desk/dossiers/{self.record}/conflicts"

    def dot(self, field: str, value: str) -> str:
        found = self.office.run(lambda connection: conflicts_of(connection, self.record))
        (conflict,) = [one for one in found if one.field == field]
        (side,) = [side for side in conflict.sides if side.value == value]
        return side.dot

    def open_fields(self) -> set[str]:
        found = self.office.run(lambda connection: conflicts_of(connection, self.record))
        return {one.field for one in found}

    def value(self, field: str) -> object:
        found = self.office.run(lambda connection: find_dossier(connection, self.record))
        assert found
        return found.values[field]

    def settle(self, shown: httpx.Response, **fields: str) -> httpx.Response:
        """Send the form of a page that was shown before, as a browser would."""
        sent = {**hidden_of(shown, "csrf"), **hidden_of(shown, "seen:"), **fields}
        return self.desk.post(self.path, sent)


@pytest.fixture
def disagreement(office: OpenOffice) -> Disagreement:
    """Give two tablets apart from each other, and the desk."""
    of_an, of_binh = office.phone("Máy tính bảng xe 1"), office.phone("Máy tính bảng xe 2")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    record = of_an.take_dossier(an, child_full_name="Đinh Gia Bảo", child_gender="male")
    of_an.exchange(an)
    of_binh.exchange(binh)
    of_an.set(an, record, {NAME: "Đinh Bảo An", BORN: "2026-11-05"})
    of_binh.set(binh, record, {NAME: "Đinh Bảo", BORN: "2026-11-06"})
    of_an.exchange(an)
    of_binh.exchange(binh)
    desk = Desk(office.http)
    desk.sign_in("chi")
    return Disagreement(office, desk, record, of_an, an, of_binh, binh)


def test_only_the_fields_that_differ_are_laid_out_with_who_where_and_when(
    disagreement: Disagreement,
) -> None:
    page = disagreement.desk.get(disagreement.path)

    assert page.text.count("<fieldset") == 2
    row = text_of(page, "row-0")
    for words in ("Đinh Bảo An", "Nguyễn Văn An", "Máy tính bảng xe 1", "Giờ thiết bị"):
        assert words in row
    for words in ("Đinh Bảo", "Trần Thị Bình", "Máy tính bảng xe 2", "Giờ văn phòng"):
        assert words in row
    assert "05/11/2026" in text_of(page, "row-1")
    banner = disagreement.desk.get(f"/desk/dossiers/{disagreement.record}")
    assert "2 chỗ hai người ghi khác nhau" in text_of(banner, "conflict-banner")


def test_settling_writes_one_change_with_the_reason(disagreement: Disagreement) -> None:
    before = len(disagreement.office.rows(changes))
    shown = disagreement.desk.get(disagreement.path)

    answer = disagreement.settle(
        shown,
        **{
            f"pick:{NAME}": disagreement.dot(NAME, "Đinh Bảo"),
            f"pick:{BORN}": "other",
            f"other:{BORN}": "4/11/2026",
            "reason": REASON,
        },
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/dossiers/{disagreement.record}"
    assert disagreement.open_fields() == set()
    assert disagreement.value(NAME) == "Đinh Bảo"
    assert disagreement.value(BORN) == "2026-11-04"
    assert len(disagreement.office.rows(changes)) == before + 1
    page = disagreement.desk.get(answer.headers["location"])
    assert "Phạm Thu Chi đã chốt lúc" in text_of(page, "settled-banner")
    assert REASON in text_of(page, "settled-banner")
    assert REASON in text_of(page, "timeline")
    assert "conflict-banner" not in page.text


def test_nothing_is_applied_while_a_row_is_open_and_nothing_typed_is_lost(
    disagreement: Disagreement,
) -> None:
    before = len(disagreement.office.rows(changes))
    shown = disagreement.desk.get(disagreement.path)

    answer = disagreement.settle(
        shown, **{f"pick:{NAME}": "other", f"other:{NAME}": "Đinh Gia An", "reason": REASON}
    )

    assert answer.status_code == 422
    assert "<title>Lỗi:" in answer.text
    trouble = text_of(answer, "trouble")
    assert "Ngày, tháng, năm sinh của trẻ : Chọn một giá trị" in trouble
    assert "Họ, chữ đệm, tên của trẻ" not in trouble
    assert 'value="Đinh Gia An"' in answer.text
    assert REASON in answer.text
    assert disagreement.open_fields() == {NAME, BORN}
    assert len(disagreement.office.rows(changes)) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [("31/02/2026", "Ghi ngày như"), ("", "Ghi giá trị khác"), ("hôm qua", "Ghi ngày như")],
)
def test_another_value_must_fit_its_field(
    disagreement: Disagreement, typed: str, told: str
) -> None:
    shown = disagreement.desk.get(disagreement.path)

    answer = disagreement.settle(
        shown,
        **{
            f"pick:{NAME}": disagreement.dot(NAME, "Đinh Bảo"),
            f"pick:{BORN}": "other",
            f"other:{BORN}": typed,
            "reason": REASON,
        },
    )

    assert answer.status_code == 422
    assert told in text_of(answer, "row-1")
    assert disagreement.open_fields() == {NAME, BORN}


def test_a_settlement_needs_a_reason(disagreement: Disagreement) -> None:
    shown = disagreement.desk.get(disagreement.path)

    answer = disagreement.settle(
        shown,
        **{
            f"pick:{NAME}": disagreement.dot(NAME, "Đinh Bảo"),
            f"pick:{BORN}": disagreement.dot(BORN, "2026-11-05"),
            "reason": "   ",
        },
    )

    assert answer.status_code == 422
    assert "Ghi lý do chốt" in text_of(answer, "trouble")
    assert answer.text.count("checked") == 2
    assert disagreement.open_fields() == {NAME, BORN}


def test_a_third_value_that_came_meanwhile_stays_open_and_is_said(
    disagreement: Disagreement,
) -> None:
    shown = disagreement.desk.get(disagreement.path)
    of_hoa = disagreement.office.phone("Điện thoại của Bình")
    again = of_hoa.sign_in("binh")
    of_hoa.exchange(again)
    picks = {
        f"pick:{NAME}": disagreement.dot(NAME, "Đinh Bảo"),
        f"pick:{BORN}": disagreement.dot(BORN, "2026-11-05"),
        "reason": REASON,
    }
    # Written on a phone that had not seen either of the two.
    stale = disagreement.office.phone("Máy cũ")
    seat = stale.sign_in("an")
    stale.set(seat, disagreement.record, {NAME: "Đinh Bảo Ân"})
    stale.exchange(seat)

    answer = disagreement.settle(shown, **picks)

    assert answer.headers["location"].endswith("/conflicts?still=open")
    assert disagreement.open_fields() == {NAME}
    assert disagreement.value(BORN) == "2026-11-05"
    page = disagreement.desk.get(answer.headers["location"])
    assert "Một giá trị nữa vừa đến" in text_of(page, "still-open")
    row = text_of(page, "row-0")
    assert "Đinh Bảo Ân" in row
    assert "Phạm Thu Chi" in row


def test_who_comes_second_is_told_and_keeps_what_they_typed(disagreement: Disagreement) -> None:
    other = Desk(disagreement.office.http)
    other.sign_in("binh")
    shown_to_other = other.get(disagreement.path)
    shown = disagreement.desk.get(disagreement.path)
    picks = {
        f"pick:{NAME}": disagreement.dot(NAME, "Đinh Bảo"),
        f"pick:{BORN}": disagreement.dot(BORN, "2026-11-05"),
        "reason": REASON,
    }
    disagreement.settle(shown, **picks)
    after_first = len(disagreement.office.rows(changes))

    late = {**hidden_of(shown_to_other, "csrf"), **hidden_of(shown_to_other, "seen:"), **picks}
    answer = other.post(disagreement.path, late)

    assert answer.status_code == 409
    assert "Có người vừa chốt trước bạn" in text_of(answer, "settled-meanwhile")
    assert len(disagreement.office.rows(changes)) == after_first


def test_who_may_not_settle_sees_but_gets_no_button(disagreement: Disagreement) -> None:
    inspector = Desk(disagreement.office.http)
    inspector.sign_in("giang")

    page = inspector.get(disagreement.path)

    assert page.status_code == 200
    assert "settle-button" not in page.text
    assert "Đinh Bảo An" in page.text
    answer = inspector.post(disagreement.path, {**hidden_of(page, "csrf"), "reason": REASON})
    assert answer.status_code == 403


def test_a_dossier_in_agreement_leads_back_to_itself(disagreement: Disagreement) -> None:
    record = disagreement.of_an.take_dossier(disagreement.an)
    disagreement.of_an.exchange(disagreement.an)

    path = f"/desk/dossiers/{record}/conflicts"
    token = hidden_of(disagreement.desk.get("/desk"), "csrf")

    for answer in (disagreement.desk.get(path), disagreement.desk.post(path, token)):
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/desk/dossiers/{record}"


def test_a_value_in_conflict_is_text_whatever_it_says(disagreement: Disagreement) -> None:
    nasty = '"><script>alert(1)</script>'
    stale = disagreement.office.phone("Máy cũ")
    seat = stale.sign_in("an")
    stale.set(seat, disagreement.record, {NAME: nasty, f"notes.{uuid4()}": {"reason": nasty}})
    stale.exchange(seat)

    shown = disagreement.desk.get(disagreement.path)
    answer = disagreement.settle(
        shown, **{f"pick:{NAME}": "other", f"other:{NAME}": nasty, "reason": nasty}
    )

    assert answer.status_code == 422
    for page in (shown, answer):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_a_made_up_side_is_no_choice(disagreement: Disagreement) -> None:
    shown = disagreement.desk.get(disagreement.path)

    answer = disagreement.settle(
        shown,
        **{f"pick:{NAME}": "1-1-0000000000000000", f"pick:{BORN}": "", "reason": REASON},
    )

    assert answer.status_code == 422
    assert disagreement.open_fields() == {NAME, BORN}


def test_what_was_typed_outlives_the_session(disagreement: Disagreement) -> None:
    desk, before = disagreement.desk, len(disagreement.office.rows(changes))
    shown = desk.get(disagreement.path)
    disagreement.office.run(lambda c: c.execute(sa.update(sessions).values(last_seen=0)))
    picks = {f"pick:{NAME}": "other", f"other:{NAME}": 'Đinh "Gia" An', "reason": REASON}

    asked = disagreement.settle(shown, **picks)
    wrong = desk.post("/desk/sign-in", {**all_hidden(asked), "sign_in": "chi", "secret": "no"})
    back = desk.post(
        "/desk/sign-in", {**all_hidden(wrong), "sign_in": "chi", "secret": "luudong-demo"}
    )
    again = desk.post(disagreement.path, all_hidden(back))

    assert asked.status_code == 401
    assert "Phiên làm việc đã hết" in text_of(asked, "session-ended")
    assert (wrong.status_code, back.status_code, again.status_code) == (403, 200, 200)
    assert "luudong_session" in desk.cookies
    assert "&#34;Gia&#34; An" in again.text
    assert REASON in again.text
    assert disagreement.open_fields() == {NAME, BORN}
    assert len(disagreement.office.rows(changes)) == before


def test_a_form_that_is_not_ours_is_not_kept(disagreement: Disagreement) -> None:
    disagreement.office.run(lambda c: c.execute(sa.update(sessions).values(last_seen=0)))

    answer = disagreement.desk.post(disagreement.path, {"csrf": "0" * 64, "reason": "of another"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/sign-in?next=/desk&lost=1"
    told = text_of(disagreement.desk.get(answer.headers["location"]), "session-ended")
    assert "Việc vừa gửi chưa được ghi" in told


def all_hidden(page: httpx.Response) -> dict[str, str]:
    """Give the hidden fields of the page's own form, which comes after those of the frame."""
    own = page.text[page.text.index('<main id="main"') :]
    return hidden_of(httpx.Response(200, text=own), "")

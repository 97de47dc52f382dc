"""The paper that asks for a supplement (form M02): what is asked of whom, and whom to ask."""

from datetime import datetime
from io import BytesIO

import pypdf
import pytest

from server.clock import now_ms
from server.dossiers.reading import reader_of
from server.erasures.erasure import Deed, erase, keeper_of
from server.papers.supplement_request import supplement_request_of
from server.procedures.catalogue import catalogue
from server.procedures.reference import Branch as Named
from tests.server.conftest import OpenOffice
from tests.server.test_supplements import ANSWER, PAPER, PROCEDURE, QUAN, REASON, Branch
from tests.support.desk import Desk, text_of
from tests.support.phone import new_record

CODE = "H26.118.05-261121-0001"
CITIZEN = {
    "dossier_code": CODE,
    "answers.applicant_full_name": "Trần #strong[Văn] Bình",
    "answers.applicant_address": "Tổ 4, thôn Đông",
    "answers.applicant_phone": "0912345678",
    "answers.applicant_email": "binh@example.vn",
}
MORE = "Giấy uỷ quyền $x_1$ @ở #đâu"


@pytest.fixture
def branch(office: OpenOffice) -> Branch:
    """Give a branch with a dossier of somebody whose name is code to a typesetter."""
    branch = Branch(office)
    branch.phone.set(branch.an, branch.record, CITIZEN)
    branch.phone.exchange(branch.an)
    return branch


def at_desk(branch: Branch, name: str = "chi") -> Desk:
    desk = Desk(branch.office.http)
    desk.sign_in(name)
    return desk


def address(branch: Branch, place: int = 0) -> str:
    return f"/desk/dossiers/{branch.record}/supplements/{branch.asked[place].id}/request.pdf"


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_paper_says_what_was_asked_of_whom_and_whom_to_ask(branch: Branch) -> None:
    """Typst's marks in what people wrote are letters."""
    branch.ask(PAPER, ANSWER, more=MORE)
    page = at_desk(branch).get(f"/desk/dossiers/{branch.record}")
    assert "Phiếu yêu cầu bổ sung (PDF)" in text_of(page, "supplement")
    assert f'href="{address(branch)}"' in page.text
    assert f"Số {branch.asked[0].number}" in text_of(page, "supplement")

    answer = at_desk(branch).get(address(branch))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    text, known = words_of(answer.content), catalogue().procedures[PROCEDURE]
    named = branch.office.office.branch
    for words in (
        *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Mẫu số 02"),
        *("PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "/PBS", named.name_vi, named.parent_vi),
        f"Số: {branch.asked[0].number}",
        f"Mỹ Đức, ngày {datetime.fromisoformat(branch.asked[0].asked):%d tháng %m năm %Y}",
        f"Mã hồ sơ {CODE}",
        *("Trần #strong[Văn] Bình", "Tổ 4, thôn Đông", "0912 345 678", "binh@example.vn"),
        f"{known['name_vi']} ({PROCEDURE})",
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
        f"1. {known['documents'][0]['name_vi']}",
        "2. Sửa mục khai:",
        f"3. {MORE}",
        f"Lý do {REASON}",
        f"liên hệ với Phạm Thu Chi, số điện thoại {named.hotline}",
        "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Phạm Thu Chi",
    ):
        assert words in text


def test_each_request_has_its_own_paper_also_once_it_is_answered(branch: Branch) -> None:
    branch.ask(PAPER)
    branch.note(branch.asked[0].id)
    branch.ask(more="Ảnh chân dung", by=QUAN)
    desk = at_desk(branch, "giang")

    first, second = (words_of(desk.get(address(branch, place)).content) for place in (0, 1))

    assert ("Ảnh chân dung" in first, "Ảnh chân dung" in second) == (False, True)
    assert ("Phạm Thu Chi" in first, "Phạm Thu Chi" in second) == (True, False)


def test_long_words_go_on_overleaf_and_the_pages_are_numbered(branch: Branch) -> None:
    branch.ask(PAPER, more="\n".join(["Bản sao sổ hộ khẩu của từng người"] * 55))

    pages = pypdf.PdfReader(BytesIO(at_desk(branch).get(address(branch)).content)).pages

    assert len(pages) > 1
    assert f"1/{len(pages)}" in pages[0].extract_text()


def test_the_paper_is_for_the_desk_and_for_what_was_asked_alone(branch: Branch) -> None:
    branch.ask(PAPER)
    desk, there = at_desk(branch), address(branch)

    for lost in (
        there.replace(branch.asked[0].id, str(new_record())),
        there.replace(str(branch.record), str(new_record())),
        there.replace(branch.asked[0].id, "x"),
    ):
        assert desk.get(lost).status_code == 404
    stranger = Desk(branch.office.http).get(there)
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/desk/sign-in")
    page = f"/desk/dossiers/{branch.record}"
    of_helper = at_desk(branch, "tam")
    assert of_helper.get(there).status_code == of_helper.get(page).status_code


def test_an_erased_dossier_has_no_paper_any_more(branch: Branch) -> None:
    branch.ask(PAPER)
    desk, there = at_desk(branch), address(branch)
    opened = branch.office.office
    deed = Deed(QUAN, "Người dân yêu cầu xoá", now_ms())
    branch.office.run(
        lambda one: erase(one, keeper_of(opened.settings, opened.keys), branch.record, deed)
    )

    assert desk.get(there).status_code == 404
    assert "request.pdf" not in desk.get(f"/desk/dossiers/{branch.record}").text


def test_where_nobody_is_known_the_office_is_whom_to_ask(branch: Branch) -> None:
    branch.ask(more="Ảnh")
    named = Named("Chi nhánh số 8", "Trung tâm", "1900 0000")

    paper = supplement_request_of({}, branch.asked[0], reader_of(None, "vi"), "", named, "", None)

    assert "liên hệ với Chi nhánh số 8, số điện thoại 1900 0000" in paper.contact
    assert paper.signature.value == ""
    assert paper.date.startswith("Ngày ")
    assert paper.lines == ()

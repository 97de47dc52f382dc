"""One dossier: its answers in words, its papers, its timeline, and nothing that runs."""

from uuid import uuid4

from server.procedures.catalogue import catalogue
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import new_record

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}"


def test_an_unknown_and_a_malformed_id_are_both_not_found(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")

    for path in (uuid4(), "not-an-id", f"{uuid4()}/conflicts"):
        assert desk.get(f"/desk/dossiers/{path}").status_code == 404, path


def test_answers_stand_in_their_sections_with_their_labels(office: OpenOffice) -> None:
    """FAULT-43: what today's form does not ask stands by itself, and is not lost from sight."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    desk.sign_in("giang")
    seat = phone.sign_in("an")
    row = uuid4()
    record = new_record()
    phone.set(
        seat,
        record,
        {
            "procedure": "1.004222",
            "area": "10441",
            "status": "sealed",
            "answers.applicant_full_name": "Đinh Thị Ngọc Ánh",
            "answers.applicant_personal_id": "001195012345",
            "answers.applicant_date_of_birth": "1995",
            "answers.applicant_gender": "female",
            "answers.applicant_phone": "0912345678",
            "answers.can_read_write": True,
            f"answers.members.{row}.member_full_name": "Quách Thị Hiền",
            f"answers.members.{row}.at": 1,
            "answers.of_tomorrow": "kept",
        },
    )
    phone.exchange(seat)

    page = desk.get(f"/desk/dossiers/{record}")

    assert page.status_code == 200
    told = text_of(page, "dossier")
    for words in (
        "Người nộp hồ sơ",
        "001 195 012 345",
        "0912 345 678",
        "Giới tính Nữ",
        "Dòng 1",
        "Quách Thị Hiền",
        "Thông tin khác",
        "answers.of_tomorrow kept",
    ):
        assert words in told, words
    assert "Văn phòng đã nhận" in told


def test_a_row_that_was_removed_is_not_shown(office: OpenOffice) -> None:
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    seat = phone.sign_in("an")
    row = uuid4()
    record = phone.take_dossier(seat)
    phone.set(seat, record, {"procedure": "1.004222"})
    member = f"answers.members.{row}"
    phone.set(seat, record, {f"{member}.member_full_name": "Quách Văn Nam", f"{member}.at": 0})
    phone.set(seat, record, {f"{member}.removed": True})
    phone.exchange(seat)

    page = desk.get(f"/desk/dossiers/{record}").text

    form = page[: page.index('id="timeline"')]
    assert "Quách Văn Nam" not in form


def test_papers_say_their_state_in_words(office: OpenOffice) -> None:
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    seat = phone.sign_in("an")
    record = phone.take_dossier(seat)
    phone.set(
        seat,
        record,
        {
            "papers.birth_notice": {"state": "handed_in", "count": 2},
            "papers.abandonment_record": {"state": "missing", "count": 0},
        },
    )
    phone.exchange(seat)

    papers = text_of(desk.get(f"/desk/dossiers/{record}"), "papers")

    assert "Giấy chứng sinh đã nộp · 2 bản" in papers
    assert "Biên bản về việc trẻ bị bỏ rơi còn thiếu" in papers


def test_the_timeline_says_who_on_which_device_and_what(office: OpenOffice) -> None:
    of_an, of_binh = office.phone("Máy tính bảng xe 1"), office.phone("Máy tính bảng xe 2")
    desk = Desk(office.http)
    desk.sign_in("chi")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    record = of_an.take_dossier(an)
    of_an.exchange(an)
    of_binh.exchange(binh)
    note = {"kind": "revision", "reason": "Gia đình báo lại", "fields": []}
    changed = {"answers.child_full_name": "Đinh Gia Bảo", f"notes.{uuid4()}": note}
    of_binh.set(binh, record, changed)
    of_binh.exchange(binh)

    page = desk.get(f"/desk/dossiers/{record}")

    revised = text_of(page, f"step-{binh.number}-1")
    for words in (
        "Sửa hồ sơ",
        "Trần Thị Bình",
        "Máy tính bảng xe 2",
        "Gia đình báo lại",
        "Giờ thiết bị",
        "Giờ văn phòng",
        "Đinh Gia Bảo",
    ):
        assert words in revised, words
    assert "Niêm phong hồ sơ" in text_of(page, f"step-{an.number}-1")


def test_whatever_people_wrote_is_text(office: OpenOffice) -> None:
    phone = office.phone(NASTY)
    desk = Desk(office.http)
    desk.sign_in("chi")
    seat = phone.sign_in("an")
    procedure = next(iter(catalogue().procedures.values()))
    record = new_record()
    fields: dict[str, object] = {
        f"answers.{entry['id']}": NASTY for entry in procedure["form_fields"]
    }
    fields |= {f"papers.{paper['id']}": {"state": NASTY} for paper in procedure["documents"]}
    fields |= {
        "procedure": procedure["code"],
        "area": "10441",
        "status": NASTY,
        "sealed_at": NASTY,
        "answers.applicant_full_name": NASTY,
        f"notes.{uuid4()}": {"kind": "revision", "reason": NASTY, "fields": []},
    }
    phone.set(seat, record, fields)
    phone.exchange(seat)

    for path in ("/desk", f"/desk/dossiers/{record}", "/desk/devices"):
        page = desk.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path
        assert "&lt;script&gt;alert(1)" in page.text, path


def test_a_dossier_without_anything_known_is_still_a_page(office: OpenOffice) -> None:
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    seat = phone.sign_in("an")
    record = new_record()
    phone.set(seat, record, {"area": "10441", "procedure": "9.999999", "status": "of_tomorrow"})
    phone.exchange(seat)

    page = desk.get(f"/desk/dossiers/{record}")

    assert page.status_code == 200
    assert "chưa có tên người nộp" in text_of(page, "applicant-name")
    assert "Hồ sơ này chưa có câu trả lời nào" in page.text
    assert "9.999999" in page.text


def test_english_marks_what_is_vietnamese(office: OpenOffice) -> None:
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    desk.send("/desk", "/desk/language", language="en", back="/desk")
    seat = phone.sign_in("an")
    record = phone.take_dossier(seat, applicant_gender="female")
    phone.exchange(seat)

    page = desk.get(f"/desk/dossiers/{record}")

    assert '<html lang="en">' in page.text
    assert "Birth registration" in page.text
    assert '<dd lang="vi">Xã Mỹ Đức' in page.text
    assert "Female" in text_of(page, "dossier")

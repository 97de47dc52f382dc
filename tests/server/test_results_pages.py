"""Giving a result away on a dossier's page: plain forms that lose nothing, and what came of it."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from server.clock import now_ms
from server.fieldwork.deliveries import KIND
from server.fieldwork.reading import work_of
from server.records.tables import changes
from server.staff.person import find_person
from server.trips.planning import StopPlan, plan_trip
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, PhoneSeat

CHI = 4
PLACE = "Nhà văn hoá thôn Đồi Dùng"
TITLE = "Giấy khai sinh"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)


@dataclass
class Page:
    """A dossier that An took, a stop to come, and Chi at the desk."""

    office: OpenOffice
    phone: Phone
    an: PhoneSeat
    desk: Desk
    record: UUID
    stop: str

    @property
    def path(self) -> str:
        return f"/desk/dossiers/{self.record}"

    def send(self, deed: str, desk: Desk | None = None, **fields: str) -> tuple[int, str]:
        """Send a form; gives the status and what it says is wrong."""
        filled = {
            "give": {"title": TITLE, "copies": "2", "pages": "1", "to": f"stop:{self.stop}"},
            "hand_out": {
                "title": TITLE, "receiver": "Bạch Thị Mẫu", "relation": "agent", "checked": "1",
            },
        }.get(deed, {})  # fmt: skip
        sent = {**filled, **fields}
        answer = (desk or self.desk).send(self.path, f"{self.path}/result", deed=deed, **sent)
        is_fault = answer.status_code in (409, 422)
        return answer.status_code, text_of(answer, f"{deed}-fault") if is_fault else ""

    def told(self, element: str = "results") -> str:
        return text_of(self.desk.get(self.path), element)

    @property
    def delivery(self) -> UUID:
        return self.office.run(lambda connection: work_of(connection, KIND))[-1].record


@pytest.fixture
def page(office: OpenOffice) -> Page:
    """Give the dossier, the stop and the desk."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    chi = office.run(lambda connection: find_person(connection, CHI))
    assert chi is not None
    plan = StopPlan("10441", PLACE, "2199-11-22", "08:00", "11:30")
    office.run(
        lambda connection: plan_trip(connection, office.office, chi, 1, "Mỹ Đức", plan, now_ms())
    )
    (stop,) = office.run(lambda connection: work_of(connection, "stop"))
    desk.sign_in("chi")
    return Page(office, phone, an, desk, record, stop.record.hex)


def test_what_goes_along_and_what_comes_of_it_is_told_on_the_page(page: Page) -> None:
    """Two counts that differ, who handed it to whom when, and the signature."""
    assert page.send("give") == (303, "")
    for said in (TITLE, "2 bản, 1 trang", "Phạm Thu Chi giao", PLACE, "Chờ người mang đi nhận"):
        assert said in page.told()
    assert "Có kết quả Phạm Thu Chi" in page.told("timeline")
    assert "Chờ người mang đi nhận" in text_of(page.desk.get("/desk/trips"), "results")
    assert "Đã có kết quả" in text_of(page.desk.get("/desk"), f"row-{page.record}")
    page.phone.exchange(page.an)
    handed = {
        "status": "delivered",
        "got": 1,
        "receiver_name": "Bạch Thị Mẫu",
        "relation": "agent",
        "id_checked": True,
        "authority_seen": True,
        "signature": PICTURE,
        "handed_at": "2026-11-22T09:30:00+07:00",
    }
    page.phone.set(page.an, page.delivery, handed)
    page.phone.exchange(page.an)

    told = page.told()
    assert "Đếm khác nhau: giao 2, nhận 1" in told
    assert "Nguyễn Văn An trả cho Bạch Thị Mẫu lúc 09:30 22/11/2026" in told
    assert "giấy tờ tuỳ thân, giấy uỷ quyền" in told
    assert "Đã trả kết quả Văn phòng" in page.told("timeline")
    signed = page.desk.get(f"{page.path}/results/{page.delivery}/signature.png")
    assert (signed.status_code, signed.content) == (200, PICTURE)
    assert signed.headers["content-type"] == "image/png"
    elsewhere = f"/desk/dossiers/{page.delivery}/results/{page.delivery}/signature.png"
    assert page.desk.get(elsewhere).status_code == 404
    assert 'id="results"' not in page.desk.get("/desk/trips").text, "nothing is out any more"
    trips = text_of(page.desk.get(f"/desk/trips/{UUID(page.stop)}"), "results")
    assert TITLE in trips
    assert "giao 2, nhận 1" in trips
    assert "give-form" not in page.desk.get(page.path).text, "nothing more is given"


def test_what_is_no_picture_is_not_shown_as_one(page: Page) -> None:
    page.send("give")
    page.phone.exchange(page.an)
    page.phone.set(page.an, page.delivery, {"signature": b"<svg onload=alert(1)>"})
    page.phone.exchange(page.an)

    answer = page.desk.get(f"{page.path}/results/{page.delivery}/signature.png")

    assert answer.status_code == 404


def test_what_is_handed_out_at_the_desk_calls_the_other_back(page: Page) -> None:
    page.send("give")
    van = page.delivery
    assert page.send("hand_out") == (303, "")

    assert "Phạm Thu Chi trả cho Bạch Thị Mẫu" in page.told()
    assert "Người được uỷ quyền" in page.told()
    assert "phải thu về" in page.told()
    assert page.send("back", delivery=str(van)) == (303, "")
    assert "Đã về văn phòng" in page.told()


def test_two_who_hand_it_back_apart_are_told_among_the_findings(page: Page) -> None:
    page.send("give")
    page.phone.exchange(page.an)
    handed = {"status": "delivered", "handed_at": "2026-11-22T09:30:00+07:00"}
    page.phone.set(page.an, page.delivery, handed)
    page.send("hand_out")
    page.phone.exchange(page.an)

    findings = text_of(page.desk.get("/desk/findings"), "findings")
    assert "Trả kết quả cần xem lại" in findings
    assert "hai lần trả đều được giữ" in findings
    assert "Trả hai lần" in page.told()


@pytest.mark.parametrize(
    ("deed", "fields", "told"),
    [
        ("give", {"title": " "}, "Ghi tên giấy tờ"),
        ("give", {"copies": "hai"}, "Ghi số bản"),
        ("give", {"copies": "12345"}, "Ghi số bản"),
        ("give", {"pages": "0"}, "Ghi số trang"),
        ("give", {"to": ""}, "Chọn điểm dừng"),
        ("give", {"to": "home:2"}, "Ghi địa chỉ"),
        ("hand_out", {"receiver": ""}, "Ghi họ và tên"),
        ("hand_out", {"checked": ""}, "Đối chiếu giấy hẹn"),
        ("hand_out", {"relation": "friend"}, "Chọn người nhận"),
        ("back", {"delivery": "x"}, "Không tìm thấy"),
    ],
)
def test_what_cannot_be_done_is_said_with_all_that_was_typed(
    page: Page, deed: str, fields: dict[str, str], told: str
) -> None:
    """UX-11, UX-13: nothing is written, nothing that was typed is lost."""
    before = len(page.office.rows(changes))

    status, fault = page.send(deed, None, **fields)

    assert (status, told in fault) == (422, True)
    assert len(page.office.rows(changes)) == before


def test_who_comes_second_is_told(page: Page) -> None:
    other = Desk(page.office.http)
    other.sign_in("quan")
    page.send("give", other)

    status, told = page.send("give")

    assert (status, "đang được mang đi" in told) == (409, True)


def test_an_inspector_looks_and_gives_nothing(page: Page) -> None:
    inspector = Desk(page.office.http)
    inspector.sign_in("giang")

    assert "give-form" not in inspector.get(page.path).text
    assert inspector.post(f"{page.path}/result", {"deed": "give"}).status_code == 403


def test_a_form_of_an_ended_session_comes_back_as_it_was_typed(page: Page) -> None:
    sent = {"title": "Bản sao", "copies": "3", "pages": "4", "to": "home:2", "address": "Thôn Dy"}
    again = page.desk.send(page.path, f"{page.path}/result", deed="give", again="1", **sent)

    assert again.status_code == 200
    assert all(f'value="{said}"' in again.text for said in ("Bản sao", "3", "4", "Thôn Dy"))
    assert 'value="home:2" selected' in again.text

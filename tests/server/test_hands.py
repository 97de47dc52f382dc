"""Who began a dossier and handed it on before it was sealed stands on its page, and in its log."""

from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import new_record

HANDS = [
    {"by": "Nguyễn Văn An", "seat": 12, "at": "2026-11-22T14:20:00+07:00"},
    {"by": "Lê Thị Tâm", "seat": 13, "at": "2026-11-22T14:40:00+07:00"},
]


def test_who_had_it_before_is_shown_in_words(office: OpenOffice) -> None:
    """UX-46: at the head of the dossier, and in the step of the log that says so."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    desk.sign_in("giang")
    seat, record = phone.sign_in("binh"), new_record()
    sealed = {"procedure": "1.014027", "area": "10441", "status": "sealed"}
    phone.set(seat, record, {**sealed, "intake.handed_over": HANDS})
    phone.set(seat, record, {"status": "sealed"})
    phone.exchange(seat)

    began = "Nguyễn Văn An bắt đầu, giao lại lúc 14:20 22/11/2026"
    went_on = "Lê Thị Tâm làm tiếp, giao lại lúc 14:40 22/11/2026"
    told = text_of(desk.get(f"/desk/dossiers/{record}"), "dossier")
    assert told.count(began) == told.count(went_on) == 2

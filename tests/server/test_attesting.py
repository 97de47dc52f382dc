"""What a person said of their dossier before it was sealed stands on its page at the desk."""

from typing import Any

import pytest

from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import new_record

WORD = {"by": "Nguyễn Văn An", "at": "2026-11-22T14:20:00+07:00"}


def page_with(office: OpenOffice, fields: dict[str, Any]) -> str:
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    desk.sign_in("giang")
    seat = phone.sign_in("an")
    record = new_record()
    sealed = {"procedure": "1.014027", "area": "10441", "status": "sealed"}
    phone.set(seat, record, {**sealed, **fields})
    phone.exchange(seat)
    page = desk.get(f"/desk/dossiers/{record}")
    assert page.status_code == 200
    return text_of(page, "dossier")


def test_who_signed_how_and_who_helped_is_shown(office: OpenOffice) -> None:
    """UX-35, UX-41: a thumbprint names its witness, an odd answer its reason."""
    witness = {"name": "Lê Thị Sửu", "number": "001150000123"}
    told = page_with(
        office,
        {
            "intake.read_back": WORD,
            "intake.notice": WORD,
            "intake.signing": {"way": "thumbprint", "witnesses": [witness]},
            "intake.help": {"name": "Lê Thị Tâm", "role": "community_team"},
            "intake.card_read": ["answers.applicant_full_name"],
            "intake.taken_over": ["answers.applicant_address"],
            "intake.passed": [
                {
                    "name": "answers.applicant_personal_id",
                    "beside": ["answers.applicant_date_of_birth"],
                    "codes": ["id-other-year"],
                    "reason": "other",
                    "words": "Khai sinh ghi 1991",
                    **WORD,
                },
                {
                    "name": "answers.applicant_address",
                    "beside": [],
                    "codes": ["unanswered"],
                    "reason": "unknown",
                    "words": "",
                    **WORD,
                },
            ],
            "original_check.authorization_letter": WORD,
        },
    )

    for words in (
        "Đã đọc lại cho dân Nguyễn Văn An, 14:20 22/11/2026",
        "Đã đọc thông báo dữ liệu cá nhân Nguyễn Văn An, 14:20 22/11/2026",
        "Điểm chỉ, có người làm chứng: Lê Thị Sửu (001150000123)",
        "Lê Thị Tâm (tổ công nghệ số cộng đồng)",
        "Đọc từ thẻ căn cước Họ, chữ đệm, tên người nộp",
        "Lấy từ hồ sơ trước của cùng người Địa chỉ",
        "Khác thường, đã cho qua có lý do Số định danh cá nhân. Năm sinh trong số định danh khác",
        "Lý do khác. Khai sinh ghi 1991. Nguyễn Văn An, 14:20 22/11/2026",
        "Địa chỉ. Chưa trả lời. Người dân không biết, không nhớ. Nguyễn Văn An, 14:20 22/11/2026",
        "Đã đối chiếu bản chính:",
    ):
        assert words in told, words


@pytest.mark.parametrize(
    "value", [None, 7, "drawn", [], {"way": "stamp"}, {"by": 1, "at": 2}, [{"way": "drawn"}]]
)
def test_what_has_no_known_shape_breaks_no_page(office: OpenOffice, value: object) -> None:
    names = ("read_back", "notice", "signing", "help", "card_read", "taken_over", "passed")
    fields = {f"intake.{name}": value for name in names} | {"original_check.ct01": value}

    assert "Xác nhận của người dân" not in page_with(office, fields)

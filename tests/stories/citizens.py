"""Invented people and their dossiers. Nobody here exists; numbers are in no register.

The same seed gives the same people, so that a figure can be measured again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

FAMILY: Final = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Bùi", "Đinh", "Quách", "Đỗ", "Vũ", "Phan"),
    *("Đặng", "Ngô", "Dương", "Lý", "Hà", "Cao", "Lương", "Bạch", "Triệu", "Phùng", "Đào"),
)
MIDDLE: Final = (
    *("Thị Bích", "Văn Khánh", "Ngọc", "Thị Thuỳ", "Đức Trường", "Hữu", "Thị Mỹ", "Quốc"),
    *("Thị Hồng", "Văn", "Thị", "Minh", "Thanh", "Thị Kim", "Xuân", "Gia", "Thị Phương"),
    *("Công", "Thị Ánh", "Tuấn", "Thị Như", "Đình", "Bảo", "Thị Diệu", "Trung", "Thế"),
)
# No An, Bình, Quân or Tâm: the office's own people have these names, and its log greets them.
GIVEN: Final = (
    *("Phượng", "Hưởng", "Quỳnh", "Dũng", "Nguyệt", "Tuyền", "Thắng", "Hường", "Ưởng"),
    *("Chiến", "Dung", "Duyên", "Đạt", "Giang", "Hải", "Hạnh", "Hậu", "Hiếu"),
    *("Hoà", "Huệ", "Hùng", "Khoa", "Lan", "Liên", "Linh", "Loan", "Long", "Mai", "Nam"),
    *("Nga", "Nhung", "Oanh", "Phúc", "Sơn", "Thảo", "Trang", "Vinh", "Yến"),
)
HAMLETS: Final = (
    *("Đồng Chiêm", "Ải Rót", "Đục Khê", "Hội Xá", "Tảo Khê", "Vĩnh Lạc", "Kênh Đào"),
    *("Phú Hiền", "Vài", "Bột Xuyên", "Phúc Lâm Thượng", "Chân Chim", "Bèo", "Trung", "Hạ"),
    *("Tiên Mai", "Yến Vỹ", "Hà Đoạn", "Đoan Nữ", "Kim Bôi", "Phù Lưu Tế", "Trê", "Sêu"),
)
FACILITIES: Final = (
    "Bệnh viện đa khoa huyện Mỹ Đức",
    "Bệnh viện đa khoa Hà Đông",
    "Bệnh viện Phụ sản Hà Nội",
    "Trạm y tế xã Phúc Lâm",
    "Trạm y tế xã Hùng Tiến",
    "Phòng khám đa khoa khu vực Hương Sơn",
    "Bệnh viện đa khoa Vân Đình",
)
COMMUNES: Final = {
    "10441": "Mỹ Đức",
    "10465": "Phúc Sơn",
    "10459": "Hồng Sơn",
    "10489": "Hương Sơn",
}
ETHNICITIES: Final = ("Kinh", "Mường", "Dao", "Tày")

NUMBERS: Final = (
    "không",
    *("một", "hai", "ba", "bốn", "năm"),
    *("sáu", "bảy", "tám", "chín", "mười"),
)
YEAR: Final = "năm hai nghìn không trăm hai mươi sáu"

BIRTH_REGISTRATION: Final = "1.001193"
CATALOGUE_VERSION: Final = "2026-11"


@dataclass(frozen=True)
class Citizen:
    """One invented person."""

    name: str
    personal_id: str
    born: date
    address: str
    phone: str


def citizens(seed: int) -> Iterator[Citizen]:
    """Invent people for ever, always the same ones for a seed."""
    chance = random.Random(seed)
    while True:
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
        yield Citizen(
            name=" ".join(map(chance.choice, (FAMILY, MIDDLE, GIVEN))).upper(),
            personal_id=f"001{chance.randrange(10**9):09d}",
            born=born,
            address=_address(chance),
            phone=f"09{chance.randrange(10**8):08d}",
        )


def _address(chance: random.Random) -> str:
    number, lane = chance.randrange(1, 200), chance.randrange(1, 40)
    hamlet, commune = chance.choice(HAMLETS), chance.choice(sorted(COMMUNES.values()))
    return (
        f"Số {number}, ngõ {lane}, đường liên thôn, thôn {hamlet}, xã {commune} "
        "(trước là xã An Phú, huyện Mỹ Đức), thành phố Hà Nội"
    )


def birth_dossiers(seed: int, area: str = "10441") -> Iterator[dict[str, Any]]:
    """Invent birth registrations for ever: 31 fields each, about 2 KB as a change."""
    people = citizens(seed)
    chance = random.Random(seed)
    while True:
        child, mother, father, forebear = (next(people) for _ in range(4))
        day, month = chance.randrange(1, 11), chance.randrange(1, 11)
        answers: dict[str, Any] = {
            "requester_relation": "father",
            "special_case": "none",
            "birth_proof_kind": "paper",
            "child_full_name": child.name,
            "child_date_of_birth": f"2026-{month:02d}-{day:02d}",
            "child_dob_words": f"Ngày {NUMBERS[day]} tháng {NUMBERS[month]} {YEAR}",
            "child_gender": chance.choice(("male", "female")),
            "child_ethnicity": chance.choice(ETHNICITIES),
            "child_nationality": "Việt Nam",
            "birth_place_kind": "medical_facility",
            "birth_facility_name": f"{chance.choice(FACILITIES)}, thành phố Hà Nội",
            "child_hometown": forebear.address,
            "mother_full_name": mother.name,
            "mother_date_of_birth": str(mother.born.year),
            "mother_personal_id": mother.personal_id,
            "mother_residence": mother.address,
            "father_declared": True,
            "father_full_name": father.name,
            "father_date_of_birth": father.born.isoformat(),
            "father_personal_id": father.personal_id,
            "father_residence": father.address,
            "applicant_kind": "self",
            "applicant_full_name": father.name,
            "applicant_personal_id": father.personal_id,
            "applicant_address": father.address,
            "applicant_phone": father.phone,
        }
        yield {
            "procedure": BIRTH_REGISTRATION,
            "catalogue_version": CATALOGUE_VERSION,
            "area": area,
            "status": "sealed",
            "sealed_at": f"2026-11-21T14:{chance.randrange(60):02d}:{day:02d}+07:00",
        } | {f"answers.{field}": value for field, value in answers.items()}

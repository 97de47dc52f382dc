"""What a van takes in on a day: invented dossiers of every procedure of the catalogue, mixed.

Fields, choices and conditions are the catalogue's own; a person has one name, number and address
throughout a dossier, and most families live at one address. About 31 fields and 2 KB a dossier.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from server.procedures.catalogue import catalogue
from tests.stories.citizens import COMMUNES, FACILITIES, NUMBERS, Citizen, citizens

Field = Mapping[str, Any]

OPTIONAL_FILLED: Final = 0.6
SAME_ADDRESS: Final = 0.6

ETHNICITIES: Final = (*("Kinh",) * 8, "Mường", "Mường", "Tày", "Dao")
RELATIONS: Final = ("Vợ", "Chồng", "Con đẻ", "Cháu nội", "Cháu ngoại", "Em ruột", "Mẹ đẻ", "Bố vợ")
BANKS: Final = ("Agribank", "Vietcombank", "BIDV", "VietinBank", "MB", "LPBank", "HDBank")
WORDS: Final = (
    *("xác nhận", "thông tin", "hộ khẩu", "đi làm", "công ty", "vay vốn", "ngân hàng", "bổ sung"),
    *("hồ sơ", "nhập học", "cho con", "tai biến", "mạch máu não", "tuổi già", "suy tim", "ung thư"),
    *("mất", "bản gốc", "do mưa lũ", "cháy nhà", "chuyển đến", "ở cùng", "gia đình", "chồng"),
    *("mua bán", "đất ở", "chia tách", "thừa kế", "sáp nhập", "thôn", "xã mới", "theo nghị quyết"),
    *("đang điều trị", "tại nhà", "không còn", "khả năng", "lao động", "nuôi con nhỏ", "một mình"),
    *("làm ruộng", "buôn bán", "nghỉ hưu", "thương binh", "hạng hai", "từ năm", "trước Tết"),
)


def dossiers(seed: int, area: str = "10441") -> Iterator[dict[str, Any]]:
    """Invent dossiers for ever, always the same ones for a seed."""
    chance = random.Random(seed)
    people = citizens(seed)
    procedures = sorted(catalogue().procedures)
    while True:
        code = chance.choice(procedures)
        family = _Family(chance, people)
        day = chance.randrange(1, 22)
        time = (
            f"{chance.randrange(8, 17):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}"
        )
        yield {
            "procedure": code,
            "catalogue_version": catalogue().version,
            "area": area,
            "status": "sealed",
            "sealed_at": f"2026-11-{day:02d}T{time}+07:00",
        } | _named(code, _answers(code, family), chance)


def _named(code: str, answers: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """Name answers as a dossier does: those of a repeated group belong to its first row."""
    procedure = catalogue().procedures[code]
    repeated = {one["id"] for one in procedure["groups"] if one.get("repeat")}
    rows = {one["id"]: one["group"] for one in procedure["form_fields"] if one["group"] in repeated}
    ids = {group: UUID(int=chance.getrandbits(128), version=4) for group in sorted(repeated)}
    named: dict[str, Any] = {}
    for name, value in answers.items():
        if name not in rows:
            named[f"answers.{name}"] = value
            continue
        row = f"answers.{rows[name]}.{ids[rows[name]]}"
        named.setdefault(f"{row}.at", 0)
        named[f"{row}.{name}"] = value
    return named


class _Family:
    """The people of one dossier: one for each group of its form."""

    def __init__(self, chance: random.Random, people: Iterator[Citizen]) -> None:
        self.chance = chance
        self._people = people
        self._home = next(people)
        self._members: dict[str, Citizen] = {"applicant": self._home}

    def member(self, group: str) -> Citizen:
        """Give the person whom a group of the form is about."""
        if group not in self._members:
            self._members[group] = next(self._people)
        return self._members[group]

    def address(self, group: str) -> str:
        """Give where that person lives."""
        at_home = self.chance.random() < SAME_ADDRESS
        return self._home.address if at_home else self.member(group).address


def _answers(code: str, family: _Family) -> dict[str, Any]:
    procedure = catalogue().procedures[code]
    applicant = next(
        group for group in catalogue().raw["common_groups"] if group["group"]["id"] == "applicant"
    )
    answers: dict[str, Any] = {}
    for field in (*procedure["form_fields"], *applicant["fields"]):
        wanted = field["required"] or family.chance.random() < OPTIONAL_FILLED
        if wanted and _applies(field.get("show_if"), answers):
            answers[field["id"]] = _answer(field, family)
    return answers


def _applies(condition: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    match condition:
        case None:
            return True
        case {"all": parts}:
            return all(_applies(part, answers) for part in parts)
        case {"any": parts}:
            return any(_applies(part, answers) for part in parts)
        case {"field": name, "equals": value}:
            return bool(answers.get(name) == value)
        case {"field": name, "in": values}:
            return answers.get(name) in values
        case {"field": name, "not_in": values}:
            return name in answers and answers[name] not in values
        case {"field": name, "gt": value}:
            return bool(answers.get(name, 0) > value)
    raise AssertionError(condition)


def _answer(field: Field, family: _Family) -> Any:
    chance, group = family.chance, field["group"]
    match field["type"]:
        case "choice":
            usual = field.get("default")
            if usual is not None and chance.random() < 0.7:
                return usual
            return chance.choice(field["choices"])["value"]
        case "boolean":
            return chance.random() < 0.5
        case "number":
            return chance.randrange(1, 20)
        case "date":
            born = family.member(group).born
            return born.isoformat() if "birth" in field["id"] else _date(chance)
        case "cccd":
            return family.member(group).personal_id
        case "phone":
            return family.member(group).phone
        case "address":
            return family.address(group)
    return _text(field["id"], family, group)


def _text(name: str, family: _Family, group: str) -> str:
    chance = family.chance
    match name.rpartition("_")[2]:
        case "name" | "holder" if "facility" not in name and "bank" not in name:
            return family.member(group).name
        case "ethnicity":
            return chance.choice(ETHNICITIES)
        case "nationality":
            return "Việt Nam"
        case "words":
            day, month = chance.choice(NUMBERS[1:]), chance.choice(NUMBERS[1:])
            return f"Ngày {day} tháng {month} năm hai nghìn không trăm hai mươi sáu"
        case "relation" | "head":
            return chance.choice(RELATIONS)
        case "number" | "serial":
            return f"{chance.choice('ABCDEV')}{chance.choice('CKLM')} {chance.randrange(10**7):07d}"
        case "issuer" | "clinic" | "place" | "at":
            return f"UBND xã {chance.choice(sorted(COMMUNES.values()))}, thành phố Hà Nội"
    if "bank" in name:
        return f"{chance.choice(BANKS)}, chi nhánh {chance.choice(sorted(COMMUNES.values()))}"
    if "facility" in name:
        return f"{chance.choice(FACILITIES)}, thành phố Hà Nội"
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(2, 8)))
    return words[:1].upper() + words[1:]


def _date(chance: random.Random) -> str:
    return (date(2018, 1, 1) + timedelta(days=chance.randrange(3_000))).isoformat()

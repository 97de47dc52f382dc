"""What the QR code of an identity card says: the twin of `pwa/src/procedures/id_card.ts`.

Read by shape, not by place: cards since 7/2024 carry more fields, in an order that nobody has
published, and some readers leave the old number out. Nothing in it is signed: it saves typing and
proves nothing. A code that is no card is named for what it is. Both twins are held to
`tests/vectors/id_card.json`.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Literal

Gender = Literal["male", "female"]
OtherCode = Literal[
    "old-id-number",
    "covid-code",
    "old-health-card",
    "dynamic-code",
    "web-address",
    "machine-lines",
    "payment",
    "unknown-code",
]

TEXT_MAX: Final = 4_296
"""Characters; no QR code holds more."""

_GENDERS: Final[dict[str, Gender]] = {
    "nam": "male",
    "male": "male",
    "nu": "female",
    "female": "female",
}
_NUMBER: Final = re.compile(r"[0-9]{12}")
_YEAR: Final = re.compile(r"(?:18|19|20|21)[0-9]{2}")
_DATE: Final = re.compile(r"([0-9]{2})[/.-]?([0-9]{2})[/.-]?((?:18|19|20|21)[0-9]{2})")
_OLD_NUMBER: Final = re.compile(r"[0-9]{9}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
_ADDRESS: Final = re.compile(r"[0-9,]")
_MACHINE: Final = re.compile(r"I[A-Z<]VNM[A-Z0-9<]{85}")
_WEB: Final = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_.-]{60,}")


@dataclass(frozen=True)
class IdCard:
    """A person as their card names them; `born` is ISO: a day, a month or a year alone."""

    number: str
    name: str
    born: str | None
    gender: Gender | None
    address: str | None


@dataclass(frozen=True)
class NumberFacts:
    """What the figures of a personal number say. Never proof: people err."""

    gender: Gender
    year: int


def read_card(text: str) -> IdCard | OtherCode:
    """Read a code; one that is no card is named."""
    if len(text) > TEXT_MAX:
        return "unknown-code"
    clean = unicodedata.normalize("NFC", text).replace("\ufeff", "").strip()
    if "|" not in clean:
        return _name_of(clean)
    parts = [" ".join(part.split()) for part in clean.split("|")]
    return _card_of(parts) or _name_of_parts(parts)


def facts_of_number(number: str) -> NumberFacts | None:
    """Read the fourth figure (century and sex) and the next two (year of birth)."""
    if not _NUMBER.fullmatch(number):
        return None
    mark = int(number[3])
    year = 1900 + mark // 2 * 100 + int(number[4:6])
    return NumberFacts("male" if mark % 2 == 0 else "female", year)


def _card_of(parts: list[str]) -> IdCard | None:
    dates = [_date_of(part) for part in parts]
    known = sorted(date for date in dates if date)
    gender_at = _place_of_gender(parts, dates)
    number = next((part for part in parts if _NUMBER.fullmatch(part)), None)
    texts = [part for at, part in enumerate(parts) if at != gender_at and _has_letter(part)]
    name = next((part for part in texts if not _ADDRESS.search(part)), None)
    if not number or not name or (gender_at is None and len(known) < 2):  # noqa: PLR2004 -- days
        return None
    behind = [part for part in texts if gender_at is not None and parts.index(part) > gender_at]
    places = [part for part in texts if part != name and _ADDRESS.search(part)]
    # Names of parents may stand beside it, which have neither comma nor figure.
    places += [part for part in behind if part != name]
    return IdCard(
        number=number,
        name=name,
        born=_born_of(dates, known, gender_at),
        gender=None if gender_at is None else _GENDERS[_fold(parts[gender_at])],
        address=places[0] if places else None,
    )


def _place_of_gender(parts: list[str], dates: list[str | None]) -> int | None:
    """Find the word for the sex: "Nam" is a name too, but stands before the date of birth."""
    found = [at for at, part in enumerate(parts) if _fold(part) in _GENDERS]
    first_date = next((at for at, date in enumerate(dates) if date), -1)
    behind = [at for at in found if at > first_date]
    if behind:
        return behind[0]
    return found[-1] if found else None


def _born_of(dates: list[str | None], known: list[str], gender_at: int | None) -> str | None:
    """Take the earlier of two days; a single one behind the sex is the day of issue."""
    if not known:
        return None
    is_issue = len(known) == 1 and gender_at is not None and dates.index(known[0]) > gender_at
    return None if is_issue else known[0]


def _date_of(part: str) -> str | None:
    """Read `ddMMyyyy`, also with strokes; `00` where day or month is not known; or a year."""
    if _YEAR.fullmatch(part):
        return part
    found = _DATE.fullmatch(part)
    if not found:
        return None
    day, month, year = found.groups()
    if month == "00":
        return year
    if int(month) > 12:  # noqa: PLR2004 -- months
        return None
    if day == "00":
        return f"{year}-{month}"
    return f"{year}-{month}-{day}" if int(day) <= monthrange(int(year), int(month))[1] else None


def _name_of(text: str) -> OtherCode:
    if _OLD_NUMBER.fullmatch(text):
        return "old-id-number"
    if _MACHINE.fullmatch("".join(text.split())):
        return "machine-lines"
    if "vneid" in text.lower():
        return "dynamic-code"
    if _WEB.match(text):
        return "web-address"
    if text.startswith("000201"):  # the head of every EMV payment code
        return "payment"
    return "dynamic-code" if _TOKEN.fullmatch(text) else "unknown-code"


def _name_of_parts(parts: list[str]) -> OtherCode:
    first, second, third, fourth = [*parts, "", "", ""][:4]
    if _HEX.fullmatch(second) and not re.fullmatch(r"[0-9]{9,12}", second):
        return "old-health-card"
    if _date_of(third) and re.fullmatch(r"[0-9]{1,2}", fourth):
        return "covid-code"
    return "old-id-number" if _OLD_NUMBER.fullmatch(first) else "unknown-code"


def _has_letter(part: str) -> bool:
    return any(character.isalpha() for character in part)


def _fold(part: str) -> str:
    marked = unicodedata.normalize("NFD", part.lower().replace("đ", "d"))
    return "".join(character for character in marked if not unicodedata.combining(character))

"""Reads another value that an officer types in place of both sides, as the field's type wants it.

Pure. Only fields that one box or one list can hold are offered; the rest is settled by a side.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

Box = Literal["text", "long", "date", "number", "list", "none"]

_CIVIL_DATE: Final = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:,\d{1,6})?")
_DIGITS: Final = re.compile(r"\d{9}|\d{12}")

TEXT_CHARACTERS_MAX: Final = 2_000


class Unreadable(Exception):
    """What was typed is not a value of this field; `code` names the sentence for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def box_of(field: Mapping[str, Any] | None) -> Box:
    """Say what to offer for another value of a field of the catalogue."""
    if field is None or field.get("multi"):
        return "none"
    match field["type"]:
        case "choice" | "boolean":
            return "list"
        case "date":
            return "date"
        case "number":
            return "number"
        case "address":
            return "long"
        case _:
            return "text"


def typed_value(field: Mapping[str, Any], typed: str) -> object:
    """Give the value of what was typed; raises Unreadable."""
    text = unicodedata.normalize("NFC", typed).strip()
    if not text:
        raise Unreadable("empty")
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Unreadable("long")
    match field["type"]:
        case "choice":
            return _one_of(text, {choice["value"]: choice["value"] for choice in field["choices"]})
        case "boolean":
            return _one_of(text, {"true": True, "false": False})
        case "date":
            return _date(text, is_partial=bool(field.get("partial_date")))
        case "number":
            return _number(text)
        case "cccd":
            return _personal_id(text, field)
        case "phone":
            return re.sub(r"[ .-]", "", text).replace("+84", "0", 1)
        case _:
            return text


def _one_of(text: str, values: Mapping[str, object]) -> object:
    if text not in values:
        raise Unreadable("choice")
    return values[text]


def _date(text: str, *, is_partial: bool) -> str:
    found = _CIVIL_DATE.fullmatch(text)
    if found is None:
        raise Unreadable("date")
    day, month, year = found.groups()
    if not is_partial and day is None:
        raise Unreadable("date")
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Unreadable("date") from None
    return whole.isoformat()[: 10 if day else 7 if month else 4]


def _number(text: str) -> int | str:
    plain = text.replace(" ", "").replace(".", "")
    if not _NUMBER.fullmatch(plain):
        raise Unreadable("number")
    return plain.replace(",", ".") if "," in plain else int(plain)


def _personal_id(text: str, field: Mapping[str, Any]) -> str:
    digits = re.sub(r"[ .-]", "", text)
    if _DIGITS.fullmatch(digits):
        return digits
    if field.get("other_paper_allowed"):
        return text
    raise Unreadable("cccd")

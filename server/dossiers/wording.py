"""Writes one answer out as its field of the catalogue wants it, for people to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.desk import writing
from server.desk.words import Language, say
from sync.value import ERASED


@dataclass(frozen=True)
class Text:
    """Words for a person, and the language that they are in."""

    words: str
    language: Language


_WAYS: Final[Mapping[str, Callable[[str], str]]] = {
    "date": writing.partial_date,
    "number": writing.number,
    "cccd": writing.personal_id,
    "phone": writing.phone,
}


def write_out(field: Mapping[str, Any], value: object, language: Language) -> Text:
    """Write a value of a field; an unknown field (no entries) is written as it is."""
    match value:
        case None | "" | []:
            return Text(say(language, "desk.answer.none"), language)
        case bool():
            return Text(say(language, f"desk.answer.{'yes' if value else 'no'}"), language)
        case list():
            parts = [write_out(field, item, language) for item in value]
            return Text(", ".join(part.words for part in parts), parts[0].language)
        case dict() if value == ERASED:
            return Text(say(language, "desk.answer.erased"), language)
        case dict():
            return Text(", ".join(str(part) for part in value.values() if part), language)
    for choice in field.get("choices") or ():
        if choice["value"] == value:
            return words_of(choice, "label", language)
    write = _WAYS.get(field.get("type", ""), str)
    return Text(write(str(value)), language)


def words_of(entry: Mapping[str, Any], what: str, language: Language) -> Text:
    """Give a label or name of the catalogue; its Vietnamese where it has no other."""
    if language == "en" and entry.get(f"{what}_en"):
        return Text(str(entry[f"{what}_en"]), "en")
    return Text(str(entry[f"{what}_vi"]), "vi")

"""What a field may hold, and the bounds that a change keeps.

Devices ask before they say "saved"; the office asks before a change has any effect. The answer is
a sentence about the fault that names no value, so it may stand in a log.
"""

from collections.abc import Collection, Sequence
from itertools import filterfalse
from typing import Any, Final
from unicodedata import is_normalized

from sync.field_names import FIELD_NAMES
from sync.limits import (
    FIELD_NAME_CHARACTERS_MAX,
    INTEGER_MAX,
    TEXT_CHARACTERS_MAX,
    VALUE_DEPTH_MAX,
    VALUE_ITEMS_MAX,
)

# How a value reads that was erased by law. Nobody may write it, or it would prove nothing.
ERASED: Final = {"erased": True}

_NAME_CHARACTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-"

# Nearly all names that come; to find one here costs less than to look at its letters.
_is_known: Final = frozenset(FIELD_NAMES).__contains__


def are_field_names(names: Collection[str]) -> bool:
    """Tell whether these name fields: plain ASCII, so that both languages sort them alike."""
    # Rows of a form have names by chance; they are looked at all in one.
    unknown = list(filterfalse(_is_known, names))
    joined = "".join(unknown)
    if not joined.isascii() or "" in unknown:
        return False
    if joined.encode().translate(None, _NAME_CHARACTERS):
        return False  # something else is left of it
    return max(map(len, unknown), default=0) <= FIELD_NAME_CHARACTERS_MAX


_TEXT_OR_YES_OR_NO: Final = frozenset({str, bool})


def find_fault(value: Any, depth: int = 1) -> str | None:  # noqa: ANN401 - judges anything
    """Say what keeps this from being the value of a field; nothing if it may be one."""
    match value:
        case None | bool():
            return None
        case str():
            return _find_text_fault(value)
        case int():
            return None if -INTEGER_MAX <= value <= INTEGER_MAX else "a number over 2^53"
        case bytes():
            return None if len(value) <= TEXT_CHARACTERS_MAX else "bytes over the limit"
        case list() | dict():
            if value == ERASED and depth == 1:
                return "a value that reads as erased"
            return _find_nested_fault(value, depth)
        case _:
            return f"a {type(value).__name__}"


def find_any_fault(values: Sequence[Any]) -> str | None:
    """Say what keeps one of these from being the value of a field; nothing if all may be."""
    # Nearly all are short texts, and looking at them joined costs a fifth (measured). A line break
    # composes with nothing, so together they are NFC if each one is.
    texts = [value for value in values if type(value) is str]
    if _find_text_fault("\n".join(texts)) is None:
        values = [value for value in values if type(value) not in _TEXT_OR_YES_OR_NO]
    return next((fault for value in values if (fault := find_fault(value))), None)


def _find_text_fault(text: str) -> str | None:
    if len(text) > TEXT_CHARACTERS_MAX:
        return "a text over the limit"
    if "\0" in text:
        return "a text with NUL"
    # Lone surrogates never get here: they have no UTF-8.
    return None if is_normalized("NFC", text) else "a text that is not NFC"


def _find_nested_fault(value: list[Any] | dict[Any, Any], depth: int) -> str | None:
    if depth >= VALUE_DEPTH_MAX:
        return "a value nested too deep"
    if len(value) > VALUE_ITEMS_MAX:
        return "a list over the limit"
    if isinstance(value, list):
        parts: list[Any] = value
    else:
        if not all(isinstance(key, str) for key in value):
            return "a map with keys that are not text"
        parts = [*value.keys(), *value.values()]
    return next((fault for part in parts if (fault := find_fault(part, depth + 1))), None)

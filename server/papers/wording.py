"""The words of an official form, and the answers that stand in it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from server.dossiers.reading import ANSWER

_WORDS: Final = Path(__file__).parents[2] / "pwa" / "src" / "words"


def say(form: str, word: str, **facts: object) -> str:
    """Give a sentence of a form, `<form>.vi.json`: Vietnamese alone, as the law has it."""
    return _words(form)[word].format_map(facts)


def text_of(values: Mapping[str, Any], field: str) -> str:
    """Give the answer to a question as it was written; nothing where it is no text."""
    value = values.get(f"{ANSWER}{field}")
    return value if isinstance(value, str) else ""


@cache
def _words(form: str) -> Mapping[str, str]:
    return msgspec.json.decode((_WORDS / f"{form}.vi.json").read_bytes(), type=dict[str, str])

"""What the desk says, in Vietnamese and English: one flat list of sentences for each language.

The lists lie with the words of the field app, `pwa/src/words/desk.{vi,en}.json`, so that whoever
translates finds all of them in one folder.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

Language = Literal["vi", "en"]

FOLDER: Final = Path(__file__).parents[2] / "pwa" / "src" / "words"
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
FIRST: Final[Language] = "vi"


def language_named(name: str | None) -> Language:
    """Give the language of a cookie or a form; whatever is not one of ours is the first."""
    return "en" if name == "en" else FIRST


@cache
def sentences(language: Language) -> Mapping[str, str]:
    """Read the list of one language, once."""
    return msgspec.json.decode((FOLDER / f"desk.{language}.json").read_bytes(), type=dict[str, str])


def say(language: Language, key: str, /, **facts: object) -> str:
    """Give a sentence with its facts put in; an unknown key is our own mistake (KeyError)."""
    sentence = sentences(language)[key]
    return sentence.format_map(facts) if facts else sentence

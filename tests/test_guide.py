"""The guide for staff says what the screens say, and shows what the stories took."""

import json
import re
from typing import Final

import pytest

from tests.stories.guide import GUIDE, named, story_of
from tests.stories.office import REPOSITORY

TEXT: Final = GUIDE.read_text("utf-8")
WORDS: Final = {
    words
    for name in ("app", "push", "shared", "greeting", "printing", "damage", "handing")
    for words in json.loads(
        (REPOSITORY / f"pwa/src/words/{name}.vi.json").read_text("utf-8")
    ).values()
}


@pytest.mark.parametrize("quoted", sorted(set(re.findall(r"«([^»…]+)»", TEXT))))
def test_what_it_quotes_stands_on_a_screen(quoted: str) -> None:
    assert " ".join(quoted.split()) in WORDS


@pytest.mark.parametrize("name", named())
def test_a_picture_is_there_and_a_story_takes_it(name: str) -> None:
    assert (GUIDE.parent / "pictures" / f"{name}.png").is_file()
    assert story_of(name) is not None

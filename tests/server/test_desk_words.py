"""The two languages of the desk say the same things."""

import re
from string import Formatter

from server.desk.words import FOLDER, sentences

USED = re.compile(r'say\(\s*[\'"](desk\.[a-z0-9_.]+)[\'"]\s*[,)]')


def places_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_lists_have_the_same_keys() -> None:
    assert list(sentences("vi")) == list(sentences("en"))


def test_both_lists_ask_for_the_same_facts() -> None:
    for key, sentence in sentences("vi").items():
        assert places_of(sentence) == places_of(sentences("en")[key]), key


def test_every_key_that_a_page_names_is_there() -> None:
    server = FOLDER.parents[2] / "server"
    files = [*server.glob("*/*.html"), *server.glob("*/*.py")]
    named = {key for path in files for key in USED.findall(path.read_text("utf-8"))}

    assert len(named) > 80
    assert named <= set(sentences("vi"))

"""docs/field-app.md says which rule of the screens is kept and which test shows it: held to it."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROWS = re.findall(
    r"^\| (\d+) \| [^|]+ \| ([a-z ]+) \|([^|]*)\|$",
    (REPOSITORY / "docs/field-app.md").read_text("utf-8"),
    re.MULTILINE,
)

RULES = [
    *(*range(1, 7), *range(10, 17), *range(20, 23), *range(25, 30), *range(30, 47)),
    *(*range(50, 59), *range(60, 66), *range(70, 75), *range(80, 87), *range(90, 93)),
]
"""The numbers that the design has given out; the gaps are its own."""

ELSEWHERE = {*range(20, 30), *range(50, 54), *range(55, 58)}
"""Rules of the desk and of the public pages."""


def test_every_rule_has_its_row() -> None:
    assert [int(number) for number, _, _ in ROWS] == RULES


@pytest.mark.parametrize(("number", "state", "where"), ROWS)
def test_a_rule_that_is_called_kept_is_named_by_its_tests(
    number: str, state: str, where: str
) -> None:
    named = re.findall(r"`((?:tests|pwa/tests)/[^`]+)`", where)
    if int(number) in ELSEWHERE:
        assert state in ("desk", "public")
    elif state in ("partly", "not kept", "looked at"):
        assert where.strip(), "a reason"
    else:
        assert state == "kept"
        assert named
    for name in named:
        text = (REPOSITORY / name).read_text("utf-8")
        assert re.search(rf"\bUX-{number}\b", text), name

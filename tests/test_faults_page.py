"""docs/faults.md says of every fault which tests show it; here it is held to its word."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROWS = re.findall(
    r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$",
    (REPOSITORY / "docs/faults.md").read_text("utf-8"),
    re.MULTILINE,
)


def test_every_fault_has_its_row() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 63))


@pytest.mark.parametrize(("number", "where"), [(number, where) for number, _, where in ROWS])
def test_what_is_named_for_a_fault_names_it(number: str, where: str) -> None:
    named = re.findall(r"`([^`]+)`", where)
    if where.startswith("later"):
        assert not named
        return
    assert named
    for name in named:
        text = (REPOSITORY / name).read_text("utf-8")
        assert re.search(rf"(FAULT-|fault_){number}\b", text), name

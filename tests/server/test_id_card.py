"""What a card's QR code says is one thing in the browser and at the office: the same vectors."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from server.procedures.id_card import IdCard, facts_of_number, read_card

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "id_card.json").read_text(encoding="utf-8")
)
CODES = [(one["text"], one["reading"]) for one in VECTORS["codes"]]
NUMBERS = [(one["number"], one["facts"]) for one in VECTORS["numbers"]]


@pytest.mark.parametrize(("text", "reading"), CODES, ids=[one["case"] for one in VECTORS["codes"]])
def test_it_reads_a_code_as_the_field_app_does(text: str, reading: dict[str, Any]) -> None:
    """UX-85: tolerant of what readers and years have made of cards."""
    read = read_card(text)

    said = {"kind": "card", **asdict(read)} if isinstance(read, IdCard) else {"kind": read}
    assert said == reading


@pytest.mark.parametrize(("number", "facts"), NUMBERS)
def test_a_number_tells_sex_and_year(number: str, facts: dict[str, Any] | None) -> None:
    read = facts_of_number(number)

    assert (asdict(read) if read else None) == facts

"""UX-80: search without tone marks is one thing in browser and office: the same vectors."""

import json
from pathlib import Path

import pytest

from server.dossiers.projection import fold_text

VECTORS = Path(__file__).parents[1] / "vectors" / "folding.json"
CASES = [(case["text"], case["folded"]) for case in json.loads(VECTORS.read_text("utf-8"))["cases"]]


@pytest.mark.parametrize(("text", "folded"), CASES)
def test_it_folds_as_the_field_app_does(text: str, folded: str) -> None:
    assert fold_text(text) == folded

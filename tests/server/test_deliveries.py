"""How far a result is that somebody takes along: the rule that the phone has too."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.fieldwork import deliveries
from server.fieldwork.deliveries import counts_differ, is_on_the_way, is_open, step_of

CASES: list[dict[str, Any]] = json.loads(
    Path(deliveries.__file__).with_suffix(".json").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["said"]))
def test_a_delivery_is_as_far_as_both_sides_say(case: dict[str, Any]) -> None:
    said = case["said"]

    found = {
        "step": step_of(said),
        "on_the_way": is_on_the_way(said),
        "open": is_open(said),
        "differs": counts_differ(said),
    }
    assert {"said": said, **found} == case

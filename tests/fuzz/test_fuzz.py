"""Thousands of hostile requests: no 500, no hang over five seconds, memory bounded.

FAULT-29, FAULT-55, FAULT-58, FAULT-59: bits flipped on the way, offsets that do not fit, text that
is none, numbers and nesting without end.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis.core.result import Ok

from tests.fuzz.run import fuzz, office_under_fire
from tests.fuzz.shot import SECONDS_MAX, Tally
from tests.fuzz.surface import openapi_of
from tests.fuzz.target import Target

AnyCase = schemathesis.Case[Any]

# On SQLite and on PostgreSQL together; the long run is `python -m tests.fuzz --requests 200000`.
REQUESTS = 2_200
EXAMPLES_A_DOOR = 20
GROWTH_MAX = 3.0


@pytest.fixture
def target(database_url: str, tmp_path: Path) -> Iterator[Target]:
    with office_under_fire(tmp_path, database_url) as aimed:
        yield aimed


def test_no_hostile_request_breaks_the_office(target: Target, database_kind: str) -> None:
    before = target.resident_bytes()

    tally = fuzz(target, seed=1 if database_kind == "sqlite" else 2, requests=REQUESTS)

    assert tally.faults == []
    assert tally.requests == REQUESTS
    assert target.resident_bytes() < GROWTH_MAX * before
    _assert_deep(tally)
    assert "Traceback" not in target.office.log


def _assert_deep(tally: Tally) -> None:
    """Pass if enough got past the first check: a fuzzer that only knocks proves nothing."""
    assert tally.deep("signed", 200) >= 20
    assert tally.deep("change", 200) >= 100
    assert tally.deep("tus", 201, 204, 409, 413, 460) >= 20
    assert tally.deep("form", 200, 303, 404) >= 50
    assert tally.deep("address", 200) >= 5


def test_whatever_the_schema_allows_is_answered(target: Target) -> None:
    """Schemathesis on every page and JSON door: what fits the schema, and what does not."""
    schema = schemathesis.openapi.from_dict(openapi_of(target.routes, target.fields))
    schema.config.update(base_url=f"http://127.0.0.1:{target.office.port}")
    doors = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(doors) > 20
    for door in doors:
        if door.path not in ("/desk/events", "/desk/sign-in"):
            _try_door(target, door.as_strategy())
    assert "Traceback" not in target.office.log


def _try_door(target: Target, cases: hypothesis.strategies.SearchStrategy[AnyCase]) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES_A_DOOR,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: AnyCase) -> None:
        answer = case.call(
            headers={"Cookie": target.session["cookie"]},
            allow_redirects=False,
            timeout=SECONDS_MAX,
        )
        honest = answer.status_code in (503, 507) and "retry-after" in answer.headers
        assert answer.status_code < 500 or honest, (case.method, case.path, answer.status_code)

    ask()

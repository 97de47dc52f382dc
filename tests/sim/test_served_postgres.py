"""The real office on PostgreSQL: a few worlds of level B, in which much happens."""

from unittest.mock import patch

import pytest

from tests.sim.run import run_seed
from tests.sim.served.level import LEVEL as ON_SQLITE
from tests.sim.served.office import Place
from tests.sim.served.on_postgres import LEVEL
from tests.sim.served.troubles import Troubles


@pytest.mark.parametrize("seed", [22, 26])
def test_every_promise_is_kept(seed: int) -> None:
    outcome = run_seed(seed, LEVEL)

    assert not outcome.invariant, f"seed {seed}: {outcome.invariant}: {outcome.fact}"


@pytest.mark.parametrize("seed", [7, 12])
def test_a_world_goes_the_same_way_on_both_databases(seed: int) -> None:
    """As long as nothing strikes the office at a statement: it says others to each."""
    with patch.object(Place, "troubles", _none):
        on_postgres, on_sqlite = run_seed(seed, LEVEL), run_seed(seed, ON_SQLITE)

    assert not on_postgres.invariant
    assert on_postgres.trace_hash == on_sqlite.trace_hash


def _none(_place: Place, _drawn: Troubles) -> Troubles:
    return Troubles.none()

"""The real office in worlds that go wrong: level B of the simulation."""

import os
from contextlib import ExitStack

import pytest

from tests.sim.level import planted
from tests.sim.promises import KeepsItsPromises
from tests.sim.run import run_seed
from tests.sim.served.level import LEVEL
from tests.sim.served.mutants import CAUGHT_IN

SEEDS = int(os.environ.get("LUUDONG_SERVED_SEEDS", "120"))
MUTANT_SEEDS = range(1, SEEDS + 1)


class TestTheRealOffice(KeepsItsPromises):
    LEVEL = LEVEL
    SEEDS = SEEDS


def test_a_seed_is_one_world_whatever_the_office_draws_at_random() -> None:
    first, again = (run_seed(95, LEVEL).choices for _ in range(2))

    assert first == again


@pytest.mark.parametrize("name", LEVEL.mutants)
def test_a_bug_planted_in_the_office_is_caught(name: str) -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, name):
            bug.enter_context(plant)
        # By a promise that it breaks, not because the bug itself falls over.
        seeds_tried = [CAUGHT_IN.get(name, 1), *MUTANT_SEEDS]
        caught = any(run_seed(seed, LEVEL).invariant not in ("", "error") for seed in seeds_tried)

    assert caught, f"{len(MUTANT_SEEDS)} worlds let it live: {name}"

"""The whole protocol in worlds that go wrong, many at a time, each made of one seed."""

import os
from contextlib import ExitStack

import pytest

from tests.sim.chance import Chance
from tests.sim.level import planted
from tests.sim.mutants import CAUGHT_IN
from tests.sim.promises import KeepsItsPromises
from tests.sim.pure import LEVEL
from tests.sim.run import run, run_choices, run_seed
from tests.sim.shrinking import Shrinking

SEEDS = int(os.environ.get("LUUDONG_SIMULATED_SEEDS", "3480"))
MUTANT_SEEDS = range(1, 301)


class TestTheSameWorlds(KeepsItsPromises):
    LEVEL = LEVEL
    SEEDS = SEEDS
    PART = slice(None, SEEDS // 2)


class TestNewWorlds(KeepsItsPromises):
    LEVEL = LEVEL
    SEEDS = SEEDS
    PART = slice(SEEDS // 2, None)


def test_signatures_are_real_in_some_worlds() -> None:
    real, quick = (
        run(Chance.of_seed(3), LEVEL, is_real=is_real, is_loud=False) for is_real in (True, False)
    )

    assert real.invariant == ""
    assert real.events == quick.events


@pytest.mark.parametrize("name", LEVEL.mutants)
def test_a_planted_bug_is_caught(name: str) -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, name):
            bug.enter_context(plant)
        seeds_tried = [CAUGHT_IN.get(name, 1), *MUTANT_SEEDS]
        caught = any(run_seed(seed, LEVEL).invariant for seed in seeds_tried)

    assert caught, f"{len(MUTANT_SEEDS)} worlds let it live: {name}"


def test_a_failing_world_shrinks_to_a_small_one_that_breaks_the_same_promise() -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, "nothing is put back"):
            bug.enter_context(plant)
        failure = next(found for seed in MUTANT_SEEDS if (found := run_seed(seed, LEVEL)).invariant)
        small = Shrinking(failure, LEVEL, runs_max=400).shrink()
        again = run_choices(small.choices, LEVEL)

    assert small.invariant == failure.invariant == again.invariant
    assert len(small.choices) < len(failure.choices) / 2
    assert small.events < failure.events

"""The real office in worlds that go wrong: level B of the simulation."""

import os
from contextlib import ExitStack

import pytest

from tests.sim.level import planted
from tests.sim.reach import never_reached
from tests.sim.run import run_choices, run_seed
from tests.sim.served.level import LEVEL
from tests.sim.sweep import Sweep, sweep, told
from tests.sim.test_simulation import seeds

SEEDS = int(os.environ.get("LUUDONG_SERVED_SEEDS", "120"))
MUTANT_SEEDS = range(1, SEEDS + 1)


@pytest.fixture(scope="module")
def worlds() -> Sweep:
    return sweep(seeds(SEEDS), LEVEL)


def test_the_real_office_keeps_every_promise_in_every_world(worlds: Sweep) -> None:
    print(f"{worlds.seeds} seeds, {worlds.events} events, {worlds.exchanges} exchanges to heal")

    assert not worlds.failures, "\n\n".join(
        told(seed, outcome, LEVEL) for seed, outcome in worlds.failures.items()
    )


def test_every_fault_and_every_rare_branch_has_occurred(worlds: Sweep) -> None:
    assert never_reached(worlds.reached, LEVEL.must_happen) == []


def test_some_worlds_were_run_twice_and_went_the_same_way(worlds: Sweep) -> None:
    assert worlds.twice > 0
    assert "determinism" not in {outcome.invariant for outcome in worlds.failures.values()}


def test_a_list_of_choices_replays_the_world_that_made_it() -> None:
    first = run_seed(2, LEVEL)
    again = run_choices(first.choices, LEVEL)

    assert again.trace_hash == first.trace_hash


@pytest.mark.parametrize("name", LEVEL.mutants)
def test_a_bug_planted_in_the_office_is_caught(name: str) -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, name):
            bug.enter_context(plant)
        # By a promise that it breaks, not because the bug itself falls over.
        caught = any(run_seed(seed, LEVEL).invariant not in ("", "error") for seed in MUTANT_SEEDS)

    assert caught, f"{len(MUTANT_SEEDS)} worlds let it live: {name}"

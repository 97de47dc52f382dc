"""The whole protocol in worlds that go wrong, many at a time, each made of one seed."""

import os
from contextlib import ExitStack

import pytest

from tests.sim.chance import Chance
from tests.sim.level import planted
from tests.sim.pure import LEVEL
from tests.sim.reach import never_reached
from tests.sim.run import run, run_choices, run_seed
from tests.sim.shrinking import Shrinking
from tests.sim.sweep import Sweep, sweep, told

SEEDS = int(os.environ.get("LUUDONG_SIMULATED_SEEDS", "500"))
"""Half of them are always the same; the other half follow the commit, if it is named."""

COMMIT = os.environ.get("LUUDONG_SIMULATED_COMMIT", "")
MUTANT_SEEDS = range(1, 301)


def seeds(count: int) -> list[int]:
    fixed = range(1, count // 2 + 1)
    first = 10_000 + 1_000 * (int(COMMIT[:12], 16) % 1_000_000_000) if COMMIT else count // 2 + 1
    return [*fixed, *range(first, first + count - len(fixed))]


@pytest.fixture(scope="module")
def worlds() -> Sweep:
    return sweep(seeds(SEEDS), LEVEL)


def test_every_promise_is_kept_in_every_world(worlds: Sweep) -> None:
    print(f"{worlds.seeds} seeds, {worlds.events} events, {worlds.exchanges} exchanges to heal")

    assert not worlds.failures, "\n\n".join(
        told(seed, outcome, LEVEL) for seed, outcome in worlds.failures.items()
    )


def test_every_fault_and_every_rare_branch_has_occurred(worlds: Sweep) -> None:
    assert never_reached(worlds.reached, LEVEL.must_happen) == []


def test_some_seeds_were_run_twice_and_went_the_same_way(worlds: Sweep) -> None:
    assert worlds.twice > 0
    assert "determinism" not in {outcome.invariant for outcome in worlds.failures.values()}


def test_signatures_are_real_in_some_worlds() -> None:
    real, quick = (
        run(Chance.of_seed(3), LEVEL, is_real=is_real, is_loud=False) for is_real in (True, False)
    )

    assert real.invariant == ""
    assert real.events == quick.events


def test_a_list_of_choices_replays_the_world_that_made_it() -> None:
    first = run_seed(7, LEVEL)
    again = run_choices(first.choices, LEVEL)

    assert again.trace_hash == first.trace_hash


@pytest.mark.parametrize("name", LEVEL.mutants)
def test_a_planted_bug_is_caught(name: str) -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, name):
            bug.enter_context(plant)
        caught = any(run_seed(seed, LEVEL).invariant for seed in MUTANT_SEEDS)

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

"""Level C: the field app's own engine, in worlds that go wrong."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sim.chance import Chance
from tests.sim.engine.host import Bug, bundle
from tests.sim.engine.level import LEVEL
from tests.sim.engine.mutants import CAUGHT_IN
from tests.sim.level import planted
from tests.sim.reach import never_reached
from tests.sim.run import run, run_choices, run_seed
from tests.sim.sweep import Sweep, sweep, told
from tests.sim.test_simulation import seeds

SEEDS = int(os.environ.get("LUUDONG_ENGINE_SEEDS", "100"))
MUTANT_SEEDS = range(1, 301)


@pytest.fixture(scope="module", autouse=True)
def process() -> Iterator[None]:
    yield
    LEVEL.host.close()


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


def test_signatures_may_be_real() -> None:
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
def test_a_bug_in_the_engine_is_caught(name: str) -> None:
    with ExitStack() as bug:
        for plant in planted(LEVEL, name):
            bug.enter_context(plant)
        seeds_tried = [CAUGHT_IN.get(name, 1), *MUTANT_SEEDS]
        caught = any(run_seed(seed, LEVEL).invariant for seed in seeds_tried)
        LEVEL.host.close()

    assert caught, f"{len(MUTANT_SEEDS)} worlds let it live: {name}"


def test_a_bug_that_finds_no_place_is_not_taken_for_planted(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="does not hold once"):
        bundle(str(tmp_path), [Bug("sync/clock.ts", "no such line", "")])

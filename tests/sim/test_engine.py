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
from tests.sim.promises import KeepsItsPromises
from tests.sim.run import run, run_seed

SEEDS = int(os.environ.get("LUUDONG_ENGINE_SEEDS", "100"))
MUTANT_SEEDS = range(1, 301)


@pytest.fixture(scope="module", autouse=True)
def process() -> Iterator[None]:
    yield
    LEVEL.host.close()


class TestTheEngine(KeepsItsPromises):
    LEVEL = LEVEL
    SEEDS = SEEDS


def test_signatures_may_be_real() -> None:
    real, quick = (
        run(Chance.of_seed(3), LEVEL, is_real=is_real, is_loud=False) for is_real in (True, False)
    )

    assert real.invariant == ""
    assert real.events == quick.events


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

"""What holds at every level of the simulation; each level inherits it, with worlds of its own."""

import os

import pytest

from tests.sim.level import Level
from tests.sim.reach import never_reached
from tests.sim.run import run_choices, run_seed
from tests.sim.sweep import Sweep, sweep, told

COMMIT = os.environ.get("LUUDONG_SIMULATED_COMMIT", "")
"""Half of the seeds are always the same; the other half follow the commit, if it is named."""


def seeds(count: int) -> list[int]:
    fixed = range(1, count // 2 + 1)
    first = 10_000 + 1_000 * (int(COMMIT[:12], 16) % 1_000_000_000) if COMMIT else count // 2 + 1
    return [*fixed, *range(first, first + count - len(fixed))]


class KeepsItsPromises:
    """The worlds of one level, run once for all of these."""

    LEVEL: Level
    SEEDS: int
    PART = slice(None)
    """Which of them, where they are so many that two workers share them."""

    @pytest.fixture(scope="class")
    @classmethod
    def worlds(cls) -> Sweep:
        return sweep(seeds(cls.SEEDS)[cls.PART], cls.LEVEL)

    def test_every_promise_is_kept_in_every_world(self, worlds: Sweep) -> None:
        print(f"{worlds.seeds} seeds, {worlds.events} events, {worlds.exchanges} exchanges to heal")

        assert not worlds.failures, "\n\n".join(
            told(seed, outcome, self.LEVEL) for seed, outcome in worlds.failures.items()
        )

    def test_every_fault_and_every_rare_branch_has_occurred(self, worlds: Sweep) -> None:
        assert never_reached(worlds.reached, self.LEVEL.must_happen) == []

    def test_some_worlds_were_run_twice_and_went_the_same_way(self, worlds: Sweep) -> None:
        assert worlds.twice > 0
        assert "determinism" not in {outcome.invariant for outcome in worlds.failures.values()}

    def test_a_list_of_choices_replays_the_world_that_made_it(self) -> None:
        first = run_seed(7, self.LEVEL)
        again = run_choices(first.choices, self.LEVEL)

        assert again.trace_hash == first.trace_hash

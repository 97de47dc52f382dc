"""`python -m tests.sim`: run seeds, replay one, shrink one, or count what catches planted bugs."""

import argparse
import math
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import count

from tests.sim.level import MODULES, Level, level_named, planted
from tests.sim.reach import never_reached
from tests.sim.run import run_choices, run_seed
from tests.sim.shrinking import Shrinking
from tests.sim.sweep import sweep, told


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; give 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("--level", choices=MODULES, default="A", help="how much of it is real")
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--minutes", type=float, help="how long, instead of how many")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first of them")
    parser.add_argument("--seed", type=int, help="run this one alone")
    parser.add_argument("--verbose", action="store_true", help="print every event")
    parser.add_argument("--shrink", type=int, metavar="SEED", help="make a failure smaller")
    parser.add_argument("--mutants", action="store_true", help="count failures per planted bug")
    asked = parser.parse_args(arguments)
    level = level_named(asked.level)
    if asked.shrink is not None:
        return shrink(asked.shrink, level)
    if asked.seed is not None:
        return replay(asked.seed, level, is_loud=asked.verbose)
    seeds = range(asked.first, asked.first + asked.seeds)
    if asked.mutants:
        return count_mutants(seeds, level)
    if asked.minutes is not None:
        return run(count(asked.first), level, asked.minutes)
    return run(seeds, level)


def run(seeds: Iterable[int], level: Level, minutes: float = math.inf) -> int:
    """Run seeds and say how it went."""
    begin = time.perf_counter()
    whole = sweep(seeds, level, minutes)
    took = time.perf_counter() - begin
    for seed, outcome in whole.failures.items():
        print(told(seed, outcome, level), end="\n\n")
    print(
        f"level {level.name}: {whole.seeds} seeds in {took:.1f} s ({whole.seeds / took:.1f}/s), "
        f"{whole.events} events, {whole.exchanges} exchanges to heal, {whole.twice} run twice; "
        f"go on with --from {whole.last + 1}"
    )
    missing = never_reached(whole.reached, level.must_happen)
    print(f"{len(whole.failures)} failures; never reached: {', '.join(missing) or 'nothing'}")
    return 1 if whole.failures or missing else 0


def replay(seed: int, level: Level, *, is_loud: bool) -> int:
    """Run one seed and say how it ended."""
    outcome = run_seed(seed, level, is_loud=is_loud)
    if outcome.invariant:
        print(told(seed, outcome, level))
        return 1
    print(f"seed {seed}: every promise kept in {outcome.events} events")
    return 0


def shrink(seed: int, level: Level) -> int:
    """Make the failure of a seed small and print what is left of it."""
    failure = run_seed(seed, level)
    if not failure.invariant:
        print(f"seed {seed} breaks nothing")
        return 0
    shrinking = Shrinking(failure, level)
    small = shrinking.shrink()
    run_choices(small.choices, level, is_loud=True)
    print(
        f"{small.invariant}: {small.fact}\n{len(failure.choices)} choices down to "
        f"{len(small.choices)} in {shrinking.runs} runs:\n{list(small.choices)}"
    )
    return 1


def count_mutants(seeds: range, level: Level) -> int:
    """Count in how many seeds each planted bug is caught."""
    alive = 0
    for name in level.mutants:
        with ExitStack() as bug:
            for plant in planted(level, name):
                bug.enter_context(plant)
            failures = sweep(seeds, level).failures.values()
        kinds = sorted({outcome.invariant for outcome in failures})
        print(f"{name:36} {len(failures):4} of {len(seeds)} {' '.join(kinds)}", flush=True)
        alive += not failures
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

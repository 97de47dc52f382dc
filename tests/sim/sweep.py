"""Many seeds, one after the other: what happened in all of them, and which broke a promise."""

import gc
import math
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.sim.level import Level
from tests.sim.run import TWICE_EVERY, Outcome, run_seed

# So many per run sign for real, so many are run twice: each in its own remainder.
TWICE_REMAINDER = 50
# After how many new objects garbage is looked for among the youngest, and so on to the oldest.
SELDOM = (200_000, 10, 50)


@dataclass
class Sweep:
    """What came of many seeds."""

    level: Level
    seeds: int = 0
    events: int = 0
    exchanges: int = 0
    twice: int = 0
    last: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    failures: dict[int, Outcome] = field(default_factory=dict)

    def add(self, seed: int) -> None:
        """Run one more seed; one in a hundred twice, to see that both are one run."""
        outcome = run_seed(seed, self.level)
        self.seeds += 1
        self.last = seed
        self.events += outcome.events
        self.exchanges += outcome.exchanges
        self.reached += outcome.reached
        if outcome.invariant:
            self.failures[seed] = outcome
        if seed % TWICE_EVERY == TWICE_REMAINDER:
            self.twice += 1
            again = run_seed(seed, self.level)
            if (again.trace_hash, again.choices) != (outcome.trace_hash, outcome.choices):
                again.invariant, again.fact = "determinism", "two runs of one seed differ"
                self.failures[seed] = again


def sweep(seeds: Iterable[int], level: Level, minutes: float = math.inf) -> Sweep:
    """Run seeds, as many as there are or there is time for."""
    whole = Sweep(level)
    end = time.monotonic() + 60 * minutes
    with _collecting_seldom():
        for seed in seeds:
            whole.add(seed)
            if time.monotonic() > end:
                break
    return whole


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let garbage lie a little: a world is gone soon, and to look through it costs 6 % of it.

    What was there before the first world stays, and is not looked through at all.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def told(seed: int, outcome: Outcome, level: Level) -> str:
    """Say of a failure what one needs to look into it."""
    command = f"python -m tests.sim --level {level.name}"
    return "\n".join(
        [
            *outcome.last_events,
            f"seed {seed} of level {level.name} breaks {outcome.invariant}: {outcome.fact}",
            f"commit: {commit()}",
            f"replay: {command} --seed {seed} --verbose",
            f"smaller: {command} --shrink {seed}",
        ]
    )


def commit() -> str:
    """Name the commit that is checked out, if there is one."""
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"

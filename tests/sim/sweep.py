"""Many seeds, one after the other: what happened in all of them, and which broke a promise."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.sim.run import TWICE_EVERY, Outcome, run_seed

# So many per run sign for real, so many are run twice: each in its own remainder.
TWICE_REMAINDER = 50


@dataclass
class Sweep:
    """What came of many seeds."""

    seeds: int = 0
    events: int = 0
    exchanges: int = 0
    twice: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    failures: dict[int, Outcome] = field(default_factory=dict)

    def add(self, seed: int) -> None:
        """Run one more seed; one in a hundred twice, to see that both are one run."""
        outcome = run_seed(seed)
        self.seeds += 1
        self.events += outcome.events
        self.exchanges += outcome.exchanges
        self.reached += outcome.reached
        if outcome.invariant:
            self.failures[seed] = outcome
        if seed % TWICE_EVERY == TWICE_REMAINDER:
            self.twice += 1
            again = run_seed(seed)
            if again.trace_hash != outcome.trace_hash:
                again.invariant, again.fact = "determinism", "two runs of one seed differ"
                self.failures[seed] = again


def sweep(seeds: Iterable[int]) -> Sweep:
    """Run seeds."""
    whole = Sweep()
    for seed in seeds:
        whole.add(seed)
    return whole


def told(seed: int, outcome: Outcome) -> str:
    """Say of a failure what one needs to look into it."""
    return "\n".join(
        [
            *outcome.last_events,
            f"seed {seed} breaks {outcome.invariant}: {outcome.fact}",
            f"replay: python -m tests.sim --seed {seed} --verbose",
            f"smaller: python -m tests.sim --shrink {seed}",
        ]
    )

"""Makes the world of a failure small: shorter lists of choices that break the same promise.

Zeros are the calmest choices, so a block of zeros is as good as a block cut out, and it leaves
what follows where it was.
"""

from collections.abc import Callable, Sequence

from tests.sim.level import Level
from tests.sim.run import Outcome, run_choices

RUNS_MAX = 1_500


class Shrinking:
    """One failure on its way to a smaller one. `best` is the smallest so far."""

    def __init__(
        self,
        failure: Outcome,
        level: Level,
        *,
        runs_max: int = RUNS_MAX,
    ) -> None:
        self.best = failure
        self.runs, self.runs_max = 0, runs_max
        self._invariant = failure.invariant
        self._level = level

    def shrink(self) -> Outcome:
        """Cut the tail, calm blocks, cut blocks; until nothing helps, or it has taken too long."""
        while self.runs < self.runs_max:
            before = list(self.best.choices)
            self._cut_tail()
            self._try_blocks(lambda block: [0] * len(block))
            self._try_blocks(lambda _: [])
            if list(self.best.choices) == before:
                break
        return self.best

    def _cut_tail(self) -> None:
        size = len(self.best.choices) // 2
        while size:
            if not self._keeps(list(self.best.choices)[:-size]):
                size //= 2

    def _try_blocks(self, instead: Callable[[Sequence[int]], list[int]]) -> None:
        size = len(self.best.choices) // 2
        while size:
            place = 0
            while place < len(self.best.choices) and self.runs < self.runs_max:
                choices = list(self.best.choices)
                block = choices[place : place + size]
                tried = [*choices[:place], *instead(block), *choices[place + size :]]
                if tried == choices or not self._keeps(tried) or instead(block):
                    place += size
            size //= 2

    def _keeps(self, choices: Sequence[int]) -> bool:
        if self.runs >= self.runs_max or len(choices) > len(self.best.choices):
            return False
        self.runs += 1
        outcome = run_choices(choices, self._level)
        if outcome.invariant != self._invariant:
            return False
        # What a world draws after the list has run out are zeros: they need not be kept.
        made = list(outcome.choices)[: len(choices)]
        outcome.choices = made
        self.best = outcome
        return True

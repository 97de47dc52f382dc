"""All chance of a simulated world, as one list of choices that can be replayed and cut.

1. The same seed, or the same list, gives the same world.
2. A choice of 0 is the calmest one: no fault, the first of several. A list that has run out goes
   on with zeros, so whatever is cut from a failing run leaves a world that ends.
"""

import random
from collections.abc import Sequence
from typing import Self, TypeVar

T = TypeVar("T")

PER_MILLE = 1000


class Chance:
    """Draws choices, from a seed or from a list, and keeps what it drew in `made`."""

    def __init__(self, source: random.Random | None, given: Sequence[int]) -> None:
        self._source = source
        self._drawn = source.random if source else None
        self._given = given
        self._seed = 0
        self.made: list[int] = []

    @classmethod
    def of_seed(cls, seed: int) -> Self:
        """Draw from a seed, without end."""
        chance = cls(random.Random(seed), ())
        chance._seed = seed
        return chance

    @classmethod
    def of_list(cls, choices: Sequence[int]) -> Self:
        """Draw from a list that was made before."""
        return cls(None, choices)

    def beside(self, name: str) -> Self:
        """Give chance of its own for something new, so that what is drawn here stays as it was.

        What it draws is kept in the same list, in the order of drawing.
        """
        drawn = None if self._source is None else random.Random(f"{name} {self._seed}")
        chance = type(self)(drawn, self._given)
        chance.made = self.made
        return chance

    @property
    def is_exhausted(self) -> bool:
        """Tell whether the list has run out."""
        return self._source is None and len(self.made) >= len(self._given)

    def below(self, bound: int) -> int:
        """Choose one of 0, 1 … bound - 1."""
        if self._drawn is not None:
            choice = int(self._drawn() * bound)
        else:
            place = len(self.made)
            choice = self._given[place] % bound if place < len(self._given) else 0
        self.made.append(choice)
        return choice

    def happens(self, per_mille: int) -> bool:
        """Let something happen in so many of a thousand cases; what never happens costs nothing."""
        return per_mille > 0 and self.below(PER_MILLE) >= PER_MILLE - per_mille

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of several."""
        return options[self.below(len(options))]

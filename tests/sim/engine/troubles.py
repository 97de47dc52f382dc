"""What befalls only a phone that runs the real engine, and how often, per mille."""

from dataclasses import dataclass
from typing import Self

from tests.sim.chance import Chance

LEVELS = (0, 0, 200, 600)
INDEXED = 100


@dataclass(frozen=True)
class Troubles:
    """Drawn for each world, like its faults; many of them are zero."""

    # A second tab is opened, or one of two is closed.
    tabs: int = 0
    # An answer is still being taken when the next thing happens.
    mid_air: int = 0
    # Of those, it dies in the middle of the answer.
    torn_answer: int = 0
    # A model takes the phone's place, so that old and new live in one world.
    models: int = 0
    # fake-indexeddb instead of a disk that can lose power.
    indexed: int = INDEXED

    @classmethod
    def drawn(cls, chance: Chance) -> Self:
        """Draw a world's troubles."""
        return cls(*(chance.pick(LEVELS) for _ in range(4)))

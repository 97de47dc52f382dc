"""How likely each fault is in one world. Every seed draws its own, and many of them are zero.

A world with every fault at once never gets far; a swarm of worlds with few faults each gets into
more corners (Groce et al., "Swarm testing", 2012).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

from tests.sim.chance import Chance

LEVELS = (0, 0, 0, 30, 120, 350)
RARE_LEVELS = (0, 0, 0, 0, 40, 150)
ERASED = 200


@dataclass(frozen=True)
class Faults:
    """Per mille: of messages, of saves, of deeds, or of the world's moments for mishaps."""

    # Where requests get lost, work also goes sealed, by others' hands or as a file.
    drop_request: int = 0  # FAULT-3
    drop_answer: int = 0  # FAULT-4
    duplicate: int = 0  # FAULT-23
    delay: int = 0  # FAULT-24
    truncate: int = 0  # FAULT-25, FAULT-26
    corrupt: int = 0  # FAULT-29
    portal: int = 0  # FAULT-27
    replay: int = 0  # FAULT-28
    cut: int = 0  # FAULT-30
    torn_save: int = 0  # FAULT-5
    device_crash: int = 0  # FAULT-1, FAULT-2
    office_crash: int = 0  # FAULT-32
    full_disk: int = 0  # FAULT-7
    wrong_clock: int = 0  # FAULT-20, FAULT-21
    foreign_area: int = 0
    lose_area: int = 0
    close: int = 0  # FAULT-51
    move: int = 0
    hand_over: int = 0
    tamper: int = 0
    # These change the rest of a world's life, so they are rarer.
    clone: int = 0  # FAULT-44
    phone_restore: int = 0  # FAULT-45
    office_restore: int = 0  # FAULT-38
    destroy: int = 0  # FAULT-52: a device that is lost for ever
    revoke: int = 0  # FAULT-47
    retire: int = 0  # FAULT-48

    @property
    def erase(self) -> int:
        """Give how often the desk erases a dossier: where many are closed, and nowhere else.

        Drawn by itself, it would lead every seed elsewhere. Where phones are put back all the time,
        logs part so often that other bugs need those worlds as they are.
        """
        is_rare = self.phone_restore <= RARE_LEVELS[-1]
        return ERASED if is_rare and self.close > LEVELS[3] else 0

    @classmethod
    def drawn(cls, chance: Chance, rare_levels: Sequence[int] = RARE_LEVELS) -> Self:
        """Draw a world's faults."""
        names = [field.name for field in fields(cls)]
        rare = names.index("clone")
        return cls(
            **{
                name: chance.pick(LEVELS if place < rare else rare_levels)
                for place, name in enumerate(names)
            }
        )

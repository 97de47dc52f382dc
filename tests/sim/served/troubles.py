"""What may go wrong inside the real office, and how often in one world (see `tests.sim.faults`)."""

from dataclasses import dataclass, fields
from typing import Self

from tests.sim.chance import Chance

LEVELS = (0, 0, 30, 120)
RARE_LEVELS = (0, 60, 200)
GROUPED = 500


@dataclass(frozen=True)
class Troubles:
    """Per mille: of the office's steps, or of the world's moments for mishaps."""

    # The database says that it is locked, or full, at some statement.
    busy: int = 0
    # The process dies at some statement of a transaction.
    kill: int = 0
    # Whoever asked is gone before the answer.
    client_gone: int = 0
    # The desk sends a form that it opened a while ago.
    stale_form: int = 0
    # No trouble: the desk gives a dossier to somebody, or takes it away.
    assign: int = 0
    rebuild: int = 0
    # The disk of a standby takes over, which lacks the last commits.
    standby: int = 0
    # The operator's restore is killed on its way, and the office started again.
    kill_restore: int = 0

    @classmethod
    def drawn(cls, chance: Chance) -> Self:
        """Draw a world's troubles."""
        names = [one.name for one in fields(cls)]
        rare = names.index("rebuild")
        return cls(
            **{
                name: chance.pick(LEVELS if place < rare else RARE_LEVELS)
                for place, name in enumerate(names)
            }
        )

    @classmethod
    def none(cls) -> Self:
        """Give a world in which nothing goes wrong any more."""
        return cls()

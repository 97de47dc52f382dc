"""What may go wrong inside the real office, and how often in one world (see `tests.sim.faults`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Self

from tests.sim.chance import Chance

GROUPED = 500
"""How often somebody who waits for the writer is committed with the one whose turn it is."""


def _drawn_from(*levels: int) -> int:
    found: int = field(default=0, metadata={"levels": levels})
    return found


@dataclass(frozen=True)
class Troubles:
    """Per mille: of the office's steps, of its restores, or of the world's moments for mishaps."""

    # The database says that it is locked, or full, at some statement.
    busy: int = _drawn_from(0, 0, 30, 120)
    # The process dies at some statement of a transaction.
    kill: int = _drawn_from(0, 0, 30, 120)
    # Whoever asked is gone before the answer.
    client_gone: int = _drawn_from(0, 0, 30, 120)
    # The desk sends a form that it opened a while ago.
    stale_form: int = _drawn_from(0, 300, 800)
    # The operator's restore is killed on its way, and the office started again.
    kill_restore: int = _drawn_from(0, 500)
    # No trouble: the desk gives a dossier to somebody, or takes it away.
    assign: int = _drawn_from(0, 200, 500)
    rebuild: int = _drawn_from(0, 60, 200)
    # The disk of a standby takes over, which lacks the last commits.
    standby: int = _drawn_from(0, 200, 400)

    @classmethod
    def drawn(cls, chance: Chance) -> Self:
        """Draw a world's troubles."""
        levels: dict[str, Sequence[int]] = {one.name: one.metadata["levels"] for one in fields(cls)}
        return cls(**{name: chance.pick(choices) for name, choices in levels.items()})

    @classmethod
    def none(cls) -> Self:
        """Give a world in which nothing goes wrong any more."""
        return cls()

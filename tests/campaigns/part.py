"""What a part of the campaign is: something that runs so many rounds and gives a tally."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.tally import Tally


@dataclass(frozen=True)
class Chunk:
    """Some rounds of a part, done in one go: what is lost if the campaign is interrupted."""

    rounds: int
    seed: int
    """Another one for each chunk; the same one does the same again, as far as machines do."""

    folder: Path
    """Empty, and removed afterwards if every promise was kept."""


@dataclass(frozen=True)
class Part:
    """One line of the campaign's table."""

    name: str
    round_is: str
    whole: int
    """How many rounds the whole campaign has."""

    chunk: int
    run: Callable[[Chunk], Tally]
    """Raises whatever shows that a promise is broken, or gives a tally that says so."""

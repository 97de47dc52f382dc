"""How much of a world is real: the levels of the simulation.

A  the core alone: office and phones are models of it (`pure.py`)
B  the real office: the whole application and its database, in this process (`served/`)
BP the same on PostgreSQL
C  the real phones: the TypeScript engine of the field app, in Node (`engine/`); BC  both
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from unittest.mock import patch

from tests.sim.ports import DeviceEngine, OfficeEngine
from tests.sim.registry import DeviceFacts, Registry
from tests.sim.signing import Keys

if TYPE_CHECKING:
    from tests.sim.world import World

# What a bug on purpose replaces: in which object, under which name, by what.
Planted = tuple[Any, str, Any]

MODULES: Final = {
    "A": "tests.sim.pure",
    "B": "tests.sim.served.level",
    "BP": "tests.sim.served.on_postgres",
    "C": "tests.sim.engine.level",
    "BC": "tests.sim.engine.served",
}


class Level(Protocol):
    """One level: what its worlds are made of, and what must be seen of them."""

    @property
    def name(self) -> str:
        """Give the letter that it is known by."""

    @property
    def must_happen(self) -> Sequence[str]:
        """Name what must have happened in a sweep, else it has stopped testing."""

    @property
    def rare_levels(self) -> Sequence[int]:
        """Give how often the rarer faults may occur: where worlds are few, more often."""

    @property
    def moments_ms(self) -> int:
        """Give how far apart, at most, the desk's deeds are, and the world's mishaps."""

    @property
    def papers_per_mille(self) -> int:
        """Give in how many worlds people photograph papers."""

    @property
    def paper_events(self) -> int:
        """Give how many events more such a world has: papers come last, and need their time."""

    @property
    def mutants(self) -> Mapping[str, Sequence[Planted]]:
        """Give the bugs that it must catch."""

    def keys(self, *, is_real: bool) -> AbstractContextManager[Keys]:
        """Give the keys of a world, and let the core sign with them while it lives."""

    def open(self, world: "World") -> tuple[Registry, OfficeEngine]:
        """Open the office of a world, and say who is who there."""

    def phone(self, world: "World", facts: DeviceFacts, /) -> DeviceEngine | None:
        """Give the engine of a new phone; None lets the world make a model of one."""

    def mishaps(self, world: "World", /) -> Sequence[tuple[int, Callable[[], None]]]:
        """Give what else may befall the office, and how often, per mille."""

    def judge(self, world: "World", /) -> None:
        """Raise Violated where something does not hold that this level alone can see."""


def level_named(name: str) -> Level:
    """Give a level; only what is asked for is imported."""
    return cast("Level", import_module(MODULES[name]).LEVEL)


def planted(level: Level, name: str) -> list[AbstractContextManager[Any]]:
    """Give the patches that plant a bug."""
    return [patch.object(where, what, bug) for where, what, bug in level.mutants[name]]

"""Level A: the office is a model too (`office.py`), and nothing but the core is real."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from tests.sim.faults import RARE_LEVELS
from tests.sim.mutants import MUTANTS
from tests.sim.office import Office
from tests.sim.ports import DeviceEngine, OfficeEngine
from tests.sim.reach import PURE
from tests.sim.registry import DeviceFacts, Registry
from tests.sim.signing import Keys, QuickKeys, RealKeys, quick_signatures
from tests.sim.world import World


class PureLevel:
    """See `Level` for what its deeds mean."""

    name = "A"
    must_happen = PURE
    rare_levels = RARE_LEVELS
    moments_ms = 60_000
    papers_per_mille = 350
    paper_events = 0
    mutants = MUTANTS

    @contextmanager
    def keys(self, *, is_real: bool) -> Iterator[Keys]:
        if is_real:
            yield RealKeys()
            return
        with quick_signatures():
            yield QuickKeys()

    def open(self, world: World) -> tuple[Registry, OfficeEngine]:
        registry = Registry(world.keys)
        return registry, Office(registry, world.note)

    def phone(self, _world: World, _facts: DeviceFacts) -> DeviceEngine | None:
        return None

    def mishaps(self, _world: World) -> Sequence[tuple[int, Callable[[], None]]]:
        return ()

    def judge(self, _world: World) -> None:
        """All that can be seen of a model, the common judgement sees."""


LEVEL: Final = PureLevel()

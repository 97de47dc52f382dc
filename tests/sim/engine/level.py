"""Level C: phones run the field app's own engine, at an office of another level."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from tests.sim.engine.device import EngineDevice
from tests.sim.engine.host import Host
from tests.sim.engine.mutants import BUGS
from tests.sim.engine.reach import MUST_HAPPEN
from tests.sim.engine.stage import Stage
from tests.sim.engine.troubles import Troubles
from tests.sim.level import Level, Planted
from tests.sim.ports import DeviceEngine, OfficeEngine
from tests.sim.pure import LEVEL as PURE
from tests.sim.registry import DeviceFacts, Registry
from tests.sim.signing import Keys
from tests.sim.world import World

SEED = 2**31


class EngineLevel:
    """See `Level` for what its deeds mean."""

    must_happen = MUST_HAPPEN
    # Its worlds are few, and have to be the more eventful.
    rare_levels = (0, 0, 60, 200)
    moments_ms = 20_000
    papers_per_mille = 130
    # The engine sends photos behind the text, which alone takes most worlds' time.
    paper_events = 120

    def __init__(self, name: str, office: Level) -> None:
        self.name, self._office = name, office
        self.host = Host()
        # A bug is another bundle: it takes the place of the whole process.
        self.mutants: dict[str, list[Planted]] = {
            name: [(self, "host", Host(bugs))] for name, bugs in BUGS.items()
        }
        self._is_real = False
        self._stage = Stage(self.host, Troubles(), is_real=False)

    @contextmanager
    def keys(self, *, is_real: bool) -> Iterator[Keys]:
        self._is_real = is_real
        with self._office.keys(is_real=is_real) as keys:
            yield keys

    def open(self, world: World) -> tuple[Registry, OfficeEngine]:
        self._stage = Stage(self.host, Troubles.drawn(world.chance), self._is_real)
        seed = world.chance.below(SEED)
        self.host.ask({"do": "reset", "profile": "", "seed": seed, "isReal": self._is_real})
        return self._office.open(world)

    def phone(self, world: World, facts: DeviceFacts) -> DeviceEngine | None:
        if world.chance.happens(self._stage.troubles.models):
            return None
        return EngineDevice.enrolled(world, self._stage, facts)

    def mishaps(self, world: World) -> Sequence[tuple[int, Callable[[], None]]]:
        return self._office.mishaps(world)

    def judge(self, world: World) -> None:
        self._office.judge(world)


LEVEL: Final = EngineLevel("C", PURE)

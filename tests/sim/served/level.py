"""Level B: the real application and its database, in this process, in the same worlds."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from server.clock import told_by
from tests.sim.ports import DeviceEngine, OfficeEngine
from tests.sim.reach import SERVED
from tests.sim.registry import DeviceFacts, Registry
from tests.sim.served.drawing import drawn_alike
from tests.sim.served.folder import OF_A_WORLD
from tests.sim.served.judgement import judge
from tests.sim.served.mishaps import mishaps
from tests.sim.served.mutants import MUTANTS
from tests.sim.served.office import IN_A_FILE, Place, ServedOffice
from tests.sim.served.papers import papers_held
from tests.sim.signing import Keys, RealKeys, quick_signatures
from tests.sim.world import World


class ServedLevel:
    """See `Level` for what its deeds mean."""

    # Its worlds are few, and have to be the more eventful.
    rare_levels = (0, 0, 60, 200)
    moments_ms = 20_000
    papers_per_mille = 500
    paper_events = 0
    mutants = MUTANTS

    def __init__(self, name: str, place: Place, must_happen: Sequence[str] = SERVED) -> None:
        self.name, self._place, self.must_happen = name, place, must_happen

    @contextmanager
    def keys(self, *, is_real: bool) -> Iterator[Keys]:
        with ExitStack() as quick:
            if not is_real:
                quick.enter_context(quick_signatures())
            yield RealKeys()

    def open(self, world: World) -> tuple[Registry, OfficeEngine]:
        world.closing.enter_context(told_by(lambda: world.now))
        world.closing.enter_context(drawn_alike(OF_A_WORLD))
        office = ServedOffice(world.chance, world.keys, lambda: world.now, world.note, self._place)
        world.closing.enter_context(papers_held(office, lambda: world.now))
        office.back_up()
        return office.staffing, office

    def phone(self, _world: World, _facts: DeviceFacts) -> DeviceEngine | None:
        return None

    def mishaps(self, world: World) -> Sequence[tuple[int, Callable[[], None]]]:
        assert isinstance(world.office, ServedOffice)
        return mishaps(world, world.office)

    def judge(self, world: World) -> None:
        assert isinstance(world.office, ServedOffice)
        judge(world, world.office)


LEVEL: Final = ServedLevel("B", IN_A_FILE)

"""What befalls the real office beside what befalls every office."""

from collections.abc import Callable, Sequence

from tests.sim.served.office import ServedOffice
from tests.sim.world import World


def mishaps(world: World, office: ServedOffice) -> Sequence[tuple[int, Callable[[], None]]]:
    """Give them, with how often."""
    return ()

"""What befalls the real office beside what befalls every office."""

from collections.abc import Callable, Sequence
from functools import partial

from tests.sim.served.office import ServedOffice
from tests.sim.world import World


def mishaps(world: World, office: ServedOffice) -> Sequence[tuple[int, Callable[[], None]]]:
    """Give them, with how often."""
    troubles = office.troubles
    return (
        (troubles.assign, partial(_assign, world, office)),
        (troubles.rebuild, partial(_rebuild, world, office)),
        (troubles.standby, partial(_fail_over, world, office)),
    )


def _assign(world: World, office: ServedOffice) -> None:
    records = office.visible()
    if not records:
        return
    record = world.chance.pick(records)
    seat = world.chance.pick([None, *world.registry.seats])
    person = world.registry.seats[seat].staff if seat is not None else None
    if world.attempt(partial(office.assign, record, person)):
        world.note("assign")
        world.tell(f"dossier {int.from_bytes(record[-8:], 'big')} is given to {person}")


def _rebuild(world: World, office: ServedOffice) -> None:
    office.rebuild()
    world.note("rebuild")
    world.tell("the office folds everything anew")
    world.witness.sees_commit()


def _fail_over(world: World, office: ServedOffice) -> None:
    if not office.fail_over():
        office.fall_behind()
        world.tell("the standby falls behind")
        return
    world.office_life += 1
    world.note("standby-loss")
    world.tell(f"the standby takes over: epoch {office.epoch}")
    world.witness.sees_office_return(is_restored=True)
    world.witness.sees_commit()

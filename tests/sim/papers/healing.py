"""After the chaos: every phone that lives sends the papers that it has, until none is left.

Phones that send by themselves live on for a day. What they then hold no more, a backup has: for
the office is lost once more, and only after that it is judged.
"""

from collections.abc import Iterator

from tests.sim.healing import TRIES_MAX, exchange, heal
from tests.sim.ports import Edit
from tests.sim.witness import require
from tests.sim.world import PhoneHere, World


def heal_papers(world: World) -> None:
    """Let everybody send; whoever has logged in anew is asked for the papers of before, too."""
    if not world.papers.witness.photos:
        return
    send_papers(world)
    if any(phone.engine.papers.sends_by_itself for phone in world.phones):
        live_on(world)
        send_papers(world)


def send_papers(world: World) -> None:
    """Let everybody send all that they have."""
    for phone, seat in everybody(world):
        # A copy has to jump over the other's count before it is given a token.
        for _ in range(TRIES_MAX):
            if exchange(world, phone, seat) or phone.is_revoked:
                break
        phone.engine.papers.give_up()
        left = world.papers.send_all(phone)
        require(not left, "liveness", f"phone {phone.name} asks on and on")


def live_on(world: World) -> None:
    """Let everybody write a change that is younger than their papers, and the office be lost."""
    for phone, seat in everybody(world):
        phone.engine.work_as(seat)
        for record in [*phone.engine.editable(seat)][:1]:
            edit = Edit(seat, record, {"answers.note": f"the day after, by {seat}"})
            for written in phone.engine.edit(edit, world.local(phone)):
                world.witness.sees_writing(phone.name, written, phone.clock_max, is_saved=True)
    exchange_all(world)
    world.back_up_office()
    exchange_all(world)
    world.restore_office()
    heal(world)


def exchange_all(world: World) -> None:
    """Let everybody exchange once."""
    for phone, seat in everybody(world):
        exchange(world, phone, seat)


def everybody(world: World) -> Iterator[tuple[PhoneHere, int]]:
    """Name the seats that live; a phone that is revoked speaks for all of its own."""
    for phone in world.phones:
        for seat in phone.seats[:1] if phone.is_revoked else list(phone.seats):
            yield phone, seat

"""After the chaos: every phone that lives sends the papers that it has, until none is left."""

from tests.sim.healing import TRIES_MAX, exchange
from tests.sim.witness import require
from tests.sim.world import PhoneHere, World

REQUESTS_MAX = 400


def heal_papers(world: World) -> None:
    """Let everybody send; whoever has logged in anew is asked for the papers of before, too."""
    if not world.papers.witness.photos:
        return
    for phone in world.phones:
        for seat in phone.seats[:1] if phone.is_revoked else list(phone.seats):
            # A copy has to jump over the other's count before it is given a token.
            for _ in range(TRIES_MAX):
                if exchange(world, phone, seat) or phone.is_revoked:
                    break
            _send_all(world, phone)


def _send_all(world: World, phone: PhoneHere) -> None:
    sending = phone.engine.papers
    if sending is None:
        return
    sending.give_up()
    for _ in range(REQUESTS_MAX):
        asked = sending.ask()
        if asked is None:
            return
        sending.take(asked, world.papers.ask_now(asked))
    require(claim=False, invariant="liveness", fact=f"phone {phone.name} sends papers on and on")

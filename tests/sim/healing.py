"""After the chaos: everything that still lives is mended, and driven until nothing moves.

Within a bound: whatever takes longer than that will, in the field, never end.
"""

from collections import deque
from typing import NamedTuple

from tests.sim.courier import read_in
from tests.sim.ports import OK, Reply
from tests.sim.witness import require
from tests.sim.world import PhoneHere, World

EXCHANGES_MAX = 1500
# In one exchange of a phone that asks until it has everything.
ROUNDS_MAX = 100
# Two phones with one number: each has to jump over the other's count before it is told anything.
TRIES_MAX = 24
HEAL_MS = 3_600_000


def heal(world: World) -> int:
    """Mend the world and drive it to quiescence; give the number of exchanges."""
    world.stop()
    world.tell("the world heals")
    world.office.calm()
    world.now += HEAL_MS
    for phone in world.phones:
        phone.engine.fill_disk(is_full=False)
    for file in world.files:
        read_in(world, file)
    hand_in_revoked(world)
    exchanges = 0
    quiet: set[tuple[int, int]] = set()
    while not everyone(world) <= quiet:
        for phone in world.phones:
            world.replace_troubled(phone)
            for seat in [] if phone.is_revoked else list(phone.seats):
                if (phone.name, seat) not in quiet:
                    exchanges += drive(world, phone, seat, quiet)
        require(exchanges < EXCHANGES_MAX, "liveness", f"{exchanges} exchanges and no end")
    world.tell(f"quiet after {exchanges} exchanges")
    return exchanges


def drive(world: World, phone: PhoneHere, seat: int, quiet: set[tuple[int, int]]) -> int:
    """Let a phone exchange for a seat until it is heard; give how often it had to.

    Who has nothing new to hear is quiet, until something moves that they could hear of.
    """
    before = moves_of(world, phone)
    is_heard = False
    tries = 0
    while tries < TRIES_MAX and not is_heard and seat in phone.seats:
        tries += 1
        is_heard = exchange(world, phone, seat)
    after = moves_of(world, phone)
    if (after.office, after.seats) != (before.office, before.seats):
        quiet.clear()
    elif after.phone != before.phone:
        quiet -= {one for one in quiet if one[0] == phone.name}
    elif is_heard:
        quiet.add((phone.name, seat))
    return tries


class Moves(NamedTuple):
    """What grows as long as anything goes on."""

    office: int
    phone: int
    seats: int


def moves_of(world: World, phone: PhoneHere) -> Moves:
    """Give how much the office and one phone have moved: no phone writes to another."""
    seats = sum(len(one.seats) for one in world.phones)
    return Moves(world.office.moves, phone.engine.moves, seats)


def everyone(world: World) -> set[tuple[int, int]]:
    """Name the seats that must have been told everything."""
    return {
        (phone.name, seat) for phone in world.phones for seat in phone.seats if not phone.is_revoked
    }


def exchange(world: World, phone: PhoneHere, seat: int) -> bool:
    """Let a phone exchange until it asks no more; tell whether the last number was a new one."""
    phone.engine.work_as(seat)
    world.now += 1_000
    waiting = deque(phone.engine.ask(world.local(phone)))
    world.hear_of_writings(phone)
    status = 0
    for _ in range(ROUNDS_MAX):
        if phone.engine.papers.sends_by_itself:
            waiting.extend(world.papers.send_all(phone))
        if not waiting:
            break
        reply = answer(world, waiting.popleft())
        status = reply.status
        waiting.extend(phone.engine.deliver(reply))
        world.replace_troubled(phone)
        world.tell(f"phone {phone.name} as {seat} exchanges: {status}")
    require(not waiting, "liveness", f"phone {phone.name} asks on and on")
    world.replace_troubled(phone)
    return status == OK and phone.engine.is_fresh


def answer(world: World, body: bytes) -> Reply:
    """Let the office take a request to its end, with nothing in between."""
    world.witness.sees_request(body)
    arrival = world.office.arrive(body)
    while (reply := world.office.proceed(arrival, world.now)) is None:
        pass
    world.witness.sees_commit()
    world.witness.sees_answer(reply)
    world.witness.sees_pages(arrival, reply)
    return reply


def hand_in_revoked(world: World) -> None:
    """Let phones that read nothing any more hand in all that they have."""
    for phone in world.phones:
        if not phone.is_revoked:
            continue
        # It may be anywhere in its log, goes to the end, and begins again.
        turns = 2 * sum(phone.engine.dump().last.values()) + 4
        for _ in range(turns):
            exchange(world, phone, phone.seats[0])

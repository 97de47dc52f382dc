"""Sealed bundles on their way: into another phone, or as a file to the desk.

A file is carried to the desk late, or twice, cut, or with a bit turned, and once more when the
world heals: the stick lies in a drawer until then.
"""

from functools import partial

from sync.bundle import bundle_digest, write_file
from tests.sim.ports import OfficeDied
from tests.sim.world import World

WALK_MS = 120_000
SEAL_MS = 30_000
# Of the requests that get lost: where there is somebody, there mostly is something to take along.
SEALS_EACH = 3
FILES_MAX = 6


class Courier:
    """Whoever takes bundles from a phone that has no network, or that is about to die."""

    def __init__(self, world: World) -> None:
        self.world = world

    def begin(self) -> None:
        """Come by now and then, in a world that has somebody who does."""
        if self.world.faults.drop_request:
            self.world.later(self.world.chance.below(SEAL_MS), self.pass_by)

    def pass_by(self) -> None:
        """Let a phone seal what it has not sent, and somebody take it."""
        world, chance = self.world, self.world.chance
        self.begin()
        if not world.phones or not chance.happens(SEALS_EACH * world.faults.drop_request):
            return
        phone = chance.pick(world.phones)
        made = list(phone.engine.seal(world.sealing, world.local(phone)))
        if not made:
            return
        world.witness.sees_bundles(made)
        world.note("bundle-sealed")
        world.tell(f"phone {phone.name} seals {len(made)} bundles")
        if chance.below(2):
            made.reverse()
        if chance.below(2):
            self._hand_over(made)
        else:
            self._walk(write_file(made))

    def _hand_over(self, made: list[bytes]) -> None:
        world = self.world
        other = world.chance.pick(world.phones)
        brought = [self._worn(raw) for raw in made]
        world.witness.worn |= {bundle_digest(raw) for raw in {*brought} - {*made}}
        if other.engine.carry(brought):
            world.note("bundle-carried")
            world.tell(f"phone {other.name} carries them")

    def _walk(self, file: bytes) -> None:
        world = self.world
        world.files = [*world.files, file][-FILES_MAX:]
        world.later(world.chance.below(WALK_MS), partial(self.bring, file))
        if world.chance.happens(world.faults.duplicate):
            world.note("file-twice")
            world.later(world.chance.below(WALK_MS), partial(self.bring, file))

    def bring(self, file: bytes) -> None:
        """Let the desk import a file."""
        world = self.world
        if world.chance.happens(world.faults.truncate):
            world.note("file-cut")
            file = file[: world.chance.below(len(file))]
        read_in(world, self._worn(file))

    def _worn(self, raw: bytes) -> bytes:
        world = self.world
        if not raw or not world.chance.happens(world.faults.corrupt):
            return raw
        world.note("bundle-worn")
        place, bit = world.chance.below(len(raw)), world.chance.below(8)
        return raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]


def read_in(world: World, file: bytes) -> None:
    """Let the desk import a file, and the office perhaps die over it."""
    try:
        outcomes = world.office.import_file(file, world.now)
    except OfficeDied:
        world.crash_office()
        return
    world.note("file")
    world.tell(f"the desk imports {len(outcomes)} bundles")
    world.witness.sees_commit()
    for digest, code in outcomes.items():
        world.note(f"bundle:{code or 'held'}")
        world.witness.sees_outcome(digest, code)

"""One run of one world: chaos, healing, judgement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.sim.chance import Chance
from tests.sim.courier import Courier
from tests.sim.healing import heal
from tests.sim.judgement import judge
from tests.sim.level import Level
from tests.sim.mishaps import Mishaps
from tests.sim.network import Network
from tests.sim.papers.healing import heal_papers
from tests.sim.papers.judgement import judge_papers
from tests.sim.people import People
from tests.sim.witness import Violated
from tests.sim.world import PhoneHere, World

# One seed in so many signs for real, and one in so many is run twice.
REAL_EVERY = 100
TWICE_EVERY = 100


@dataclass
class Outcome:
    """What came of a run. `invariant` is empty if everything held."""

    trace_hash: str
    choices: Sequence[int]
    events: int
    exchanges: int
    reached: Counter[str]
    invariant: str = ""
    fact: str = ""
    last_events: Sequence[str] = field(default_factory=list)


def run_seed(seed: int, level: Level, *, is_loud: bool = False) -> Outcome:
    """Run the world of a seed."""
    return run(Chance.of_seed(seed), level, is_real=signs_for_real(seed), is_loud=is_loud)


def run_choices(choices: Sequence[int], level: Level, *, is_loud: bool = False) -> Outcome:
    """Run the world of a list of choices."""
    return run(Chance.of_list(choices), level, is_real=False, is_loud=is_loud)


def signs_for_real(seed: int) -> bool:
    """Tell whether the world of a seed has real signatures."""
    return seed % REAL_EVERY == 0


def run(chance: Chance, level: Level, *, is_real: bool, is_loud: bool) -> Outcome:
    """Run one world to its end, or to the first broken promise."""
    exchanges = 0
    violated: Violated | None = None
    with level.keys(is_real=is_real) as keys:
        world = World(chance, keys, level, is_loud=is_loud)
        try:
            live(world)
            exchanges = heal(world)
            heal_papers(world)
            judge(world)
            judge_papers(world)
            level.judge(world)
        except Violated as found:
            violated = found
        except Exception as broken:  # noqa: BLE001 -- a party that fails is a finding like another
            violated = Violated("error", f"{type(broken).__name__}: {broken}")
        finally:
            world.closing.close()
    return Outcome(
        world.trace_hash,
        chance.made,
        world.events,
        exchanges,
        world.reached,
        violated.invariant if violated else "",
        violated.fact if violated else "",
        list(world.last_events),
    )


def live(world: World) -> None:
    """Let the people, the network and the mishaps of a world do what they do."""
    network, people = Network(world), People(world)
    world.papers.send_text = network.send

    def welcome(phone: PhoneHere) -> None:
        network.begin(phone)
        world.papers.begin(phone)
        people.begin(phone)

    for phone in world.phones:
        welcome(phone)
    world.later(world.chance.below(1000), people.work_at_desk)
    world.later(world.chance.below(1000), network.carry)
    Courier(world).begin()
    world.papers.begin_mishaps()
    mishaps = Mishaps(world, welcome)
    world.later(world.chance.below(1000), mishaps.strike)
    world.run()
    mishaps.strike_last()

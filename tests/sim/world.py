"""The simulated world: one thread, one heap of (virtual time, counter, event), one seed.

Nobody in it asks a clock or draws a number but through the world.
"""

import heapq
from collections import Counter, deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256

from sync import signature
from tests.sim.bundles import Sealing
from tests.sim.chance import Chance
from tests.sim.device import Device
from tests.sim.disk import Disk
from tests.sim.faults import Faults
from tests.sim.level import Level
from tests.sim.papers.posting import Papers
from tests.sim.ports import DeviceEngine, Grant, OfficeDied
from tests.sim.sending import Habits
from tests.sim.signing import Keys
from tests.sim.van import Van
from tests.sim.witness import Witness

BEGIN_MS = 1_800_000_000_000
AREAS = ("10441", "10465", "09661")
LAST_EVENTS = 50
YEAR_MS = 365 * 24 * 3_600_000
# How far a phone's clock may be off, in ms.
CLOCKS = (0, 5_000, -90_000, 3_500_000, -7_200_000, 10 * YEAR_MS, -10 * YEAR_MS, 40 * YEAR_MS)
# How often people act, and phones exchange, at most.
PACES_MS = ((20_000, 60_000), (40_000, 60_000), (120_000, 15_000))
DOSSIERS_MAX = 20
# How often people take a new dossier rather than edit one that they have.
TAKES_PER_MILLE = (300, 100, 950)
# How long a transaction of the office may take: others begin and end meanwhile.
TRANSACTIONS_MS = (20, 2_000, 60_000)

Deed = Callable[[], None]


@dataclass
class PhoneHere:
    """A phone in the world: its engine, and what happens around it."""

    name: int
    engine: DeviceEngine
    seats: list[int]
    clock_offset: int = 0
    clock_max: int = 0
    cut_until: int = 0
    snapshot: DeviceEngine | None = None
    is_revoked: bool = False
    old_replies: list[bytes] = field(default_factory=list)


class World:
    """Everything that there is, and the order in which it happens."""

    def __init__(self, chance: Chance, keys: Keys, level: Level, *, is_loud: bool = False) -> None:
        self.chance, self.keys, self.level, self.now = chance, keys, level, BEGIN_MS
        self.is_loud, self.is_healing = is_loud, False
        self.reached: Counter[str] = Counter()
        self.last_events: deque[str] = deque(maxlen=LAST_EVENTS)
        self.events = 0
        self._trace: list[str] = []
        self._heap: list[tuple[int, int, Deed, bool]] = []
        self._counter = 0
        self.faults = Faults.drawn(chance, level.rare_levels)
        # What is to be let go when the world ends.
        self.closing = ExitStack()
        self.registry, self.office = level.open(self)
        self.closing.callback(self.office.close)
        self.office_life = 0  # grows with every crash: what was under way before it is gone
        self.witness = Witness(self.registry, self.office)
        self.sealing = Sealing(signature.public_bytes(self.registry.bundle_key()))
        # Rescue files, as somebody still has them.
        self.files: list[bytes] = []
        self.dossiers: list[bytes] = []
        # What the desk has erased, or has tried to.
        self.erased: set[bytes] = set()
        self.dossiers_max = 1 + chance.below(DOSSIERS_MAX)
        self.take_per_mille = chance.pick(TAKES_PER_MILLE)
        self.values = 0
        self.act_ms_max, self.turn_ms_max = chance.pick(PACES_MS)
        self.transaction_ms_max = chance.pick(TRANSACTIONS_MS)
        self.events_max = 40 + 40 * chance.below(8)
        self.papers = Papers(self)
        self.events_max += level.paper_events if self.papers.is_there else 0
        self.phones = [self._new_phone(name) for name in range(2 + chance.below(5))]
        van = self.registry.add_device(is_van=True)
        self.van = Van(van.number, van.key)

    def _new_phone(self, name: int) -> PhoneHere:
        chance, registry = self.chance, self.registry
        facts = registry.add_device()
        habits = Habits(
            batch_changes=1 + chance.below(5),
            batches=1 + chance.below(6),
            want=100 + 700 * chance.below(5),
            sends_by_seat=bool(chance.below(2)),
            pages_are_strict=not chance.below(2),
        )
        office_key = registry.office_key().public
        engine = self.level.phone(self, facts)
        if engine is None:
            engine = Device(facts, office_key, habits, Disk(), self.note)
        offset = chance.pick(CLOCKS) if chance.happens(self.faults.wrong_clock) else 0
        phone = PhoneHere(name, engine, [], offset, max(self.now + offset, 0))
        for _ in range(1 + chance.below(2)):
            team = chance.below(2)
            areas = AREAS[team : team + 1 + chance.below(2)]
            is_helper = chance.below(3) == 1
            grant = registry.add_seat(
                facts.number, 1 + chance.below(6), team, areas, is_helper=is_helper
            )
            self.sign_in(phone, grant)
        return phone

    def sign_in(self, phone: PhoneHere, grant: Grant) -> None:
        """Let a person begin to work on a phone."""
        phone.engine.grant(grant)
        phone.engine.work_as(grant.seat)
        phone.seats.append(grant.seat)

    def run(self) -> None:
        """Let things happen until the world's time is up, or its choices have run out."""
        while self._heap and self.events < self.events_max and not self.chance.is_exhausted:
            self.now, _, deed, counts = heapq.heappop(self._heap)
            self.events += counts
            deed()

    def later(self, delay_ms: int, deed: Deed) -> None:
        """Let something happen after a while."""
        self._put(delay_ms, deed, counts=True)

    def beside(self, delay_ms: int, deed: Deed) -> None:
        """Let something happen after a while that does not count in how long the world lives."""
        self._put(delay_ms, deed, counts=False)

    def _put(self, delay_ms: int, deed: Deed, *, counts: bool) -> None:
        self._counter += 1
        heapq.heappush(self._heap, (self.now + delay_ms, self._counter, deed, counts))

    def stop(self) -> None:
        """Let nothing happen by itself any more: whatever is on the way is lost."""
        self._heap.clear()
        self.is_healing = True

    def local(self, phone: PhoneHere) -> int:
        """Give what a phone's own clock says."""
        said = max(self.now + phone.clock_offset, 0)
        phone.clock_max = max(phone.clock_max, phone.engine.own_time(said))
        return said

    def note(self, kind: str) -> None:
        """Count that something of this kind has happened."""
        self.reached[kind] += 1

    def tell(self, event: str) -> None:
        """Write a line of the trace."""
        line = f"{self.now - BEGIN_MS:>9} {event}"
        self._trace.append(line)
        self.last_events.append(line)
        if self.is_loud:
            print(line)

    def mix(self, fact: str) -> None:
        """Put something into the trace's hash that is too much to be told."""
        self._trace.append(fact)

    @property
    def trace_hash(self) -> str:
        """Give what two equal runs have in common, to the last event."""
        return sha256("".join(self._trace).encode()).hexdigest()

    def crash_phone(self, phone: PhoneHere) -> None:
        """Let a phone die and start again."""
        lost = phone.engine.crash(self.keep_some)
        phone.engine.work_as(self.chance.pick(phone.seats))
        self.note("device-crash")
        if lost:
            self.note("pending-lost")
        self.tell(f"phone {phone.name} crashes, {lost} transactions lost")

    def crash_office(self) -> None:
        """Let the office die and start again."""
        self.office_life += 1
        self.office.crash(self.keep_some)
        self.note("office-crash")
        self.tell("the office crashes")
        self.witness.sees_office_return(is_restored=False)

    def back_up_office(self) -> None:
        """Let the office make a backup."""
        self.office.back_up()
        self.note("backup")
        self.tell("the office backs up")

    def restore_office(self) -> None:
        """Let the office go back to its newest backup."""
        self.office_life += 1
        self.papers.before_restoring()
        self.office.restore()
        self.note("epoch-change")
        if self.witness.erased:
            self.note("restored-after-erasure")
        self.tell(f"the office is restored: epoch {self.office.epoch}")
        self.witness.sees_office_return(is_restored=True)
        self.witness.sees_commit()

    def attempt(self, deed: Callable[[], bool]) -> bool:
        """Let the desk do something, and the office die over it; tell whether it was done."""
        try:
            is_done = deed()
        except OfficeDied:
            self.crash_office()
            return False
        self.witness.sees_commit()
        return is_done

    def keep_some(self, count: int) -> int:
        """Choose how much of what was pending a crash leaves."""
        return self.chance.below(count + 1)

    def replace_troubled(self, phone: PhoneHere) -> None:
        """Let people whose log was parted from the office's sign in again."""
        self.hear_of_writings(phone)
        for written in phone.engine.carry_owed(max(self.now + phone.clock_offset, 0)):
            self.note("owed-carried-over")
            self.local(phone)
            self.witness.sees_writing(phone.name, written, phone.clock_max, is_saved=True)
        for old in list(phone.engine.troubled()):
            grant = self.registry.replace_seat(old)
            phone.engine.fill_disk(is_full=False)
            self.tell(f"phone {phone.name}: seat {old} goes on as {grant.seat}")
            for written in phone.engine.replace_seat(old, grant, self.local(phone)):
                self.note("carried-over")
                self.witness.sees_writing(phone.name, written, phone.clock_max, is_saved=True)
            phone.seats = [grant.seat if seat == old else seat for seat in phone.seats]
            phone.engine.work_as(grant.seat)
            self.note("seat-replaced")
            self.hear_of_writings(phone)

    def hear_of_writings(self, phone: PhoneHere) -> None:
        """Let the witness see what a phone has written by itself."""
        wrote = phone.engine.wrote()
        if wrote:
            self.local(phone)  # the answer that it wrote after may have set its clock right
        for written, is_saved in wrote:
            self.note("carried-over")
            self.witness.sees_writing(phone.name, written, phone.clock_max, is_saved=is_saved)

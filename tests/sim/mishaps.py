"""What befalls the simulated world beside the network: to phones, to the office, to people."""

from collections.abc import Callable

from tests.sim.world import AREAS, CLOCKS, PhoneHere, World

CUT_MS = 600_000
PHONES_MAX = 8


class Mishaps:
    """The faults that strike a phone or the office as a whole."""

    def __init__(self, world: World, welcome: Callable[[PhoneHere], None]) -> None:
        self.world, self.welcome = world, welcome

    def strike(self) -> None:
        """Let something happen to somebody, perhaps."""
        world, chance, faults = self.world, self.world.chance, self.world.faults
        world.later(1 + chance.below(world.level.moments_ms), self.strike)
        if not world.phones:
            return
        phone = chance.pick(world.phones)
        for per_mille, deed in (
            (faults.wrong_clock, self._move_clock),
            (faults.cut, self._cut),
            (faults.full_disk, self._fill_disk),
            (faults.device_crash, world.crash_phone),
            (faults.lose_area, self._change_areas),
            (faults.clone, self._clone),
            (faults.phone_restore, self._restore_phone),
            (faults.destroy, self._destroy),
            (faults.revoke, self._revoke),
            (faults.retire, self._retire),
        ):
            if chance.happens(per_mille):
                deed(phone)
                return
        self._strike_office()

    def _strike_office(self) -> None:
        world, chance, faults = self.world, self.world.chance, self.world.faults
        if chance.below(4) == 1:
            world.back_up_office()
        elif chance.happens(faults.office_restore):
            world.restore_office()
        elif chance.happens(faults.office_crash):
            world.crash_office()
        else:
            self._strike_deeper()

    def strike_last(self) -> None:
        """Let an office that loses its database lose it once more, after what it has erased."""
        if self.world.faults.office_restore and self.world.witness.erased:
            self.world.restore_office()

    def _strike_deeper(self) -> None:
        for per_mille, deed in self.world.level.mishaps(self.world):
            if self.world.chance.happens(per_mille):
                deed()
                return

    def _move_clock(self, phone: PhoneHere) -> None:
        phone.clock_offset = self.world.chance.pick(CLOCKS)
        self.world.note("wrong-clock")
        self.world.tell(f"phone {phone.name}: clock off by {phone.clock_offset}")

    def _cut(self, phone: PhoneHere) -> None:
        phone.cut_until = self.world.now + self.world.chance.below(CUT_MS)
        self.world.tell(f"phone {phone.name} has no network")

    def _fill_disk(self, phone: PhoneHere) -> None:
        phone.engine.fill_disk(is_full=bool(self.world.chance.below(2)))

    def _change_areas(self, phone: PhoneHere) -> None:
        seat = self.world.chance.pick(phone.seats)
        facts = self.world.registry.seats[seat]
        if len(facts.areas) > 1:
            self.world.registry.change_areas(seat, facts.areas[1:])
            self.world.note("area-lost")
        else:
            missing = [area for area in AREAS if area not in facts.areas]
            grant = self.world.registry.change_areas(seat, (*missing[:1], *facts.areas))
            phone.engine.fill_disk(is_full=False)
            phone.engine.grant(grant)
            self.world.note("area-won")
        self.world.tell(f"seat {seat} may write in {self.world.registry.seats[seat].areas}")

    def _clone(self, phone: PhoneHere) -> None:
        world = self.world
        if len(world.phones) >= PHONES_MAX:
            return
        self._mark_copied(phone)
        name = max(other.name for other in world.phones) + 100
        twin = PhoneHere(name, phone.engine.copy(), list(phone.seats))
        twin.clock_offset, twin.clock_max = phone.clock_offset, phone.clock_max
        twin.is_revoked = phone.is_revoked
        twin.engine.work_as(phone.seats[0])
        world.phones.append(twin)
        self.welcome(twin)
        world.note("clone")
        world.tell(f"phone {phone.name} is cloned as {name}")

    def _restore_phone(self, phone: PhoneHere) -> None:
        world = self.world
        if phone.snapshot is None:
            phone.snapshot = phone.engine.copy()
            world.tell(f"phone {phone.name} is backed up")
            return
        self._mark_copied(phone)
        phone.engine, phone.snapshot = phone.snapshot, None
        phone.old_replies = []
        held = phone.engine.dump()
        for promise in world.witness.saved.values():
            change = promise.written.change
            if promise.phone == phone.name and (change.seat, change.seq) not in held.kept:
                promise.is_forgiven = True
        phone.seats = [*held.last] or phone.seats
        phone.engine.work_as(phone.seats[0])
        world.note("phone-restored")
        world.tell(f"phone {phone.name} is put back to its own backup")
        world.replace_troubled(phone)

    def _mark_copied(self, phone: PhoneHere) -> None:
        witness, registry = self.world.witness, self.world.registry
        dump = phone.engine.dump()
        witness.copied_seats |= {*dump.last, *phone.seats}
        witness.copied_devices |= {registry.seats[seat].device for seat in phone.seats}

    def _destroy(self, phone: PhoneHere) -> None:
        world = self.world
        if len(world.phones) == 1:
            return
        world.phones.remove(phone)
        for promise in world.witness.saved.values():
            promise.is_forgiven |= promise.phone == phone.name
        world.note("destroy")
        world.tell(f"phone {phone.name} falls into the river")

    def _revoke(self, phone: PhoneHere) -> None:
        world = self.world
        device = world.registry.seats[phone.seats[0]].device
        world.registry.revoke(device)
        for other in world.phones:
            other.is_revoked |= world.registry.seats[other.seats[0]].device == device
        world.note("revoke")
        world.tell(f"phone {phone.name} is revoked")

    def _retire(self, phone: PhoneHere) -> None:
        seat = self.world.chance.pick(phone.seats)
        self.world.registry.retire(seat)
        self.world.note("retire")
        self.world.tell(f"seat {seat} may do nothing any more")

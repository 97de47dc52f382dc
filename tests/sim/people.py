"""What people do in the simulated world: on their phones, and at the desk."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.sim.ports import Edit, Written
from tests.sim.world import AREAS, PhoneHere, World

FIELDS = ("answers.name", "answers.note", "answers.house")
SAME = 7


class People:
    """Helpers and officers."""

    def __init__(self, world: World) -> None:
        self.world = world

    def begin(self, phone: PhoneHere) -> None:
        """Let people work on a phone now and then."""
        self.world.later(self.world.chance.below(self.world.act_ms_max), partial(self.act, phone))

    def act(self, phone: PhoneHere) -> None:
        """Somebody takes a dossier, edits one, or settles what others disagree about."""
        world, chance = self.world, self.world.chance
        if phone not in world.phones:
            return
        self.begin(phone)
        seat = chance.pick(phone.seats)
        records = phone.engine.editable(seat)
        if not records or chance.happens(world.take_per_mille):
            if len(world.dossiers) < world.dossiers_max:
                self._take_dossier(phone, seat)
            return
        record = chance.pick(records)
        disagreed = phone.engine.in_conflict(record)
        if disagreed and chance.below(2):
            world.note("settle")
            values = {name: self._value() for name in disagreed}
        else:
            world.note("edit")
            names = FIELDS[: 1 + chance.below(len(FIELDS))]
            values = {name: self._value() for name in names[chance.below(len(names)) :]}
        self._write(phone, Edit(seat, record, values))

    def _take_dossier(self, phone: PhoneHere, seat: int) -> None:
        world = self.world
        area = world.chance.pick(world.registry.seats[seat].areas or AREAS)
        if world.chance.happens(world.faults.foreign_area):
            area = world.chance.pick(AREAS)
        world.note("take-dossier")
        record = bytes.fromhex("0190000000007000") + (len(world.dossiers) + 1).to_bytes(8, "big")
        world.dossiers.append(record)
        values = {"area": area, "status": "sealed", FIELDS[0]: self._value()}
        self._write(phone, Edit(seat, record, values))

    def _write(self, phone: PhoneHere, edit: Edit) -> None:
        world = self.world
        is_torn = world.chance.happens(world.faults.torn_save)
        photo = world.papers.photo()
        edit = Edit(edit.seat, edit.record, edit.values, is_torn, photo)
        written = phone.engine.edit(edit, world.local(phone))
        world.tell(self._said(phone, edit, written))
        if not written and not is_torn:
            world.note("disk-full")
            return
        # An answer that was being taken in may have set the phone's clock right before it wrote,
        # and may have carried over what stands before it in the log.
        world.local(phone)
        world.hear_of_writings(phone)
        # One that dies over it cannot be asked; but right is what the office's clock says.
        clock_max = max(phone.clock_max, world.now if is_torn else 0)
        for one in written:
            world.witness.sees_writing(phone.name, one, clock_max, is_saved=not is_torn)
            if photo is not None and not is_torn:
                world.papers.witness.sees_photo(phone, one, photo)
        if is_torn:
            world.note("torn-save")
            world.crash_phone(phone)
        elif world.chance.happens(world.faults.device_crash):
            world.crash_phone(phone)

    def _said(self, phone: PhoneHere, edit: Edit, written: Sequence[Written]) -> str:
        places = [f"{one.change.seat}:{one.change.seq}" for one in written]
        place = " and ".join(places) or "nothing"
        dossier = int.from_bytes(edit.record[-8:], "big")
        torn = " torn" if edit.is_torn else ""
        torn += " with a photo" if edit.photo else ""
        return f"phone {phone.name} saves {place}{torn} in dossier {dossier}: {dict(edit.values)}"

    def _value(self) -> str | int:
        """Give a new value, or one that others may give too."""
        if self.world.chance.below(6) == 1:
            return SAME
        self.world.values += 1
        return f"v{self.world.values}"

    def work_at_desk(self) -> None:
        """The desk settles, edits, closes or moves a dossier."""
        world, chance, faults = self.world, self.world.chance, self.world.faults
        world.later(1 + chance.below(world.level.moments_ms), self.work_at_desk)
        records = [one for one in world.office.visible() if one not in world.erased]
        if not records:
            return
        record = chance.pick(records)
        values: dict[str, Any]
        if chance.happens(faults.close):
            world.note("close")
            values = {"status": chance.pick(("done", "sealed"))}
        elif chance.happens(faults.erase):
            self._erase(record)
            return
        elif chance.happens(faults.move):
            world.note("move")
            values = {"area": chance.pick(AREAS)}
        elif chance.below(2):
            if world.attempt(partial(world.office.settle, record, world.now)):
                world.note("desk-settles")
            return
        else:
            values = {chance.pick(FIELDS): self._value()}
        if world.attempt(partial(world.office.desk_edit, record, values, world.now)):
            world.note("desk-edits")
            world.tell(f"the desk sets {values} in dossier {int.from_bytes(record[-8:], 'big')}")

    def _erase(self, record: bytes) -> None:
        world = self.world
        # Nobody at the desk works on it any more, whatever came of it.
        world.erased.add(record)
        dossier = int.from_bytes(record[-8:], "big")
        if world.attempt(partial(world.office.erase, record, world.now)):
            world.note("erase")
            world.tell(f"the desk erases dossier {dossier} by law")
        world.witness.sees_erasure()
        world.witness.sees_commit()

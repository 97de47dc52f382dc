"""How the simulated office merges one change, judges it, and puts back what must not stand."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from sync import record, register
from sync.change import Dot, LinkedChange, has_effect, raw_values
from sync.log import Held
from sync.papers import Erasure
from sync.reconcile import Author, judge
from sync.record import State, encode_state, must_wait
from sync.register import Head
from tests.sim.erasures import drop_bodies
from tests.sim.office_tables import FeedRow, Folded, Sets, Tables, write_own
from tests.sim.ports import Grant, OfficeRow
from tests.sim.registry import Registry

APPLIED = "applied"
QUARANTINED = "quarantined"
PUT_BACK = "put-back"
WAITING = "waiting"
UNREADABLE = "unreadable"


class Merging:
    """One transaction of the office: the changes that it takes, and what follows from them."""

    def __init__(
        self,
        tables: Tables,
        registry: Registry,
        own: Grant,
        now: int,
        note: Callable[[str], None],
    ) -> None:
        self.tables, self.registry, self.own, self.now = tables, registry, own, now
        self.note = note
        self._numbered = 0
        self._areas_before: dict[bytes, tuple[str | None, bool]] = {}

    def merge(self, change: LinkedChange, *, is_listed: bool = False) -> None:
        """Take one change, the next of its log; without its body only where that is listed."""
        skeleton = change.skeleton
        lacks_body = change.is_erased and not is_listed
        if skeleton is None or lacks_body or not has_effect(change):
            self._keep(change, UNREADABLE)
            return
        before = self._find(skeleton.record, skeleton.kind)
        if must_wait(before.state, skeleton):
            self._keep(change, WAITING)
            return
        after = record.apply(before.state, change, self.now)
        author = self._author(change.seat)
        # What was erased was judged when it first came, and says nothing any more.
        reason = None if is_listed else judge(author, before.state, after, change)
        if reason is None:
            self.accept(change, before, after, APPLIED)
            self._hold(change)
            self._put_back_late(before.state, change)
        else:
            self.note(f"quarantine:{reason.value}")
            self.quarantine(change, before, after)

    def quarantine(self, change: LinkedChange, before: Folded, after: State) -> None:
        """Merge a change like any other, and undo it in the office's own name."""
        self.accept(change, before, after, QUARANTINED)
        for sets in record.put_back(before.state, change):
            self.put_back(change.skeleton.record if change.skeleton else b"", sets)

    def put_back(self, record_id: bytes, sets: Sets) -> None:
        """Write a change of the office's own seat."""
        before = self.tables.records[record_id]
        change = write_own(self.tables, self.own, before.state, sets, self.now)
        self.accept(change, before, record.apply(before.state, change, self.now), PUT_BACK)

    def desk(self, seat: Grant, record_id: bytes, sets: Sets) -> None:
        """Write a change of the desk, which may do everything."""
        before = self.tables.records[record_id]
        change = write_own(self.tables, seat, before.state, sets, self.now)
        self.accept(change, before, record.apply(before.state, change, self.now), APPLIED)

    def accept(self, change: LinkedChange, before: Folded, after: State, effect: str) -> None:
        """Keep a change and the state that it leads to."""
        self._areas_before.setdefault(after.record, (before.area, before.is_hidden))
        applied = before.applied + (effect == APPLIED)
        folded = Folded(after, encode_state(after), applied)
        self.tables.disk.put("records", after.record, folded)
        self._keep(change, effect)
        assert change.skeleton is not None
        self._note_conflicts(after, change.skeleton.fields)

    def _note_conflicts(self, state: State, names: Iterable[str]) -> None:
        for name in names:
            key = (state.record, name)
            if register.in_conflict(state.registers[name]) if name in state.registers else False:
                self.note("conflict")
                self.tables.disk.put("conflicts", key, True)
            else:
                self.tables.disk.drop("conflicts", key)

    def erase(self, listed: AbstractSet[Erasure]) -> None:
        """Drop the bodies that are listed, and the values from the records that they were of."""
        named = {one.named for one in listed}
        for record_id in sorted(drop_bodies(self.tables, listed)):
            before = self.tables.records[record_id]
            self._areas_before.setdefault(record_id, (before.area, before.is_hidden))
            state = record.erase(before.state, named)
            folded = Folded(state, encode_state(state), before.applied)
            self.tables.disk.put("records", record_id, folded)
            self._note_conflicts(state, state.registers)

    def number_feeds(self, reserved: int | None) -> None:
        """Give what changed its new place in the feeds: the last deed of a transaction."""
        for record_id, (old_area, was_hidden) in self._areas_before.items():
            folded = self.tables.records[record_id]
            if old_area and old_area != folded.area and not was_hidden:
                self.note("left-mark")
                self._number(old_area, record_id, reserved, has_left=True)
            if folded.area and not folded.is_hidden:
                self._number(folded.area, record_id, reserved, has_left=False)

    def _number(self, area: str, record_id: bytes, reserved: int | None, *, has_left: bool) -> None:
        newest = self.tables.counters.get(area, 0)
        number = newest + 1 if reserved is None else reserved + self._numbered
        self._numbered += 1
        self.tables.disk.put("counters", area, max(newest, number))
        self.tables.disk.put("feeds", (area, record_id), FeedRow(number, has_left))

    def _put_back_late(self, before: State, change: LinkedChange) -> None:
        """Set again what a quarantined change displaced before it had arrived.

        The put-back of that time knew no value and set nil; nobody but the quarantined change
        named this one, so nothing that a person may do has replaced it.
        """
        skeleton = change.skeleton
        assert skeleton is not None
        if change.is_erased:
            return
        sets: dict[str, tuple[list[Dot], object]] = {}
        values = raw_values(change.body_bytes)
        for name, value in zip(skeleton.fields, values, strict=True):
            old = before.registers.get(name)
            if old is None or change.dot not in old.gone or self._is_replaced(change, name):
                continue
            stands = [head.dot for head in old.heads if self._is_empty_put_back(head)]
            sets[name] = (stands, register.open_value(Head(change.dot, (0, 0), 0, value)))
        if sets:
            self.note("late-put-back")
            self.put_back(skeleton.record, sets)

    def _is_replaced(self, change: LinkedChange, name: str) -> bool:
        """Tell whether a change that was taken, not quarantined, replaces this set."""
        assert change.skeleton is not None
        return any(
            row.effect in (APPLIED, PUT_BACK)
            and row.change.skeleton is not None
            and row.change.skeleton.record == change.skeleton.record
            and change.dot in row.change.skeleton.fields.get(name, ())
            for row in self.tables.changes.values()
        )

    def _is_empty_put_back(self, head: Head) -> bool:
        row = self.tables.changes.get((head.dot.seat, head.dot.seq))
        return row is not None and row.effect == PUT_BACK and register.open_value(head) is None

    def _hold(self, change: LinkedChange) -> None:
        facts = self.registry.seats.get(change.seat)
        assert change.skeleton is not None
        if facts is not None:
            for holder in (f"staff:{facts.staff}", f"team:{facts.team}"):
                key = (change.skeleton.record, holder)
                if key not in self.tables.holders:
                    self.tables.disk.put("holders", key, True)

    def _keep(self, change: LinkedChange, effect: str) -> None:
        row = OfficeRow(change, effect, self.now)
        self.tables.disk.put("changes", (change.seat, change.seq), row)
        self.tables.disk.put("logs", change.seat, Held(change.seq, change.head))

    def _find(self, record_id: bytes, kind: str) -> Folded:
        return self.tables.records.get(record_id) or Folded(State(record_id, kind), b"", 0)

    def _author(self, seat: int) -> Author:
        facts = self.registry.seats[seat]
        return Author(facts.areas, is_office=False, is_revoked=self.registry.is_revoked(seat))

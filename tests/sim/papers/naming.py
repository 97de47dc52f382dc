"""Which papers the changes at the simulated office name, and who may hold them."""

from collections.abc import Callable, Iterator

import msgspec

from sync.change import LinkedChange, raw_values
from sync.record import heads
from sync.register import open_value
from tests.sim.answering import may_hold
from tests.sim.model import MERGED
from tests.sim.office_tables import Tables
from tests.sim.papers.door import FIELD, PaperName
from tests.sim.registry import Registry, SeatFacts


class Naming:
    """What follows from the office's tables."""

    def __init__(self, tables: Callable[[], Tables], registry: Registry) -> None:
        self._tables, self.registry = tables, registry

    def holds(self, facts: SeatFacts, record: bytes) -> bool:
        """Tell whether a record may be on a seat's device: its area, and who holds it."""
        folded = self._tables().records.get(record)
        if folded is None or folded.area not in facts.areas:
            return False
        return may_hold(self._tables(), facts, record)

    def is_named(self, name: PaperName) -> bool:
        """Tell whether a record's state speaks of a paper."""
        folded = self._tables().records.get(name.record)
        if folded is None or folded.is_hidden:
            return False
        values = [open_value(head) for head in heads(folded.state, name.field)]
        return any(isinstance(value, dict) and not value.get("erased") for value in values)

    def names(self, device: int, name: PaperName) -> bool:
        """Tell whether a change of this device names a paper, also in quarantine."""
        seats = self.registry.seats
        return any(
            change.seat in seats and seats[change.seat].device == device
            for change in self._naming(name)
        )

    def is_still_named(self, name: PaperName) -> bool:
        """Tell whether any change names a paper: it was not erased."""
        return any(True for _ in self._naming(name))

    def _naming(self, name: PaperName) -> Iterator[LinkedChange]:
        for row in self._tables().changes.values():
            change = row.change
            if change.skeleton is None or change.skeleton.record != name.record:
                continue
            if row.effect in MERGED and not change.is_erased and name in names_in(change):
                yield change


def names_in(change: LinkedChange) -> set[PaperName]:
    """Give the papers that a change names; of an erased one, those that it named."""
    skeleton = change.skeleton
    if skeleton is None or not any(field.startswith(FIELD) for field in skeleton.fields):
        return set()
    values = [None] * len(skeleton.fields) if change.is_erased else raw_values(change.body_bytes)
    return {
        PaperName(skeleton.record, bytes.fromhex(field.removeprefix(FIELD)))
        for field, value in zip(skeleton.fields, values, strict=True)
        if field.startswith(FIELD)
        and (value is None or isinstance(msgspec.msgpack.decode(value), dict))
    }

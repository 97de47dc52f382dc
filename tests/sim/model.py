"""The reference: what must come of a set of changes, folded as naively as one can.

It looks at all changes of a field at once, and shares no code with `sync.register` or
`sync.record`: a set stands if no change names it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from sync.change import Dot, LinkedChange, raw_values
from tests.sim.ports import OfficeRow

# What is left of a value that was erased by law.
ERASED = msgspec.msgpack.encode({"erased": True})
MERGED = {"applied", "quarantined", "put-back", "policy"}
# By what a value may go: by what somebody was allowed to set, or by a rule of the office.
RIGHTFUL = {"applied", "policy"}


@dataclass(frozen=True)
class Set:
    """One set of a field, by one change."""

    dot: Dot
    at: tuple[int, int]
    received: int
    value: bytes
    effect: str


@dataclass
class Field:
    """All sets of a field, and by whom each dot is named."""

    sets: list[Set] = field(default_factory=list)
    named_by: dict[Dot, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def heads(self) -> list[Set]:
        """Give the sets that nobody names."""
        return sorted(
            (one for one in self.sets if one.dot not in self.named_by), key=lambda one: one.dot
        )

    @property
    def values(self) -> set[bytes]:
        """Give the different values that stand."""
        return {canonical(one.value) for one in self.heads}


@dataclass
class Record:
    """All that was ever set in one record."""

    record: bytes
    kind: str
    seen: dict[int, int] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=lambda: defaultdict(Field))

    def state(self) -> bytes:
        """Give the bytes that a state of all this has."""
        registers = []
        for name in sorted(self.fields):
            one = self.fields[name]
            heads = [
                [list_of(head.dot), head.at, head.received, msgspec.Raw(head.value)]
                for head in one.heads
            ]
            gone = sorted(dot for dot in one.named_by if dot.seq > self.seen.get(dot.seat, 0))
            registers.append([name, heads, [list_of(dot) for dot in gone]])
        seen = sorted(self.seen.items())
        return msgspec.msgpack.encode([1, self.record, self.kind, seen, registers])


def fold(rows: Iterable[OfficeRow]) -> dict[bytes, Record]:
    """Fold all changes that the office has merged, record by record."""
    records: dict[bytes, Record] = {}
    for row in rows:
        change, skeleton = row.change, row.change.skeleton
        if row.effect not in MERGED or skeleton is None:
            continue
        record = records.setdefault(skeleton.record, Record(skeleton.record, skeleton.kind))
        record.seen[change.seat] = max(change.seq, record.seen.get(change.seat, 0))
        for (name, dots), value in zip(skeleton.fields.items(), said_in(change), strict=True):
            at = skeleton.at
            one = Set(change.dot, at, row.received, value, row.effect)
            record.fields[name].sets.append(one)
            for dot in dots:
                record.fields[name].named_by[dot].append(row.effect)
    return records


def said_in(change: LinkedChange) -> list[bytes]:
    """Give the values of a change, in the order of its fields; the mark where it was erased."""
    if change.is_erased:
        assert change.skeleton is not None
        return [ERASED] * len(change.skeleton.fields)
    return _values(change.body_bytes)


@lru_cache(4096)
def _values(body: bytes) -> list[bytes]:
    # The judges ask of each change several times, and of one that was taken over again.
    return [bytes(value) for value in raw_values(body)]


def lost_values(record: Record) -> list[str]:
    """Name the fields in which a value went though nobody who may do so replaced it.

    What a quarantined change displaced has to stand again, by a put-back with the same value.
    """
    return [
        name
        for name, one in record.fields.items()
        if any(
            each.effect == "applied" and each.value != ERASED and not survives(one, each, set())
            for each in one.sets
        )
    ]


def survives(one: Field, lost: Set, tried: set[Dot]) -> bool:
    """Tell whether a value stands, or was rightly replaced, or was rightly set again."""
    killers = one.named_by.get(lost.dot, ())
    if not killers or RIGHTFUL.intersection(killers):
        return True
    tried.add(lost.dot)
    return any(
        again.effect == "put-back"
        and again.dot not in tried
        and canonical(again.value) == canonical(lost.value)
        and survives(one, again, tried)
        for again in one.sets
    )


def standing_quarantined(record: Record) -> list[str]:
    """Name the fields in which something stands that its author was not allowed to set."""
    return [
        name
        for name, one in record.fields.items()
        if any(head.effect == "quarantined" for head in one.heads)
    ]


def piled_up(record: Record) -> list[str]:
    """Name the fields in which the office has set more than was there to be set again.

    Each put-back says a value that stood, or nil. If every quarantined change left one more head,
    a revoked phone could make a field that nobody can settle any more.
    """
    return [
        name
        for name, one in record.fields.items()
        if sum(head.effect == "put-back" for head in one.heads)
        > 1 + sum(each.effect == "applied" for each in one.sets)
    ]


def canonical(value: bytes) -> bytes:
    """Give bytes that are equal where values are."""
    return msgspec.msgpack.encode(msgspec.msgpack.decode(value), order="deterministic")


def list_of(dot: Dot) -> list[object]:
    """Give a dot as it is written."""
    return [dot.seat, dot.seq, dot.tag]

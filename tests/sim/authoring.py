"""How the simulated phone writes a change: the log, its end and the record in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sync import clock
from sync.batch import link_changes
from sync.change import VERSION, Dot, LinkedChange, Skeleton, values_of, write_change
from sync.clock import At
from sync.limits import SALT_BYTES
from sync.record import State, apply, dots, must_wait
from tests.sim.phone import KIND, Entry, Kept, Phone, SeatRow, record_of
from tests.sim.ports import Written


@dataclass(frozen=True)
class Deed:
    """What a change sets, and what it replaces."""

    record: bytes
    values: Mapping[str, Any]
    replaced: Mapping[str, Sequence[Dot]]


def write(phone: Phone, row: SeatRow, deed: Deed, now: int) -> tuple[SeatRow, LinkedChange]:
    """Add one change to the open transaction; give the seat's new row with it."""
    kept = phone.records.get(deed.record)
    state = kept.state if kept else State(deed.record, KIND)
    at = clock.tick(_newest_seen(row.at, state, deed, now), now)
    seq = row.last + 1
    skeleton = Skeleton(
        VERSION,
        row.seat,
        seq,
        last_on(phone, row, deed.record),
        deed.record,
        state.kind,
        at,
        {name: list(dots) for name, dots in deed.replaced.items()},
    )
    written = write_change(skeleton, list(deed.values.values()), bytes(SALT_BYTES))
    (change,) = link_changes(row.seat, seq, [written], row.head)
    turn = max((entry.turn for entry in phone.log.values()), default=0) + 1
    row = row._replace(last=seq, head=change.head, at=at)
    phone.disk.put("seats", row.seat, row)
    phone.disk.put("log", (row.seat, seq), Entry(turn, change))
    phone.disk.put("own_last", (row.seat, deed.record), seq)
    if not must_wait(state, skeleton):
        after = apply(state, change)
        # Where the record has left, its page will bring what is below, and this goes on top: all
        # that others wrote to it here, too, of which only the office may have a copy.
        if kept or phone.has_all_own(after):
            feeds = kept.feeds if kept else frozenset()
            phone.disk.put("records", deed.record, Kept(after, feeds))
    return row, change


def seen_by_author(phone: Phone, record: bytes, names: Sequence[str]) -> dict[str, list[Dot]]:
    """Give what a set of these fields replaces."""
    kept = phone.records.get(record)
    state = kept.state if kept else State(record, KIND)
    return {name: dots(state, name) for name in names}


def values_seen(phone: Phone, deed: Deed) -> dict[str, list[tuple[Dot, bytes]]]:
    """Give the heads that an author sees, with their values, for the witness."""
    kept = phone.records.get(deed.record)
    registers = kept.state.registers if kept else {}
    return {
        name: [(head.dot, bytes(head.value)) for head in registers[name].heads]
        for name in deed.values
        if name in registers
    }


def skeleton_prev(change: LinkedChange) -> int:
    """Give what a change says of its author's previous one to the record."""
    assert change.skeleton is not None
    return change.skeleton.prev


def seen_own(phone: Phone, row: SeatRow, record: bytes) -> int:
    """Give how far of a seat's own changes a record on this phone has seen."""
    kept = phone.records.get(record)
    return kept.state.seen.get(row.seat, 0) if kept else 0


def last_on(phone: Phone, row: SeatRow, record: bytes) -> int:
    """Give the seq of this seat's previous change to a record, 0 if there is none."""
    return phone.own_last.get((row.seat, record), 0)


def carry_over(phone: Phone, old: SeatRow, new: SeatRow, now: int) -> list[Written]:
    """Write the changes of a branch again under a new seat; what they replaced stays replaced."""
    renamed: dict[Dot, Dot] = {}
    carried = []
    for seq in range(old.parting, old.last + 1):
        entry = phone.log.get((old.seat, seq))
        # Nobody says again what was erased.
        if entry is None or entry.change.is_erased:
            continue
        skeleton, body = entry.change.skeleton, entry.change.body_bytes
        assert skeleton is not None
        replaced = {
            name: [renamed.get(dot, dot) for dot in dots] for name, dots in skeleton.fields.items()
        }
        values = dict(zip(skeleton.fields, values_of(body), strict=True))
        deed = Deed(record_of(entry.change), values, replaced)
        new, change = write(phone, new, deed, now)
        renamed[entry.change.dot] = change.dot
        phone.disk.put("carried", entry.change.head, change.head)
        carried.append(Written(change, {}, skeleton_prev(change)))
    return carried


def carry_owed(phone: Phone, now: int) -> list[Written]:
    """Write what a log that parted earlier than was known left behind, under the newest seat.

    What the same log set again later was carried over as that, and what somebody here replaced is
    gone with what they wrote.
    """
    written = []
    for seat, seq in sorted(phone.owed):
        new, entry = phone.newest(seat), phone.log.get((seat, seq))
        if entry is None or not new.is_well:
            continue
        if entry.change.is_erased:
            phone.disk.drop("owed", (seat, seq))
            continue
        skeleton, body = entry.change.skeleton, entry.change.body_bytes
        assert skeleton is not None
        since = _set_since(phone, entry)
        fields = dict(zip(skeleton.fields, values_of(body), strict=True))
        values = {name: value for name, value in fields.items() if name not in since}
        head = next(iter(since.values()), b"")
        if values:
            replaced = {name: skeleton.fields[name] for name in values}
            deed = Deed(record_of(entry.change), values, replaced)
            _, change = write(phone, new, deed, now)
            written.append(Written(change, {}, skeleton_prev(change)))
            head = change.head
        phone.disk.put("carried", entry.change.head, head)
        phone.disk.drop("owed", (seat, seq))
    return written


def _set_since(phone: Phone, entry: Entry) -> dict[str, bytes]:
    """Give the fields of a change that were set again here, with the heads of what set them."""
    change, record = entry.change, record_of(entry.change)
    since = {}
    for other in phone.log.values():
        one = other.change
        if one.skeleton is None or one.skeleton.record != record or other.turn <= entry.turn:
            continue
        for name, seen in one.skeleton.fields.items():
            if one.seat == change.seat or change.dot in seen:
                since[name] = one.head
    return since


def same_value(one: bytes, other: bytes) -> bool:
    """Tell whether two encoded values are equal."""
    return bool(msgspec.msgpack.decode(one) == msgspec.msgpack.decode(other))


def _newest_seen(last: At, state: State, deed: Deed, now: int) -> At:
    for name in deed.values:
        register = state.registers.get(name)
        for head in register.heads if register else ():
            last = clock.witness(last, At(*head.at), now)
    return last

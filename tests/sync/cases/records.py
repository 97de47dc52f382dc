"""Vectors of records: the states that changes lead to, how they join, what is erased in them."""

from collections.abc import Sequence

import msgspec

from sync import record
from sync.change import LinkedChange
from sync.papers import Erasures, erasure_of
from sync.record import State
from tests.sync.cases.case import Case, bytes_of, erased
from tests.sync.writer import OFFICE, Writer, record_id


def record_cases() -> list[Case]:
    """Every delivery ends in the same bytes: in order, reversed, doubled, with one held back."""
    an, binh, chi = Writer(3), Writer(4), Writer(5)
    start = State(record_id(1), "dossier")
    taken = an.edit_and_apply(
        start, {"status": "sealed", "answers.name": "An", "answers.note": "x"}
    )
    by_an = an.edit_and_apply(taken, {"answers.name": "An Hoà", "answers.age": 71})
    binh.edit_and_apply(taken, {"answers.name": "An Hòa", "answers.note": None})
    both, _ = record.fold(by_an, binh.log)
    chi.edit(both, {"answers.name": "Nguyễn An"})
    an.edit(by_an, {"answers.phone": "0912345678"})
    everything = [*an.log, *binh.log, *chi.log]
    twin = Writer(3)
    twin.edit(start, {"answers.name": "of the other branch"})
    seen_by_binh, _ = record.fold(start, twin.log)
    giang = Writer(6)
    giang.edit(seen_by_binh, {"answers.name": "built on it"})
    orders = {
        "in order": everything,
        "reversed": everything[::-1],
        "doubled": [change for change in everything for _ in range(2)],
        "settled before the conflict": [an.log[0], *chi.log, *binh.log, *an.log[1:]],
        "without the settlement": [*an.log, *binh.log],
        "the second change waits": [an.log[1]],
        "built on the other branch of a fork": [*giang.log, *an.log],
        "with bodies that were erased": [erased(an.log[0]), *binh.log, *an.log[1:]],
    }
    return [_record_case(name, start, changes) for name, changes in orders.items()]


def join_cases() -> list[Case]:
    """States that know different parts, and one that a change has left already."""
    an, binh = Writer(3), Writer(4)
    start = State(record_id(1), "dossier")
    taken = an.edit_and_apply(start, {"a": 1, "b": "x"})
    mine = an.edit_and_apply(taken, {"a": 2})
    theirs = binh.edit_and_apply(taken, {"a": 3, "c": True})
    both = record.join(mine, theirs)
    settled = binh.edit_and_apply(both, {"a": 3})
    early, _ = record.fold(taken, [binh.log[0]], 1_800_000_000_500)
    only_settled = record.apply(start_with(taken, binh.log[0]), binh.log[1])
    pairs = {
        "two branches": (mine, theirs),
        "with nothing": (start, mine),
        "with itself": (both, both),
        "a settlement": (mine, settled),
        "the office's time of receipt": (theirs, early),
        "replaced before it came": (only_settled, mine),
        "erased on one side": (record.erase(both, {(3, 2)}), theirs),
        "erased here, and received there": (record.erase(taken, {(3, 1)}), early),
    }
    return [
        {
            "name": name,
            "ours": record.encode_state(ours).hex(),
            "theirs": record.encode_state(their).hex(),
            "joined": record.encode_state(record.join(ours, their)).hex(),
        }
        for name, (ours, their) in pairs.items()
    ]


def erasure_cases() -> list[Case]:
    """A copied phone wrote in the same place: one branch is erased, the other keeps its values."""
    an, copy, binh = Writer(3), Writer(3), Writer(4)
    start = State(record_id(1), "dossier")
    mine = an.edit_and_apply(start, {"answers.name": "An", "answers.note": "x"})
    theirs = copy.edit_and_apply(start, {"answers.name": "of the other branch"})
    taken = binh.edit_and_apply(mine, {"answers.note": "y"})
    erasures = {
        "this branch": [erasure_of(an.log[0])],
        "the other branch": [erasure_of(copy.log[0])],
        "both, and more": [erasure_of(one) for one in (an.log[0], copy.log[0], binh.log[0])],
        "nothing": [],
    }
    cases = [
        _erasure_case(f"{name}, in a state of {whose}", state, entries)
        for name, entries in erasures.items()
        for whose, state in (("this one", taken), ("the other", theirs))
    ]
    before = erasure_of(copy.log[0])
    places = msgspec.structs.replace(before, tag=b"")
    return [
        *cases,
        _erasure_case("of a branch that nobody knows any more", taken, [places]),
        _erasure_case("from before there were tags", taken, [[*before.body]]),
        _erasure_case("with more than is known today", taken, [[*before.body, before.tag, 1, "x"]]),
    ]


def _erasure_case(name: str, state: State, entries: Sequence[object]) -> Case:
    message = msgspec.msgpack.encode([OFFICE, 5, entries, 1_800_000_000_000])
    listed = msgspec.msgpack.decode(message, type=Erasures)
    left = record.erase(state, {entry.named for entry in listed.entries})
    return {
        "name": name,
        "list": message.hex(),
        "state": record.encode_state(state).hex(),
        "left": record.encode_state(left).hex(),
    }


def start_with(state: State, change: LinkedChange) -> State:
    """Give a state with one more change."""
    return record.apply(state, change)


def _record_case(name: str, start: State, changes: list[LinkedChange]) -> Case:
    state, waiting = record.fold(start, changes)
    return {
        "name": name,
        "record": start.record.hex(),
        "kind": start.kind,
        "deliveries": [
            {
                "seat": change.seat,
                "seq": change.seq,
                "head": change.head.hex(),
                "change": bytes_of(change).hex(),
            }
            for change in changes
        ],
        "waiting": len(waiting),
        "state": record.encode_state(state).hex(),
        "conflicts": record.conflicts(state),
        "shown": record.shown_values(state),
    }

"""Erased bodies: the chain holds, the skeleton merges, and no join brings a value back."""

import random
from itertools import permutations

import msgspec
import pytest

from sync import chain, record
from sync.batch import link_changes
from sync.change import LinkedChange, has_effect, split
from sync.reconcile import Author, Reason, judge
from sync.record import State, apply, encode_state, fold, is_erased, join, put_back, shown
from sync.register import ERASED, Head
from sync.value import find_fault
from tests.sync.writer import Writer, record_id

START = State(record_id(1), "dossier")
SEEDS = range(300)


def erased(change: LinkedChange) -> LinkedChange:
    return msgspec.structs.replace(change, body_bytes=chain.erase(change.body_bytes))


def test_a_log_without_bodies_has_the_same_heads() -> None:
    an = Writer(3)
    state = an.edit_and_apply(START, {"a": "Bà Lan"})
    an.edit_and_apply(state, {"a": "Bà Lan Anh", "b": None})
    changes = [change.skeleton_bytes + chain.erase(change.body_bytes) for change in an.log]

    linked = link_changes(3, 1, changes, chain.start(an.public_key))

    assert [one.head for one in linked] == [one.head for one in an.log]
    assert all(one.is_erased and has_effect(one) for one in linked)
    assert chain.erase(linked[0].body_bytes) == linked[0].body_bytes
    assert b"Lan" not in b"".join(changes)
    assert split(changes[0])[1] == linked[0].body_bytes


def test_values_read_erased_and_are_replaced_like_others() -> None:
    an, binh = Writer(3), Writer(4)
    first = an.edit(START, {"a": "x", "b": "y"})
    second = binh.edit(apply(START, first), {"a": "z"})

    state, waiting = fold(START, [erased(first), second])

    assert (shown(state, "a"), shown(state, "b"), waiting) == ("z", {"erased": True}, [])
    assert is_erased(state, "b")
    assert not is_erased(state, "a")


def test_nobody_can_write_what_reads_as_erased() -> None:
    assert find_fault({"erased": True}) == "a value that reads as erased"
    assert find_fault({"erased": False}) is None
    assert find_fault({"erased": True, "more": 1}) is None
    assert find_fault([{"erased": True}]) is None


def test_folding_without_bodies_is_erasing_the_state() -> None:
    an, binh = Writer(3), Writer(4)
    first = an.edit(START, {"a": "x", "b": "y"})
    other = binh.edit(START, {"a": "z"})
    whole, _ = fold(START, [first, other])
    cut, _ = fold(START, [erased(first), other])

    assert encode_state(record.erase(whole, {first.dot})) == encode_state(cut)
    assert encode_state(record.erase(whole, {(3, 1)})) == encode_state(cut)


def test_another_branch_of_the_log_keeps_its_values() -> None:
    an, copy, binh = Writer(3), Writer(3), Writer(4)
    mine = an.edit(START, {"a": "x"})
    theirs = copy.edit(START, {"b": "of the copy"})
    beside = binh.edit(START, {"c": "z"})
    state, _ = fold(START, [mine, beside])
    before = encode_state(state)

    assert encode_state(record.erase(state, {theirs.dot})) == before
    # Where nobody knows the branch any more, all of the place goes.
    gone = record.erase(state, {(3, 1)})
    assert (shown(gone, "a"), shown(gone, "c")) == ({"erased": True}, "z")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_erased_value_wins_in_every_order_of_joins(order: tuple[int, ...]) -> None:
    an, binh = Writer(3), Writer(4)
    first = an.edit(START, {"a": "x"})
    other = binh.edit(START, {"a": "z"})
    early = apply(START, first, received=5)
    late = apply(apply(START, first, received=9), other)
    gone = apply(START, erased(first))
    states = [early, late, gone]

    state = START
    for place in order:
        state = join(state, states[place])

    heads = {head.dot.seat: head for head in record.heads(state, "a")}
    assert (heads[3].value, heads[3].received) == (ERASED, 9)
    assert shown(apply(START, other), "a") == "z"


@pytest.mark.parametrize("seed", SEEDS)
def test_joining_keeps_its_laws_where_some_erased_what_others_hold(seed: int) -> None:
    chance = random.Random(seed)
    writers = [Writer(3), Writer(4), Writer(5)]
    states = [START, START, START]
    for _ in range(12):
        place = chance.randrange(3)
        fields = chance.sample(["a", "b", "c"], chance.randint(1, 2))
        values = {name: chance.choice(["x", "y", None, 1]) for name in fields}
        states[place] = writers[place].edit_and_apply(states[place], values)
        if chance.random() < 0.4:
            states[place] = join(states[place], states[chance.randrange(3)])
        if chance.random() < 0.3:
            every = [change.dot for one in writers for change in one.log]
            states[place] = record.erase(states[place], set(chance.sample(every, len(every) // 2)))
    one, other, third = states

    assert encode_state(join(one, other)) == encode_state(join(other, one))
    assert encode_state(join(one, one)) == encode_state(one)
    assert encode_state(join(join(one, other), third)) == encode_state(
        join(one, join(other, third))
    )
    for dot in [(head.dot, name) for state in states for name, head in _erased_heads(state)]:
        standing = {head.dot: head for head in record.heads(join(join(one, other), third), dot[1])}
        assert dot[0] not in standing or standing[dot[0]].value == ERASED


def _erased_heads(state: State) -> list[tuple[str, Head]]:
    return [
        (name, head)
        for name in state.registers
        for head in record.heads(state, name)
        if head.value == ERASED
    ]


def test_what_comes_after_an_erasure_is_quarantined_and_sets_nothing_again() -> None:
    """FAULT-51."""
    an, binh = Writer(3), Writer(4)
    first = an.edit(START, {"area": "10441", "n": "Bà Lan"})
    late = binh.edit(apply(START, first), {"n": "Bà Lan Anh"})
    before = apply(START, erased(first))

    reason = judge(Author(["10441"], False, False), before, apply(before, late), late)

    assert reason is Reason.ERASED
    assert [one["n"][1] for one in put_back(before, late)] == [None]

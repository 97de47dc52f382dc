"""Batches by columns: the same changes, byte for byte, and nothing that a hostile phone gains."""

from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.batch import Batch
from sync.columns import Columns, changes_of, to_columns
from sync.field_names import FIELD_NAMES
from sync.record import State
from sync.refusals import Malformed, TooLarge
from sync.sent_batch import read_batch, write_batch
from sync.value import find_any_fault
from tests.sync.test_vectors import cases
from tests.sync.writer import Writer, record_id

Edit = tuple[int, dict[str, Any]]
WIDE = 1 << 20

RELEASED = {379: "a7e5db2a6b4966cb50bcfb25e242605382634065fb619fa3233a604a5a36f47a"}
"""Of each length of the list that phones have counted by: a digest of so many names."""

names = st.sampled_from([*FIELD_NAMES[:9], FIELD_NAMES[-1], "answers.members.a1.name", "b"])
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.binary(max_size=40),
    st.text(max_size=300),
    st.lists(st.integers(0, 3), max_size=3),
).filter(lambda value: find_any_fault([value]) is None)
edits = st.lists(
    st.tuples(st.integers(1, 3), st.dictionaries(names, values, min_size=1, max_size=20)),
    min_size=1,
    max_size=12,
)


def written(edited: list[Edit], writer: Writer) -> Batch:
    """Give the batch of these edits, each of a record by its number."""
    states: dict[int, State] = {}
    for number, sets in edited:
        state = states.get(number) or State(record_id(number), "dossier" if number < 3 else "trip")
        states[number] = writer.edit_and_apply(state, sets)
    return writer.batch()


@settings(deadline=None)
@given(edited=edits)
def test_what_was_packed_is_unpacked_byte_for_byte(edited: list[Edit]) -> None:
    batch = written(edited, Writer(3))

    assert b"columns" in write_batch(batch)
    assert read_batch(write_batch(batch), WIDE) == batch
    assert read_batch(msgspec.msgpack.encode(batch), WIDE) == batch


@pytest.mark.parametrize("place", range(4))
def test_the_committed_columns_are_the_committed_changes(place: int) -> None:
    case = cases("columns")[place]
    columns = msgspec.msgpack.decode(bytes.fromhex(case["columns"]), type=Columns)

    found = changes_of(columns, case["seat"], case["first"], WIDE)

    assert [change.hex() for change in found] == case["changes"]


@pytest.mark.parametrize(
    "odd",
    [
        b"\xc0",
        b"\x01\x02",
        b"\x98\x02" + b"\x01" * 7,
        # What says the same in a longer form.
        bytes.fromhex("9801cc0301") + b"rest",
    ],
    ids=["nothing", "numbers", "a later version", "a longer number"],
)
def test_what_does_not_go_by_columns_goes_plainly(odd: bytes) -> None:
    an = Writer(3)
    an.edit_and_apply(State(record_id(1), "dossier"), {"a": 1})
    batch = msgspec.structs.replace(an.batch(), changes=[*an.batch().changes, odd])

    assert to_columns(batch.seat, batch.first, batch.changes) is None
    assert read_batch(write_batch(batch), WIDE) == batch


def test_a_change_of_another_place_goes_plainly() -> None:
    an = Writer(3)
    an.edit_and_apply(State(record_id(1), "dossier"), {"a": 1})
    batch = msgspec.structs.replace(an.batch(), first=2)

    assert to_columns(batch.seat, batch.first, batch.changes) is None
    assert read_batch(write_batch(batch), WIDE) == batch


@settings(max_examples=300, deadline=None)
@given(edited=edits, at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_spoilt_columns_are_refused_or_are_other_changes(
    edited: list[Edit], at: int, byte: int
) -> None:
    sent = bytearray(write_batch(written(edited, Writer(3))))
    sent[at % len(sent)] = byte

    with suppress(Malformed, TooLarge):  # and nothing else
        assert read_batch(bytes(sent), WIDE).changes


def test_a_short_batch_cannot_become_a_large_one() -> None:
    an = Writer(3)
    long_name = "n" * 200
    for number in range(900):
        an.edit_and_apply(State(record_id(number), "dossier"), {long_name: None})
    sent = write_batch(an.batch())
    assert len(sent) < 50_000

    with pytest.raises(TooLarge):
        read_batch(sent, 100_000)


def test_changes_come_in_one_way_alone() -> None:
    an = Writer(3)
    an.edit_and_apply(State(record_id(1), "dossier"), {"a": 1})
    plain = msgspec.structs.asdict(an.batch())
    columns = to_columns(3, 1, plain["changes"])

    for changes in (plain | {"columns": columns}, plain | {"changes": []}):
        with pytest.raises(Malformed):
            read_batch(msgspec.msgpack.encode(changes), WIDE)


def test_a_list_of_names_that_is_longer_than_ours_is_not_guessed_at() -> None:
    an = Writer(3)
    an.edit_and_apply(State(record_id(1), "dossier"), {"a": 1})
    columns = to_columns(3, 1, an.batch().changes)
    assert columns is not None
    later = msgspec.structs.replace(columns, known=len(FIELD_NAMES) + 1)

    with pytest.raises(Malformed):
        changes_of(later, 3, 1, WIDE)


def test_the_list_of_names_only_grows_at_its_end() -> None:
    assert len(FIELD_NAMES) == len(set(FIELD_NAMES))
    assert len(FIELD_NAMES) in RELEASED
    for length, digest in RELEASED.items():
        assert sha256("\n".join(FIELD_NAMES[:length]).encode()).hexdigest() == digest

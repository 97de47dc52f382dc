"""Registers that are kept as bytes say and weigh exactly what plain ones would."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sync import chain
from sync.first import FirstRegisters
from sync.record import State, apply, decode_state, encode_state, shown_values
from tests.sync.writer import Writer, record_id

START = State(record_id(1), "dossier")

names = st.text("abc.:-_09", min_size=1, max_size=40)
answers = st.one_of(
    st.none(), st.booleans(), st.integers(1 - 2**53, 2**53 - 1), st.sampled_from(["", "Phượng"])
)
values = st.one_of(answers, st.lists(answers, max_size=3), st.dictionaries(names, answers))


def with_plain_registers(state: State) -> State:
    """Give the same state with every register made."""
    assert isinstance(state.registers, FirstRegisters)
    return State(state.record, state.kind, state.seen, dict(state.registers))


@given(
    set_values=st.dictionaries(names, values, min_size=1, max_size=40),
    seat=st.integers(1, 2**53 - 1),
    received=st.integers(0, 2**53 - 1),
)
def test_a_first_change_gives_the_bytes_of_plain_registers(
    set_values: dict[str, Any], seat: int, received: int
) -> None:
    state = apply(START, Writer(seat).edit(START, set_values), received)
    plain = with_plain_registers(state)

    assert encode_state(state) == encode_state(plain)
    assert decode_state(encode_state(state)) == plain == state
    shown = {name: value for name, value in set_values.items() if value is not None}
    assert shown_values(state) == shown


def test_what_comes_after_finds_plain_registers() -> None:
    an, binh = Writer(3), Writer(4)
    first = apply(START, an.edit(START, {"a": "x", "b": "y"}))
    second = binh.edit(first, {"a": "z"})

    assert apply(first, second) == apply(with_plain_registers(first), second)


def test_an_erased_body_reads_erased() -> None:
    made = Writer(3).edit(START, {"a": "x"})
    erased = msgspec.structs.replace(made, body_bytes=chain.erase(made.body_bytes))

    state = apply(START, erased)

    assert shown_values(state) == {"a": {"erased": True}}
    assert encode_state(state) == encode_state(with_plain_registers(state))

"""Codes that people say, type and mistype (UX-43); what both languages do is in the vectors."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.codes import (
    ALPHABET,
    MARK,
    PROVISIONAL_PER_DAY,
    HeldLease,
    code_kind,
    day_number,
    fold_code,
    is_agency,
    is_mistyped,
    next_counter,
    next_ordinal,
    official_code,
    provisional_code,
)

codes = st.builds(
    provisional_code,
    st.integers(1, 3_000_000),
    st.integers(0, 60_000),
    st.integers(1, PROVISIONAL_PER_DAY),
)


def test_nothing_in_it_is_mistaken_for_another_letter() -> None:
    assert not set(ALPHABET) & set("0O1IL")
    assert len(ALPHABET) == 31


@given(codes)
def test_any_single_wrong_letter_shows(code: str) -> None:
    for place in range(1, len(code)):
        for letter in set(string.ascii_uppercase + string.digits) - {code[place]}:
            if code[place] != "-":
                assert code_kind(code[:place] + letter + code[place + 1 :]) is None


@given(codes)
def test_any_two_neighbours_that_changed_places_show(code: str) -> None:
    plain = code.replace("-", "")
    for place in range(1, len(plain) - 1):
        one, other = plain[place], plain[place + 1]
        swapped = plain[:place] + other + one + plain[place + 2 :]
        assert is_mistyped(swapped) == (one != other)


def test_no_two_devices_days_or_counters_make_the_same_code() -> None:
    places = [
        (device, day, counter)
        for device in (1, 7, 961, 29_792)
        for day in (20_778, 20_779)
        for counter in (1, 30, 31, 32, 960)
    ]

    assert len({provisional_code(*place) for place in places}) == len(places)


def test_it_is_short_grouped_and_marked() -> None:
    code = provisional_code(7, day_number("2026-11-21"), 1)

    assert [len(group) for group in code.split("-")] == [3, 3, 3]
    assert code.startswith(MARK)


def test_a_day_that_is_full_goes_on_in_the_next() -> None:
    counters: dict[int, int] = {}
    given_out = set()
    for _ in range(2 * PROVISIONAL_PER_DAY + 5):
        day, counter = next_counter(counters, 20_778)
        counters[day] = counter
        given_out.add(provisional_code(7, day, counter))

    assert len(given_out) == 2 * PROVISIONAL_PER_DAY + 5


def test_an_ordinal_is_given_once_a_day_wherever_the_clock_goes() -> None:
    """FAULT-46, FAULT-20, FAULT-21: each date counts for itself, so going back repeats nothing."""
    lease = HeldLease(1, 2001, 2100, "2026-11-20", "2026-12-03", "H26.118.05")
    said = []
    for day in ("2026-11-22", "2026-11-21", "2026-11-22", "2027-01-01", "2026-11-21"):
        found = next_ordinal([lease], day)
        if found:
            _, ordinal = found
            lease = HeldLease(1, 2001, 2100, "2026-11-20", "2026-12-03", "H26.118.05",
                              {**lease.used, day: ordinal})  # fmt: skip
            said.append(official_code(lease.agency, day, ordinal))

    assert len(said) == len(set(said)) == 4


@pytest.mark.parametrize(
    "typed",
    [
        "H26.118.05-261121-0001",
        "h26 118 05 261121 0001",
        "H26.118.05–261121–0001",
        "H26118O526112100O1",
    ],
)
def test_a_code_is_found_however_it_was_typed(typed: str) -> None:
    assert fold_code(typed) == "H26118052611210001"


@pytest.mark.parametrize("text", ["H26.118.05", "000.00.18.H26"])
def test_an_agency_is_what_official_codes_begin_with(text: str) -> None:
    assert is_agency(text)


@pytest.mark.parametrize("text", ["", "h26", "A-B", "A.", "A.B.C.D.E"])
def test_what_could_not_stand_in_a_code_is_no_agency(text: str) -> None:
    assert not is_agency(text)

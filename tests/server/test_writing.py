"""Dates, numbers and identities as people in Vietnam write them."""

import pytest

from server.desk import writing
from server.dossiers.wording import Text, write_out

# 22 November 2026, 07:04:05 in Hà Nội.
MS = 1_795_305_845_000


def test_times_are_civil_and_have_two_digits() -> None:
    assert writing.moment(MS) == "07:04 22/11/2026"
    assert writing.day(MS) == "22/11/2026"
    assert writing.clock(MS) == "07:04"
    assert writing.iso(MS) == "2026-11-22T07:04:05+07:00"


# FAULT-20
@pytest.mark.parametrize("absurd", [2**53 - 1, 10**15])
def test_an_absurd_clock_stops_nothing(absurd: int) -> None:
    assert writing.moment(absurd)


def test_midnight_belongs_to_the_day_that_begins() -> None:
    assert writing.moment(MS - (7 * 3600 + 4 * 60 + 5) * 1000) == "00:00 22/11/2026"


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (writing.partial_date, "1950-03-02", "02/03/1950"),
        (writing.partial_date, "1950-03", "03/1950"),
        (writing.partial_date, "1950", "1950"),
        (writing.partial_date, "khoảng 1950", "khoảng 1950"),
        (writing.civil, "2026-11-22T08:30:00+07:00", "08:30 22/11/2026"),
        (writing.civil, "sáng", "sáng"),
        (writing.number, 8525, "8.525"),
        (writing.number, "85.3", "85,3"),
        (writing.number, -1200, "-1.200"),
        (writing.number, "1e5", "1e5"),
        (writing.phone, "0912345678", "0912 345 678"),
        (writing.phone, "02433845", "02433845"),
        (writing.personal_id, "001195012345", "001 195 012 345"),
        (writing.personal_id, "B1234567", "B1234567"),
    ],
)
def test_it_writes_them(write: object, value: object, written: str) -> None:
    assert callable(write)
    assert write(value) == written


def test_a_value_is_written_as_its_field_wants() -> None:
    choice = {"type": "choice", "choices": [{"value": "male", "label_vi": "Nam"}]}

    assert write_out(choice, "male", "en") == Text("Nam", "vi")
    assert write_out(choice, ["male", "?"], "vi").words == "Nam, ?"
    assert write_out({"type": "boolean"}, False, "vi").words == "Không"
    assert write_out({}, None, "vi").words == "(để trống)"
    assert write_out({}, {"a": "x", "b": None}, "vi").words == "x"
    assert write_out({"type": "date"}, 7, "vi").words == "7"

"""Another value, typed at the desk, becomes a value of its field or says what is wrong."""

import pytest

from server.conflicts.typed import Unreadable, box_of, typed_value

DATE = {"type": "date"}
PARTIAL = {"type": "date", "partial_date": True}
CHOICE = {"type": "choice", "choices": [{"value": "male"}, {"value": "female"}]}


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ({"type": "text"}, "  Đinh Bảo ", "Đinh Bảo"),
        ({"type": "text"}, "Hoa\u0300", "Hoà"),
        (DATE, "5/11/2026", "2026-11-05"),
        (DATE, "05/11/2026", "2026-11-05"),
        (PARTIAL, "1950", "1950"),
        (PARTIAL, "03/1950", "1950-03"),
        ({"type": "number"}, "1.200", 1200),
        ({"type": "number"}, "85,30", "85.30"),
        ({"type": "number"}, "-3", -3),
        (CHOICE, "female", "female"),
        ({"type": "boolean"}, "false", False),
        ({"type": "cccd"}, "001 195 012 345", "001195012345"),
        ({"type": "cccd", "other_paper_allowed": True}, "Hộ chiếu B123", "Hộ chiếu B123"),
        ({"type": "phone"}, "+84 912 345 678", "0912345678"),
    ],
)
def test_it_reads_what_people_write(field: dict[str, object], typed: str, value: object) -> None:
    assert typed_value(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ({"type": "text"}, "   ", "empty"),
        ({"type": "text"}, "x" * 2_001, "long"),
        (DATE, "31/02/2026", "date"),
        (DATE, "2026", "date"),
        (DATE, "2026-11-05", "date"),
        ({"type": "number"}, "mười", "number"),
        ({"type": "number"}, "9" * 16, "number"),
        (CHOICE, "neither", "choice"),
        ({"type": "boolean"}, "yes", "choice"),
        ({"type": "cccd"}, "12345", "cccd"),
    ],
)
def test_it_says_what_is_wrong(field: dict[str, object], typed: str, code: str) -> None:
    with pytest.raises(Unreadable) as raised:
        typed_value(field, typed)

    assert raised.value.code == code


def test_a_field_that_no_box_holds_offers_none() -> None:
    assert box_of(None) == "none"
    assert box_of({"type": "choice", "multi": True}) == "none"
    assert box_of({"type": "address"}) == "long"
    assert box_of({"type": "cccd"}) == "text"

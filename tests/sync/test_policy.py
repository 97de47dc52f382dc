"""Rules for fields that were set apart: what they decide, and what they leave to people."""

from typing import Any

import pytest

from sync.policy import Policy, Side, policy_of, settle
from sync.record import State, apply, conflicts, fold
from tests.sync.writer import Writer, record_id

SIDES = {3: Side.FIELD, 4: Side.FIELD, 7: Side.DESK, 1: Side.OFFICE}


def apart(field: str, **values: Any) -> State:
    """Let seats set one field apart from each other: `s3="…", s7="…"`."""
    state = State(record_id(1), "dossier")
    changes = [
        Writer(int(seat[1:]), now_ms=1_800_000_000_000 + turn).edit(state, {field: value})
        for turn, (seat, value) in enumerate(values.items())
    ]
    return fold(state, changes)[0]


def decided(state: State) -> dict[str, Any]:
    return {name: value for name, (_, value) in settle(state, SIDES.__getitem__).items()}


@pytest.mark.parametrize(
    ("field", "policy"),
    [
        ("status", Policy.ASK),
        ("answers.child_full_name", Policy.ASK),
        ("area", Policy.OFFICE_WINS),
        ("assignee", Policy.OFFICE_WINS),
        ("parts.2.002656.status", Policy.OFFICE_WINS),
        ("papers.1", Policy.FIELD_WINS),
        ("intake.passed", Policy.SHRINK),
        ("remarks", Policy.APPEND),
        ("unheard-of", Policy.ASK),
    ],
)
def test_each_field_has_its_rule(field: str, policy: Policy) -> None:
    assert policy_of("dossier", field) is policy


def test_a_kind_without_a_table_is_asked() -> None:
    assert policy_of("trip", "area") is Policy.ASK


def test_steps_and_answers_are_left_to_people() -> None:
    assert decided(apart("status", s3="withdrawn", s7="accepted")) == {}
    assert decided(apart("answers.village", s3="Thôn Một", s7="Thôn Hai")) == {}


def test_the_desk_wins_over_the_field_where_it_answers_for_it() -> None:
    assert decided(apart("parts.x.status", s3="sent", s7="done")) == {"parts.x.status": "done"}


def test_two_of_the_side_that_wins_are_asked() -> None:
    assert decided(apart("papers.1", s3={"count": 1}, s4={"count": 2}, s7={"count": 3})) == {}


def test_the_field_wins_where_it_had_the_paper_in_hand() -> None:
    state = apart("papers.1", s3={"count": 2}, s7={"count": 1})

    assert decided(state) == {"papers.1": {"count": 2}}


def test_what_was_put_back_is_nobodys_to_overrule() -> None:
    assert decided(apart("papers.1", s3={"count": 2}, s1={"count": 1})) == {}


def test_remarks_stand_one_behind_the_other_once_each() -> None:
    state = apart("remarks", s3="Đã gọi\nHẹn thứ Hai", s4="Hẹn thứ Hai\nNhà có chó")

    assert decided(state) == {"remarks": "Đã gọi\nHẹn thứ Hai\nNhà có chó"}
    assert decided(apart("remarks", s3=["a", "b"], s4=["b", "c"])) == {"remarks": ["a", "b", "c"]}


def test_remarks_that_would_be_too_long_or_of_two_kinds_are_asked() -> None:
    assert decided(apart("remarks", s3="x" * 15_000, s4="y" * 15_000)) == {}
    assert decided(apart("remarks", s3="x", s4=["y"])) == {}


def test_of_a_list_that_only_shrinks_stays_what_nobody_took_out() -> None:
    card, phone, date = ({"name": name, "codes": ["unanswered"]} for name in ("a", "b", "c"))

    assert decided(apart("intake.passed", s3=[phone, date], s4=[card, date])) == {
        "intake.passed": [date]
    }
    assert decided(apart("intake.passed", s3=[phone], s4=[card])) == {"intake.passed": None}
    assert decided(apart("intake.passed", s3=None, s4=[card])) == {"intake.passed": None}
    assert decided(apart("intake.passed", s3=[1], s4=[True, 1])) == {"intake.passed": [1]}


def test_a_list_that_shrinks_is_asked_where_it_is_no_list() -> None:
    assert decided(apart("intake.passed", s3=["a"], s4="a")) == {}


def test_a_value_taken_away_may_win_too() -> None:
    assert decided(apart("assignee", s3=7, s7=None)) == {"assignee": None}


def test_equal_values_are_no_conflict() -> None:
    assert settle(apart("area", s3="10441", s7="10441"), SIDES.__getitem__) == {}


def test_it_names_all_heads_so_the_conflict_ends() -> None:
    state = apart("papers.1", s3={"count": 2}, s7={"count": 1})
    ((_, value),) = settle(state, SIDES.__getitem__).values()

    after = apply(state, Writer(1).edit(state, {"papers.1": value}))

    assert conflicts(after) == []

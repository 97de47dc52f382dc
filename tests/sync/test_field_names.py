"""Names that begin so are found, wherever else the same letters stand."""

import re

from sync.field_names import FIELD_NAMES, names_under
from sync.kinds import KINDS, kind_of
from sync.limits import FIELD_NAME_CHARACTERS_MAX
from sync.record import State, apply
from sync.value import are_field_names
from tests.sync.writer import Writer, record_id


def test_it_gives_those_that_begin_so_in_their_order() -> None:
    names = {"status": 1, "supplied.2": 2, "supplements.1": 3, "answers.a": 4, "supplied.1": 5}

    found = names_under(names, "supplements.", "supplied.")

    assert found == ["supplied.2", "supplements.1", "supplied.1"]
    assert names_under(["code", "codes"], "codes.") == []
    assert names_under([], "codes.") == []


def test_what_stands_further_in_begins_nothing() -> None:
    names = ["answers.supplements.1", "my.codes.1", "supplements"]

    assert names_under(names, "supplements.", "codes.") == []


def test_the_office_alone_sets_what_the_table_says() -> None:
    dossier = kind_of("dossier")

    assert dossier.sets_of_office({"answers.a": [], "assignee": []})
    assert dossier.sets_of_office({"supplements.1": []})
    assert not dossier.sets_of_office({"answers.supplements.1": [], "supplements": []})
    assert not any(name.endswith(".") for kind in KINDS.values() for name in kind.office_fields)


def test_in_the_registers_of_a_first_change_it_finds_the_same() -> None:
    start = State(record_id(1), "dossier")
    for named in (["supplied.2", "status", "supplements.1", "answers.a"], ["supplied", "codes.b"]):
        fields = dict.fromkeys(named, "x")
        registers = apply(start, Writer(3).edit(start, fields)).registers

        for beginnings in (("supplied.",), ("codes.", "supplements."), ("a",), ("z",), ("",)):
            assert names_under(registers, *beginnings) == names_under(fields, *beginnings)


def test_the_names_that_both_sides_have_are_field_names() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_.:-]+", name) for name in FIELD_NAMES)
    assert max(map(len, FIELD_NAMES)) <= FIELD_NAME_CHARACTERS_MAX


def test_field_names_are_short_plain_and_not_empty() -> None:
    longest = "a" * FIELD_NAME_CHARACTERS_MAX

    assert are_field_names(["answers.a_b-c:1", longest])
    for wrong in ("", f"{longest}a", "a b", "họ_tên", "a\n", "a\0b"):
        assert not are_field_names(["status", wrong])

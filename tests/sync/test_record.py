"""What a record keeps of people who edit it apart from each other, and how they settle it."""

from sync import record
from sync.change import LinkedChange
from sync.reconcile import Author, Reason, judge
from sync.record import State, conflicts, encode_state, fold, join, shown
from sync.register import open_value
from tests.sync.writer import Writer, record_id

START = State(record_id(1), "dossier")
NAME, NOTE = "answers.name", "answers.note"
FIELD_SEAT = Author(areas={"10441"}, is_office=False, is_revoked=False)


def taken_dossier(an: Writer) -> State:
    """Give a dossier that An took in Mỹ Đức."""
    return an.edit_and_apply(START, {"area": "10441", "status": "sealed", NAME: "An"})


def undo(office: Writer, before: State, after: State, change: LinkedChange) -> State:
    """Let the office put a quarantined change back."""
    for part in record.put_back(before, change):
        values = {name: value for name, (_, value) in part.items()}
        replacing = {name: replaced for name, (replaced, _) in part.items()}
        after = record.apply(after, office.edit(after, values, replacing))
    return after


# FAULT-49
def test_it_keeps_both_values_when_two_people_disagree() -> None:
    an, binh = Writer(3), Writer(4)
    taken = taken_dossier(an)
    both = join(
        an.edit_and_apply(taken, {NAME: "An Hoà"}), binh.edit_and_apply(taken, {NAME: "An Hạ"})
    )

    assert conflicts(both) == [NAME]
    assert {open_value(head) for head in record.heads(both, NAME)} == {
        "An Hoà",
        "An Hạ",
    }


def test_equal_values_are_no_conflict() -> None:
    an, binh = Writer(3), Writer(4)
    taken = taken_dossier(an)
    both = join(
        an.edit_and_apply(taken, {NAME: "An Hoà"}), binh.edit_and_apply(taken, {NAME: "An Hoà"})
    )

    assert conflicts(both) == []


# FAULT-50
def test_a_settlement_replaces_what_it_saw_and_leaves_a_third_value_open() -> None:
    an, binh, giang, chi = Writer(3), Writer(4), Writer(5), Writer(6)
    taken = taken_dossier(an)
    both = join(an.edit_and_apply(taken, {NAME: "x"}), binh.edit_and_apply(taken, {NAME: "y"}))
    settled = chi.edit_and_apply(both, {NAME: "x"})
    assert conflicts(settled) == []

    third = join(settled, giang.edit_and_apply(taken, {NAME: "z"}))

    assert conflicts(third) == [NAME]
    assert {open_value(head) for head in record.heads(third, NAME)} == {"x", "z"}


def test_a_put_back_sets_again_what_a_quarantined_change_displaced() -> None:
    an, foreign, office = Writer(3), Writer(9), Writer(1)
    taken = taken_dossier(an)
    change = foreign.edit(taken, {NAME: "harvested", NOTE: "new"})
    after = record.apply(taken, change)

    back = undo(office, taken, after, change)

    assert (shown(back, NAME), shown(back, NOTE)) == ("An", None)
    assert conflicts(back) == []


def test_a_put_back_keeps_a_conflict_that_the_quarantined_change_had_hidden() -> None:
    an, binh, foreign, office = Writer(3), Writer(4), Writer(9), Writer(1)
    taken = taken_dossier(an)
    both = join(an.edit_and_apply(taken, {NAME: "x"}), binh.edit_and_apply(taken, {NAME: "y"}))
    change = foreign.edit(both, {NAME: "x"})

    back = undo(office, both, record.apply(both, change), change)

    assert conflicts(back) == [NAME]


def test_put_backs_do_not_pile_up_heads() -> None:
    an, foreign, office = Writer(3), Writer(9), Writer(1)
    taken = taken_dossier(an)
    stale, state = taken, taken
    for number in range(5):
        change = foreign.edit(stale, {NAME: f"v{number}"})
        stale = record.apply(stale, change)
        state = undo(office, state, record.apply(state, change), change)

    assert shown(state, NAME) == "An"
    assert len(record.heads(state, NAME)) == 1


def test_a_dot_of_the_other_branch_of_a_fork_is_forgotten_alike_by_applying_and_joining() -> None:
    an, twin, binh = Writer(3), Writer(3), Writer(4)
    seen_by_binh = record.apply(START, twin.edit(START, {NAME: "x"}))
    of_binh, of_an = binh.edit(seen_by_binh, {NAME: "y"}), an.edit(START, {NOTE: "z"})

    office = fold(START, [of_binh, of_an])[0]

    assert encode_state(office) == encode_state(fold(START, [of_an, of_binh])[0])
    assert encode_state(join(office, office)) == encode_state(office)


def test_everyone_converges_on_a_put_back_in_any_order() -> None:
    an, foreign, office = Writer(3), Writer(9), Writer(1)
    taken = taken_dossier(an)
    change = foreign.edit(taken, {NAME: "harvested"})
    undo(office, taken, record.apply(taken, change), change)
    everything = [*an.log, change, *office.log]

    found = [fold(START, order)[0] for order in (everything, everything[::-1])]

    assert encode_state(found[0]) == encode_state(found[1])
    assert shown(found[0], NAME) == "An"


def test_judging_takes_what_a_seat_may_do_and_names_why_not() -> None:
    an, chi = Writer(3), Writer(6)
    taken = taken_dossier(an)
    first = an.log[0]
    moved = an.edit(taken, {"area": "09661"})
    edited = an.edit(taken, {NAME: "B"})
    unplaced = Writer(7).edit_and_apply(START, {NAME: "C"})
    closed = chi.edit_and_apply(taken, {"status": "done"})
    assigned = an.edit(taken, {"assignee": 7})
    begun = Writer(8).edit(START, {"assignee": 7})
    elsewhere = Author(areas={"09661"}, is_office=False, is_revoked=False)
    revoked = Author(areas={"10441"}, is_office=False, is_revoked=True)
    desk = Author(areas=(), is_office=True, is_revoked=False)

    assert judge(FIELD_SEAT, START, taken, first) is None
    assert judge(FIELD_SEAT, taken, taken, edited) is None
    assert judge(elsewhere, START, unplaced, edited) is None
    assert judge(elsewhere, START, taken, first) is Reason.FOREIGN_AREA
    assert judge(elsewhere, taken, taken, edited) is Reason.FOREIGN_AREA
    assert judge(FIELD_SEAT, taken, taken, moved) is Reason.OFFICE_FIELD
    assert judge(FIELD_SEAT, taken, taken, assigned) is Reason.OFFICE_FIELD
    assert judge(FIELD_SEAT, START, record.apply(START, begun), begun) is Reason.OFFICE_FIELD
    assert judge(FIELD_SEAT, closed, closed, edited) is Reason.CLOSED
    assert judge(revoked, taken, taken, edited) is Reason.REVOKED
    assert judge(desk, taken, taken, moved) is None
    assert judge(desk, taken, taken, assigned) is None


def test_a_status_that_is_no_text_closes_nothing() -> None:
    """What a phone set there must not keep everything after it from being taken."""
    an = Writer(3)
    taken = taken_dossier(an)
    values: list[object] = [[], ["done"], {"state": []}, {}, None, 0, True, b"done"]
    for value in values:
        odd = an.edit_and_apply(taken, {"status": value})

        assert judge(FIELD_SEAT, odd, odd, an.edit(odd, {NAME: "B"})) is None

"""Whatever the order, repetition, route or loss of deliveries, everyone ends with one record.

The world of this test: a few seats edit one record, each from what it has seen. The plain fold of
all changes in the order of their making is the model; nothing else may come out anywhere.
"""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.change import LinkedChange
from sync.record import State, apply, encode_state, fold, join, must_wait
from tests.sync.writer import Writer, record_id

RECORD = record_id(1)
FIELDS = ["a", "b", "c"]


@dataclass
class Phone:
    """A seat with its own view of the record, which may leave the phone and come back."""

    writer: Writer
    state: State = field(default_factory=lambda: State(RECORD, "dossier"))
    held: bool = True

    def edit(self, name: str, value: int) -> None:
        """Edit, if the phone may: the state must hold all that this seat wrote."""
        if self.held:
            self.state = self.writer.edit_and_apply(self.state, {name: value})

    def pull(self, office: State) -> None:
        """Join the office's state; own changes that it lacks are applied again from the log."""
        base = join(self.state, office) if self.held else office
        self.state, waiting = fold(base, self.writer.log)
        self.held = True
        assert not waiting

    def drop(self) -> None:
        """Let the record leave the phone: the copy goes, the log stays."""
        self.state, self.held = State(RECORD, "dossier"), False


steps = st.lists(
    st.tuples(
        st.sampled_from(["edit", "push", "pull", "drop", "relay"]),
        st.integers(0, 2),
        st.sampled_from(FIELDS),
        st.integers(0, 3),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(steps=steps, data=st.data())
def test_phones_office_and_a_second_route_end_in_the_plain_fold(
    steps: list[tuple[str, int, str, int]], data: st.DataObject
) -> None:
    phones = [Phone(Writer(seat)) for seat in (3, 4, 5)]
    office, van = State(RECORD, "dossier"), State(RECORD, "dossier")
    pushed, made = {3: 0, 4: 0, 5: 0}, list[LinkedChange]()
    for deed, who, name, value in steps:
        phone = phones[who]
        seat, log = phone.writer.seat, phone.writer.log
        match deed:
            case "edit":
                before = len(log)
                phone.edit(name, value)
                made += log[before:]
            case "push":  # a truncated batch: any prefix of what is unsent
                upto = data.draw(st.integers(pushed[seat], len(log)))
                office, waiting = fold(office, log[:upto])
                assert not waiting
                pushed[seat] = upto
            case "relay":
                van, _ = fold(van, log)
            case "pull":
                phone.pull(data.draw(st.sampled_from([office, join(office, van)])))
            case "drop":
                phone.drop()

    model, waiting = fold(State(RECORD, "dossier"), made)
    assert not waiting
    for phone in phones:
        office, _ = fold(office, phone.writer.log)
    office = join(office, van)
    assert encode_state(office) == encode_state(model)
    for phone in phones:
        phone.pull(office)
        assert encode_state(phone.state) == encode_state(model)


def world(choices: list[tuple[int, str, int, list[bool]]]) -> list[list[State]]:
    """Give the states that three phones went through while they sometimes heard each other."""
    phones = [Phone(Writer(seat)) for seat in (3, 4, 5)]
    trails: list[list[State]] = [[], [], []]
    for who, name, value, hears in choices:
        for other, heard in zip(phones, hears, strict=True):
            if heard and other is not phones[who]:
                phones[who].state = join(phones[who].state, other.state)
        phones[who].edit(name, value)
        trails[who].append(phones[who].state)
    return trails


edits = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(FIELDS),
        st.integers(0, 2),
        st.lists(st.booleans(), min_size=3, max_size=3),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=300, deadline=None)
@given(choices=edits, data=st.data())
def test_join_is_commutative_associative_and_idempotent(
    choices: list[tuple[int, str, int, list[bool]]], data: st.DataObject
) -> None:
    reached = [state for trail in world(choices) for state in trail]
    a, b, c = (data.draw(st.sampled_from(reached)) for _ in range(3))

    assert encode_state(join(a, b)) == encode_state(join(b, a))
    assert encode_state(join(a, join(b, c))) == encode_state(join(join(a, b), c))
    assert encode_state(join(a, a)) == encode_state(a)
    assert encode_state(join(join(a, b), b)) == encode_state(join(a, b))


@settings(max_examples=200, deadline=None)
@given(choices=edits, order=st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_changes_gives_the_same_bytes(
    choices: list[tuple[int, str, int, list[bool]]], order: object
) -> None:
    phones = [Phone(Writer(seat)) for seat in (3, 4, 5)]
    for who, name, value, hears in choices:
        for other, heard in zip(phones, hears, strict=True):
            if heard and other is not phones[who]:
                phones[who].state = join(phones[who].state, other.state)
        phones[who].edit(name, value)
    everything = [change for phone in phones for change in phone.writer.log]
    model, _ = fold(State(RECORD, "dossier"), everything)

    shuffled = everything * 2
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    found, waiting = fold(State(RECORD, "dossier"), shuffled)

    assert not waiting
    assert encode_state(found) == encode_state(model)


def test_a_record_that_left_and_came_back_is_not_edited_below_its_own_last_change() -> None:
    an = Phone(Writer(3))
    an.edit("a", 1)
    an.edit("a", 2)
    second = an.writer.log[1]

    assert second.skeleton is not None
    assert must_wait(State(RECORD, "dossier"), second.skeleton)
    first = apply(State(RECORD, "dossier"), an.writer.log[0])
    assert not must_wait(first, second.skeleton)

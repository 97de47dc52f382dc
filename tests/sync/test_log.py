"""A log takes batches in order, with no gap, and never rewrites what it holds."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import chain
from sync.batch import Batch, sign_batch
from sync.change import LinkedChange
from sync.exchange import UNREADABLE
from sync.log import Held, take_batch
from sync.record import State
from sync.refusals import BadSignature, BrokenChain, Fork, Gap, Refusal
from tests.sync.writer import OFFICE, Writer, new_key, record_id


def an_with(changes: int, *, flavour: str = "") -> Writer:
    """Give An, who has edited one record a few times."""
    an = Writer(3)
    state = State(record_id(1), "dossier")
    for number in range(changes):
        state = an.edit_and_apply(state, {"answers.name": f"{flavour}{number}"})
    return an


def take(batch: Batch, writer: Writer, held: int) -> list[LinkedChange]:
    """Take a batch into a log that holds the writer's first `held` changes."""
    heads = [chain.start(writer.public_key), *(change.head for change in writer.log)]
    return list(
        take_batch(
            batch,
            office=OFFICE,
            public_key=writer.public_key,
            held=Held(held, heads[held]),
            head_at=heads[: held + 1].__getitem__,
        )
    )


@pytest.mark.parametrize(
    ("held", "first", "new"), [(0, 1, [1, 2, 3, 4]), (2, 3, [3, 4]), (2, 1, [3, 4]), (4, 2, [])]
)
def test_it_takes_what_is_new(held: int, first: int, new: list[int]) -> None:
    an = an_with(4)

    assert [change.seq for change in take(an.batch(first), an, held)] == new


def test_a_batch_within_what_is_held_is_acknowledged_again() -> None:
    an = an_with(4)

    assert take(an.batch(1, 2), an, 4) == []


# FAULT-24
def test_a_gap_is_refused_and_says_what_is_held() -> None:
    an = an_with(4)

    with pytest.raises(Gap) as caught:
        take(an.batch(3), an, 1)
    assert (caught.value.first, caught.value.held) == (3, 1)


def test_another_branch_of_the_log_is_a_fork() -> None:
    an, clone = an_with(3), an_with(4, flavour="clone ")

    with pytest.raises(Fork) as caught:
        take(clone.batch(), an, 3)
    assert caught.value.first == 1


def test_a_branch_that_parted_before_the_batch_breaks_the_chain() -> None:
    an, clone = an_with(3), an_with(4, flavour="clone ")

    with pytest.raises(BrokenChain):
        take(clone.batch(4), an, 3)


def test_a_batch_for_another_office_or_by_another_key_is_refused() -> None:
    an = an_with(1)
    foreign = sign_batch(
        an.key,
        office="another-office",
        seat=an.seat,
        first=1,
        changes=an.batch().changes,
        head=an.head,
    )
    forged = sign_batch(
        new_key(99),
        office=OFFICE,
        seat=an.seat,
        first=1,
        changes=an.batch().changes,
        head=an.head,
    )

    for batch in (foreign, forged):
        with pytest.raises(BadSignature):
            take(batch, an, 0)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_a_batch_is_refused(data: st.DataObject) -> None:
    an = an_with(3)
    sent = bytearray(msgspec.msgpack.encode(an.batch()))
    bit = data.draw(st.integers(0, len(sent) * 8 - 1))
    sent[bit // 8] ^= 1 << bit % 8

    try:
        received = msgspec.msgpack.decode(bytes(sent), type=Batch)
    except UNREADABLE:
        return  # not even a batch
    with pytest.raises(Refusal):
        take(received, an, 0)


def test_a_swapped_or_spliced_batch_is_refused() -> None:
    an = an_with(3)
    batch = an.batch()
    swapped = msgspec.structs.replace(batch, changes=batch.changes[::-1])
    spliced = msgspec.structs.replace(batch, changes=batch.changes[:2], head=an.log[1].head)
    cut = msgspec.structs.replace(batch, changes=batch.changes[:2])

    for forged, refusal in ((swapped, BrokenChain), (spliced, BadSignature), (cut, BadSignature)):
        with pytest.raises(refusal):
            take(forged, an, 0)

"""The simulated phone where chance takes it once in a million worlds.

Each course is one that a long campaign came upon; the seed that showed it leads elsewhere by now.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest

from sync.exchange import BatchRefusal, ExchangeResponse
from sync.receipt import Receipt, key_name, sign_receipt
from tests.sim.authoring import Deed, carry_over, carry_owed, seen_by_author, write
from tests.sim.disk import Disk
from tests.sim.phone import DeviceRow, Phone, SeatRow
from tests.sim.ports import OFFICE, Grant
from tests.sim.receipts import Probing, prune, take_receipts
from tests.sim.sending import Habits, batches
from tests.sim.signing import QuickKeys, quick_signatures

RECORD = UUID(int=1).bytes
AN, BINH, BINH_ANEW = 11, 12, 13
KEYS = QuickKeys()
OFFICE_KEY = KEYS.pair(0)


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with quick_signatures():
        yield


@pytest.fixture
def phone() -> Phone:
    made = Phone(Disk(), lambda _: None)
    for seat in (AN, BINH):
        _join(made, seat)
    return made


def _join(phone: Phone, seat: int) -> SeatRow:
    return phone.add_seat(Grant(seat, KEYS.pair(seat), ("10441",)))


def _set(phone: Phone, seat: int, **values: object) -> None:
    deed = Deed(RECORD, values, seen_by_author(phone, RECORD, list(values)))
    write(phone, phone.seats[seat], deed, 1)


def _hear(
    phone: Phone, probing: Probing, held: int, head: bytes, refusals: Sequence[BatchRefusal] = ()
) -> list[int]:
    """Take an answer with a receipt for An's log; give the first seq of each batch that went up."""
    sent = list(batches(phone, Habits(), probing))
    epoch = phone.row.epoch
    unsigned = Receipt(OFFICE, key_name(OFFICE_KEY.public), epoch, AN, held, 0, head, 1, b"")
    response = ExchangeResponse(
        protocol=2,
        office=OFFICE,
        device=2,
        number=1,
        epoch=epoch,
        time=1,
        receipts=[sign_receipt(OFFICE_KEY.private, unsigned)],
        refusals=list(refusals),
        reference="",
        min_version="0",
    )
    take_receipts(phone, probing, sent, response, response.receipts)
    return [batch.first for batch in sent]


def test_a_record_comes_to_no_phone_without_what_its_people_wrote_to_it(phone: Phone) -> None:
    """Only the office has An's change any more: Bình's branch alone makes no record (I15)."""
    _set(phone, AN, name="An")
    _set(phone, BINH, note="Bình")
    phone.disk.put("held", AN, 1)
    prune(phone, AN, 1)
    phone.disk.put("seats", BINH, phone.seats[BINH]._replace(parting=1))
    phone.rebuild_states()

    carried = carry_over(phone, phone.seats[BINH], _join(phone, BINH_ANEW), 2)

    assert len(carried) == 1
    assert RECORD not in phone.records


def test_an_answer_to_a_number_used_again_costs_nothing(phone: Phone) -> None:
    """The office answered this number before the phone was put back, and said yes to other work."""
    other = Phone(Disk(), lambda _: None)
    _join(other, AN)
    _set(other, AN, name="before")
    _set(phone, AN, name="after")
    probing = Probing()

    for _ in range(3):
        _hear(phone, probing, 1, other.seats[AN].head)

    row = phone.seats[AN]
    assert not row.is_well
    assert len(carry_over(phone, row, _join(phone, 14), 2)) == 1


def _renewed(phone: Phone) -> bytes:
    """Let An's log of three changes part after the second, and go on as seat 14; give its start."""
    start = phone.seats[AN].head
    for value in ("one", "two", "three"):
        _set(phone, AN, name=value)
    parted = phone.seats[AN]._replace(parting=3, successor=14)
    phone.disk.put("seats", AN, parted)
    phone.disk.put("held", AN, 2)
    carry_over(phone, parted, _join(phone, 14), 2)
    phone.disk.put("numbers", "row", DeviceRow(epoch=2))
    return start


def test_a_restored_office_gets_what_came_before_a_log_parted(phone: Phone) -> None:
    """Nobody else has it any more, and no seat that goes on says it again (I3)."""
    start = _renewed(phone)
    probing = Probing()

    _hear(phone, probing, 0, start)

    assert _hear(phone, probing, 2, phone.log[AN, 2].change.head) == [1, 1]
    assert not phone.is_retold(phone.seats[AN])


def _parted_earlier(phone: Phone) -> None:
    """Let a copy of the phone come first at a restored office, with another first change."""
    _renewed(phone)
    other = Phone(Disk(), lambda _: None)
    _join(other, AN)
    _set(other, AN, name="of the copy")
    theirs, probing = other.seats[AN].head, Probing()
    _hear(phone, probing, 1, theirs)
    _hear(phone, probing, 1, theirs, [BatchRefusal(AN, 1, "fork")])
    assert RECORD in phone.records
    _hear(phone, probing, 1, theirs, [BatchRefusal(AN, 1, "fork")])


def test_what_nobody_carried_over_of_a_log_that_parted_earlier_goes_over_then(
    phone: Phone,
) -> None:
    """Its branch may be lost with the next restore, and nobody else says it (I3)."""
    _set(phone, AN, note="only here")
    _parted_earlier(phone)
    note, name = (phone.log[AN, seq].change.head for seq in (1, 2))

    (written,) = carry_owed(phone, 2)

    assert written.change.skeleton is not None
    assert list(written.change.skeleton.fields) == ["note"]
    assert phone.seats[14].last == written.change.seq == 3
    assert phone.carried[note] == written.change.head
    assert phone.carried[name] == phone.log[14, 1].change.head, "set again later: that went over"
    assert carry_owed(phone, 2) == []


def test_no_state_stands_on_what_a_restored_office_has_otherwise(phone: Phone) -> None:
    """A copy of the phone came first: the office keeps this log as a branch (I9)."""
    _parted_earlier(phone)

    assert phone.seats[AN].parting == 1
    assert phone.seats[AN].successor == 14
    assert RECORD not in phone.records or not phone.records[RECORD].state.seen.get(AN)
    assert not phone.is_retold(phone.seats[AN])

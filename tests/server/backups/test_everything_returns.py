"""From a backup through days of work to its restore: what comes back, in whatever order."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from server.backups.verification import verify
from server.clock import now_ms
from server.decisions.deciding import NothingLost, apply_again, let_go
from server.decisions.returned import Returned
from server.devices.tables import devices
from server.dossiers.findings import count_open
from server.dossiers.tables import findings
from server.erasures.erasure import Deed, erase, keeper_of
from server.records.tables import offered_states, returns
from sync.exchange import OfferedState
from sync.record import decode_state, encode_state, is_erased, shown
from tests.server.backups.conftest import Branch
from tests.server.backups.days import NAME, Days
from tests.support.phone import Phone, Refused


@pytest.fixture
def days(branch: Branch) -> Days:
    return Days(branch)


@pytest.mark.parametrize("order", list(permutations(range(3)))[::2])
def test_fault_38_all_converge_and_the_desks_decision_is_applied_again(
    branch: Branch, order: tuple[int, ...]
) -> None:
    """FAULT-38 and FAULT-37: whatever the order in which the phones come back."""
    days = Days(branch)
    days.put_back()
    pairs = days.pairs

    for _ in range(5):
        for place in order:
            days.exchange(*pairs[place])

    assert {*days.before} <= days.known()
    [lost] = days.find()
    [value] = lost.values
    assert (lost.record, value.field, value.value) == (days.record, NAME, "Nguyễn Thị Hai")
    assert (value.staff_name, value.is_awaited) == (days.officer().name, False)
    assert branch.office.run(lambda c: count_open(c, "returned-decision")) == 1
    decide(days, lost, applies=True)
    assert shown(days.state(), NAME) == "Nguyễn Thị Hai"
    notes = [shown(days.state(), name) for name in days.state().registers if "notes." in name]
    assert [note["reason"] for note in notes] == ["đã xem căn cước"]
    assert days.find() == []
    assert branch.office.rows(offered_states) == []
    for _ in range(2):
        days.exchange_all()
    for phone, _ in pairs:
        assert encode_state(phone.records[days.record]) == encode_state(days.state())
        assert phone.holdings.offers == []
    assert verify(branch.backup().folder, branch.office.office.keys) == []


def test_devices_people_and_revocations_return_where_only_devices_can_tell(
    days: Days,
) -> None:
    days.put_back(forget_present=True)
    assert status_of(days, days.newcomer) is None
    assert status_of(days, days.lost) == "confirmed"

    with pytest.raises(Refused, match="unknown-device"):
        days.newcomer.exchange(days.late)
    for _ in range(4):
        days.exchange_all()

    assert status_of(days, days.newcomer) == "confirmed"
    assert status_of(days, days.lost) == "revoked"
    assert days.lost.exchange(days.on_lost).order is not None
    assert days.newcomer.receipts[days.late.number].held == days.late.last
    came = sa.select(returns.c.kind, returns.c.number, returns.c.record)
    rows = days.branch.office.run(lambda c: {tuple(row) for row in c.execute(came)})
    assert {
        ("device", days.newcomer.device, None),
        ("seat", days.late.number, None),
        ("revocation", days.lost.device, None),
        ("state", None, days.record.bytes),
    } <= rows


def test_what_another_phone_brings_by_its_log_closes_by_itself(days: Days) -> None:
    days.put_back()
    for _ in range(3):
        days.first.exchange(days.an)

    [waiting] = [one for one in days.find() if one.record == days.taken]
    assert (waiting.is_known, waiting.decisions) == (False, 0)
    for _ in range(3):
        days.second.exchange(days.binh)

    decided = [(one.record, one.decisions) for one in days.find()]
    assert decided == [(days.record, 1), (days.joined, 0)], "one more device has to come"


def test_a_lost_decision_is_let_go_with_a_reason(days: Days) -> None:
    days.put_back()
    for _ in range(3):
        days.exchange_all()
    [lost] = [one for one in days.find() if one.record == days.record]

    decide(days, lost, applies=False, reason="người dân đã khai lại")

    assert not [one for one in days.find() if one.record == days.record]
    state = days.state()
    assert len(state.registers[NAME].heads) == 2, "still a conflict, for a person to settle"
    notes = [shown(state, name) for name in state.registers if name.startswith("notes.")]
    assert {"kind": "dismissal", "reason": "người dân đã khai lại", "fields": [NAME]} in notes
    with pytest.raises(NothingLost):
        decide(days, lost, applies=True)
    days.first.holdings.offers.append(offer_of(days))
    days.first.exchange(days.an)
    assert not [one for one in days.find() if one.record == days.record], "decided once"


def test_a_state_that_the_office_did_not_give_is_not_believed(days: Days) -> None:
    days.put_back()
    days.first.exchange(days.an)
    own = encode_state(days.first.records[days.record])

    days.first.holdings.offers[:] = [OfferedState(own, bytes(16)), OfferedState(b"\xc1", bytes(16))]
    days.first.exchange(days.an, cursors={})

    assert days.branch.office.rows(offered_states) == []


def test_a_value_that_stands_again_needs_nobody(days: Days) -> None:
    days.put_back()
    for _ in range(3):
        days.exchange_all()
    assert [one.record for one in days.find()]

    days.settle("Nguyễn Thị Hai", "xem lại lần nữa")

    rows = days.branch.office.rows(findings)
    closed = [row for row in rows if row[1] == "returned-decision" and row[5] == NAME]
    assert all(row[8] is not None for row in closed)
    assert closed


def test_what_was_erased_does_not_come_back_with_a_state_that_is_offered(days: Days) -> None:
    office = days.branch.office.office
    deed = Deed(7, "Quyết định 12/QĐ-TA", now_ms())
    keeper = keeper_of(office.settings, office.keys)
    days.branch.office.run(lambda connection: erase(connection, keeper, days.taken, deed))
    days.put_back()

    for _ in range(3):
        days.first.exchange(days.an)

    assert days.taken.bytes in {row[5] for row in days.branch.office.rows(returns)}
    kept = [decode_state(row[1]) for row in days.branch.office.rows(offered_states)]
    of_it = [state for state in kept if state.record == days.taken.bytes]
    assert all(is_erased(state, name) for state in of_it for name in state.registers)
    assert days.taken not in {one.record for one in days.find()}


def decide(days: Days, lost: Returned, *, applies: bool, reason: str = "") -> None:
    office, chi = days.branch.office.office, days.officer()
    picked = {(value.field, value.token): value.seen for value in lost.values}
    deed = apply_again if applies else let_go
    days.branch.office.run(lambda c: deed(c, office, chi, lost.record, picked, reason, now_ms()))


def offer_of(days: Days) -> OfferedState:
    """Give what the office once gave of the dossier, as a phone that comes late would."""
    keys = days.branch.office.office.keys
    state = encode_state(days.before[days.record])
    return OfferedState(state, keys.mark(state))


def status_of(days: Days, phone: Phone) -> str | None:
    found = sa.select(devices.c.status).where(devices.c.number == phone.device)
    return days.branch.office.run(lambda c: c.execute(found).scalar())

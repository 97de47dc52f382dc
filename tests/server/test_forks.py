"""A log that parted: both branches are kept, and the new seat says which it goes on from."""

import pytest

from server.dossiers.findings import open_findings
from server.dossiers.tables import dossiers
from server.records.tables import branches, feeds, records
from sync.record import State, shown
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import PhoneSeat, new_record


class Twins:
    """A phone whose profile was copied: both went on working, and the first has sent."""

    def __init__(self, office: OpenOffice) -> None:
        """Let the two part."""
        self.phone = office.phone("Máy bị sao chép")
        self.seat = self.phone.sign_in("binh")
        self.record = self.phone.take_dossier(self.seat, child_full_name="Bé An")
        self.phone.exchange(self.seat)
        self.common = self.seat.last
        self.twin = PhoneSeat(
            self.seat.number,
            self.seat.key,
            self.seat.areas,
            [*self.seat.changes],
            [*self.seat.heads],
            self.seat.held,
        )
        self.phone.set(self.seat, self.record, {"answers.note": "one"})
        self.phone.exchange(self.seat)
        self.phone.records[self.record] = self._before()
        self.phone.set(self.twin, self.record, {"answers.note": "the other"})
        response = self.phone.exchange(
            batches=[self.twin.batch(self.phone.office, self.common + 1)]
        )
        assert [one.code for one in response.refusals] == ["fork"]

    def _before(self) -> State:
        state = self.phone.records[self.record]
        registers = {name: kept for name, kept in state.registers.items() if "note" not in name}
        seen = {**state.seen, self.seat.number: self.common}
        return State(state.record, state.kind, seen, registers)

    def go_on(self) -> PhoneSeat:
        """Sign in anew, and name the old log."""
        seat = self.phone.sign_in("binh")
        old = {
            "seat": self.twin.number,
            "last": self.twin.last,
            "head": self.twin.heads[-1].hex(),
        }
        self.phone.set(seat, new_record(), {"continues": old, "reason": "log-forked"}, kind="seat")
        self.phone.exchange(seat, batches=[seat.batch(self.phone.office)])
        return seat


@pytest.fixture
def twins(office: OpenOffice) -> Twins:
    """Give the two."""
    return Twins(office)


def test_both_branches_are_kept_and_a_person_is_told(office: OpenOffice, twins: Twins) -> None:
    """FAULT-44."""
    assert len(office.rows(branches)) == 1
    found = office.run(open_findings)
    assert [(one.kind, one.seat) for one in found] == [("fork", twins.seat.number)]
    other = office.phone("Máy khác")
    other.exchange(other.sign_in("binh"))
    assert shown(other.records[twins.record], "answers.note") == "one"


def test_the_record_of_a_new_seat_is_nobodys_dossier(office: OpenOffice, twins: Twins) -> None:
    twins.go_on()

    assert len(office.rows(records)) == 2
    assert len(office.rows(dossiers)) == 1
    assert len(office.rows(feeds)) == 1
    assert [one.kind for one in office.run(open_findings)] == ["fork"]


def test_work_that_is_carried_over_stands_beside_the_other(
    office: OpenOffice, twins: Twins
) -> None:
    seat = twins.go_on()
    twins.phone.records.pop(twins.record)
    twins.phone.cursors = dict.fromkeys(seat.areas, 0)
    twins.phone.exchange(seat)
    state = twins.phone.records[twins.record]
    # What the branch replaced was nothing; so neither is this a settlement of the other's answer.
    registers = {name: kept for name, kept in state.registers.items() if "note" not in name}
    twins.phone.records[twins.record] = State(state.record, state.kind, state.seen, registers)
    twins.phone.set(seat, twins.record, {"answers.note": "the other"})
    twins.phone.exchange(seat)

    kinds = sorted(one.kind for one in office.run(open_findings))
    assert kinds == ["conflict", "fork"]


def test_the_desk_reads_the_kept_branch_and_closes_it_with_a_reason(
    office: OpenOffice, twins: Twins
) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")
    (finding,) = office.run(open_findings)
    page = desk.get("/desk/findings")
    branch = text_of(page, f"branch-{finding.id}")
    assert "the other" in branch
    assert "one" in branch
    assert "Chưa ai đi tiếp" in text_of(page, f"continued-{finding.id}")

    seat = twins.go_on()
    page = desk.get("/desk/findings")
    assert f"sổ số {seat.number} đi tiếp" in text_of(page, f"continued-{finding.id}")
    closed = desk.send(
        "/desk/findings", f"/desk/findings/{finding.id}", outcome="seen", reason="Máy bị chép"
    )

    assert closed.status_code == 303
    assert office.run(open_findings) == []
    assert len(office.rows(branches)) == 1


def test_a_dossier_that_only_the_branch_has_is_shown_too(office: OpenOffice, twins: Twins) -> None:
    twins.phone.take_dossier(twins.twin, applicant_full_name="Trần Thị Chỉ Ở Nhánh")
    later = [twins.twin.batch(twins.phone.office, twins.common + 1)]
    twins.phone.exchange(batches=later)
    desk = Desk(office.http)
    desk.sign_in("chi")

    newest = max(one.id for one in office.run(open_findings))
    branch = text_of(desk.get("/desk/findings"), f"branch-{newest}")
    assert "Trần Thị Chỉ Ở Nhánh" in branch
    assert "chỉ có trong nhánh này" in branch

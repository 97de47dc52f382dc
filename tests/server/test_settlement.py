"""Settling at the desk: a change like any other, that replaces exactly what the officer saw."""

from uuid import UUID

import pytest

from server.clock import now_ms
from server.conflicts.conflict import Conflict, conflicts_of
from server.conflicts.settlement import Choice, NotInConflict, settle
from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.dossiers.tables import dossiers
from server.dossiers.timeline import timeline
from server.exchange.desk_deed import UnknownRecord
from server.records.tables import records
from server.staff.person import Person, find_person
from sync.record import conflicts, shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat, new_record

FIELD = "answers.village"


class Dispute:
    """Two phones that set one field of one dossier to different values."""

    def __init__(self, office: OpenOffice) -> None:
        """Let them disagree."""
        self.office = office
        self.first, self.second = office.phone(), office.phone("Máy tính bảng 2")
        self.an, self.binh = self.first.sign_in("an"), self.second.sign_in("binh")
        self.record = self.first.take_dossier(self.an)
        self.first.exchange(self.an)
        self.second.exchange(self.binh)
        self.set(self.first, self.an, "Thôn Một")
        self.set(self.second, self.binh, "Thôn Hai")

    def set(self, phone: Phone, seat: PhoneSeat, value: str) -> None:
        """Let a phone set the field and hand it in."""
        phone.set(seat, self.record, {FIELD: value})
        phone.exchange(seat)

    @property
    def conflict(self) -> Conflict:
        """Give the conflict as the desk shows it."""
        (found,) = self.office.run(lambda connection: conflicts_of(connection, self.record))
        return found

    def settle(self, value: str, seen: list[str], record: UUID | None = None) -> None:
        """Let Chi settle it."""
        choice, chi = Choice(FIELD, seen, value), _chi(self.office)
        self.office.run(
            lambda connection: settle(
                connection,
                self.office.office,
                chi,
                record or self.record,
                [choice],
                "Gọi điện hỏi lại",
                now_ms(),
            )
        )


@pytest.fixture
def dispute(office: OpenOffice) -> Dispute:
    """Give a dossier in dispute."""
    return Dispute(office)


# FAULT-49
def test_the_desk_sees_both_sides(dispute: Dispute) -> None:
    sides = dispute.conflict.sides

    assert [(side.value, side.staff_name, side.shown) for side in sides] == [
        ("Thôn Một", "Nguyễn Văn An", False),
        ("Thôn Hai", "Trần Thị Bình", True),
    ]
    assert [side.device_label for side in sides] == ["Máy tính bảng 1", "Máy tính bảng 2"]


def test_both_phones_get_the_settlement_and_who_made_it(dispute: Dispute) -> None:
    dispute.settle("Thôn Một", [side.dot for side in dispute.conflict.sides])

    for phone, seat in ((dispute.first, dispute.an), (dispute.second, dispute.binh)):
        phone.exchange(seat)
        state = phone.records[dispute.record]
        assert shown(state, FIELD) == "Thôn Một"
        assert conflicts(state) == []
        (head,) = state.registers[FIELD].heads
        assert phone.directory[head.dot.seat] == "Phạm Thu Chi"
    assert dispute.office.run(open_findings) == []


def test_the_reason_stands_in_the_dossier_and_its_timeline(dispute: Dispute) -> None:
    dispute.settle("Thôn Ba", [side.dot for side in dispute.conflict.sides])

    dossier = dispute.office.run(lambda connection: find_dossier(connection, dispute.record))
    steps = dispute.office.run(lambda connection: timeline(connection, dispute.record))
    assert dossier is not None
    notes = [value for field, value in dossier.values.items() if field.startswith("notes.")]
    assert notes == [{"kind": "settlement", "reason": "Gọi điện hỏi lại", "fields": [FIELD]}]
    assert [step.staff_name for step in steps] == [
        "Nguyễn Văn An",
        "Nguyễn Văn An",
        "Trần Thị Bình",
        "Phạm Thu Chi",
    ]
    assert steps[-1].fields[0] == (FIELD, "Thôn Ba")


# FAULT-50
def test_a_third_value_that_came_later_stays_open(dispute: Dispute) -> None:
    seen = [side.dot for side in dispute.conflict.sides]
    third = dispute.office.phone("Máy tính bảng 3")
    tam = third.sign_in("tam")
    third.records[dispute.record] = dispute.first.records[dispute.record]
    dispute.set(third, tam, "Thôn Ba")

    dispute.settle("Thôn Hai", seen)

    assert {side.value for side in dispute.conflict.sides} == {"Thôn Ba", "Thôn Hai"}


def test_what_another_officer_settled_cannot_be_settled_again(dispute: Dispute) -> None:
    seen = [side.dot for side in dispute.conflict.sides]
    dispute.settle("Thôn Hai", seen)

    with pytest.raises(NotInConflict):
        dispute.settle("Thôn Một", seen)


def test_a_record_that_is_none_is_unknown(dispute: Dispute) -> None:
    with pytest.raises(UnknownRecord):
        dispute.settle("Thôn Một", [], new_record())


def test_rebuilding_keeps_a_settlement(dispute: Dispute) -> None:
    dispute.settle("Thôn Một", [side.dot for side in dispute.conflict.sides])
    tables = (records, dossiers)
    before = [dispute.office.rows(table) for table in tables]

    dispute.office.run(rebuild)

    assert [dispute.office.rows(table) for table in tables] == before


def _chi(office: OpenOffice) -> Person:
    chi = office.run(lambda connection: find_person(connection, 4))
    assert chi is not None
    return chi

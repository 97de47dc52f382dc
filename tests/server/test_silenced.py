"""Two people on one tablet, whose batches come in the other order than they wrote."""

import sqlalchemy as sa

from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.records.tables import records
from server.staff.tables import staff
from sync.record import shown
from tests.server.conftest import OpenOffice

VILLAGE = "answers.village"


def test_a_colleagues_edit_may_come_before_the_dossier_itself(office: OpenOffice) -> None:
    phone = office.phone()
    binh, an = phone.sign_in("binh"), phone.sign_in("an")
    record = phone.take_dossier(binh)
    phone.set(an, record, {VILLAGE: "Thôn Dy"})

    phone.exchange(an, batches=[an.batch(phone.office)])
    early = {finding.kind for finding in office.run(open_findings)}
    phone.exchange(binh)

    assert early == {"unplaced"}
    assert office.run(open_findings) == []
    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert (dossier.arrival.area, dossier.values[VILLAGE]) == ("10441", "Thôn Dy")


def test_an_early_edit_by_somebody_without_a_right_there_is_left_for_a_person_to_see(
    office: OpenOffice,
) -> None:
    phone = office.phone()
    binh, hoa = phone.sign_in("binh"), phone.sign_in("hoa")
    record = phone.take_dossier(binh)
    phone.set(hoa, record, {VILLAGE: "Thôn Dy"})

    phone.exchange(hoa, batches=[hoa.batch(phone.office)])
    phone.exchange(binh)

    assert {finding.kind for finding in office.run(open_findings)} == {"unplaced"}


def test_what_a_revoked_colleague_replaced_too_early_stands_again(office: OpenOffice) -> None:
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    binh, an, reader = phone.sign_in("binh"), phone.sign_in("an"), other.sign_in("binh")
    record = phone.take_dossier(binh, village="Thôn Đồi Dùng")
    phone.set(an, record, {VILLAGE: "Thôn Dy"})
    gone = sa.update(staff).where(staff.c.sign_in == "an").values(active=False)
    office.run(lambda connection: connection.execute(gone))

    phone.exchange(binh, batches=[an.batch(phone.office)])
    phone.exchange(binh)
    other.exchange(reader)

    assert shown(other.records[record], VILLAGE) == "Thôn Đồi Dùng"
    assert {finding.kind for finding in office.run(open_findings)} == {"quarantine"}
    before = office.rows(records)
    office.run(rebuild)
    assert office.rows(records) == before


def test_what_a_rightful_change_replaced_stays_replaced(office: OpenOffice) -> None:
    phone = office.phone()
    binh, an, again = phone.sign_in("binh"), phone.sign_in("an"), phone.sign_in("binh")
    record = phone.take_dossier(binh, village="Thôn Đồi Dùng")
    phone.set(an, record, {VILLAGE: "Thôn Dy"})
    phone.set(again, record, {VILLAGE: "Thôn Ba"})

    phone.exchange(again, batches=[again.batch(phone.office)])
    phone.exchange(again, batches=[an.batch(phone.office)])
    phone.exchange(again)

    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert (dossier.values[VILLAGE], dossier.conflicts) == ("Thôn Ba", [])

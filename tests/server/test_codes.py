"""Codes of dossiers at the office: found by any of them, numbered, and told of where they meet."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.codes.numbering import take_codes
from server.codes.span import civil_day
from server.codes.tables import dossier_codes
from server.dossiers.arrivals import Arrival, arrivals
from server.dossiers.findings import Finding, open_findings
from server.dossiers.rebuild import rebuild
from server.dossiers.tables import dossiers
from server.dossiers.timeline import timeline
from server.findings.deciding import decide
from server.staff.person import find_person
from sync.codes import OFFICIAL, PROVISIONAL, code_kind, day_number, official_code, provisional_code
from sync.record import shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat

OFFICIAL_CODE = "H26.118.05-261122-2001"
PROVISIONAL_CODE = provisional_code(7, day_number("2026-11-22"), 1)
AT_ONCE = 3


@pytest.mark.parametrize(
    "typed", [OFFICIAL_CODE, "h26 118 05 261122 2001", "261122-2001", "2001", "26ll22 2oo1"]
)
def test_a_dossier_is_found_by_its_code_or_the_end_of_it(office: OpenOffice, typed: str) -> None:
    phone, an = sitting(office)
    record = take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    take(phone, an, {OFFICIAL: "H26.118.05-261122-2002"})
    phone.exchange(an)

    assert [row.record for row in find(office, typed)] == [record]
    assert [row.code for row in find(office, typed)] == [OFFICIAL_CODE]


def test_a_provisional_code_gets_an_official_one_and_finds_the_dossier_on(
    office: OpenOffice,
) -> None:
    """The office's change travels to the phone like any other."""
    phone, an = sitting(office)
    record = take(phone, an, {PROVISIONAL: PROVISIONAL_CODE})

    phone.exchange(an)

    official = shown(phone.records[record], OFFICIAL)
    day = civil_day(now_ms())
    assert official == official_code("H26.118.05", day, 1)
    for typed in (PROVISIONAL_CODE, PROVISIONAL_CODE.lower().replace("-", " "), official):
        assert [row.record for row in find(office, typed)] == [record]
    (row,) = find(office, PROVISIONAL_CODE)
    assert (row.code, row.is_code_provisional) == (official, False)
    assert (row.taken_by_name, row.device_label) == ("Nguyễn Văn An", phone.label)
    last = office.run(lambda connection: timeline(connection, record))[-1]
    assert (last.kind, last.staff_name) == ("policy", None)


def test_an_office_without_an_agency_leaves_the_provisional_code(office: OpenOffice) -> None:
    settings = replace(office.office.settings, agency="", leases=False)
    object.__setattr__(office.office, "settings", settings)
    phone, an = sitting(office)
    record = take(phone, an, {PROVISIONAL: PROVISIONAL_CODE})

    phone.exchange(an)

    (row,) = find(office, PROVISIONAL_CODE)
    assert (row.record, row.is_code_provisional) == (record, True)


def test_many_at_once_get_a_code_each(office: OpenOffice) -> None:
    phone, an = sitting(office)
    records = [
        take(phone, an, {PROVISIONAL: provisional_code(7, 20_000, number)})
        for number in range(1, AT_ONCE + 1)
    ]

    phone.exchange(an)
    (following,) = office.run(lambda connection: take_codes(connection, "H26.118.05", 1, now_ms()))

    codes = {shown(phone.records[record], OFFICIAL) for record in records}
    assert len(codes) == AT_ONCE
    assert following not in codes
    assert {code_kind(str(code)) for code in codes} == {"official"}


def test_a_code_of_two_dossiers_is_a_finding_and_both_stand(office: OpenOffice) -> None:
    """FAULT-46: never refused, never overwritten, and told once."""
    phone, an = sitting(office)
    other, binh = sitting(office, "binh")
    first = take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    phone.exchange(an)
    second = take(other, binh, {OFFICIAL: OFFICIAL_CODE})
    answer = other.exchange(binh)
    other.set(binh, second, {"answers.applicant_full_name": "Nguyễn Thị Khác"})
    other.exchange(binh)

    (finding,) = twice(office)
    assert (finding.record, finding.seat) == (second, binh.number)
    assert finding.detail == {"code": OFFICIAL_CODE, "other": str(first)}
    assert [one.kind for one in answer.findings] == ["code-twice"]
    assert {row.record for row in find(office, OFFICIAL_CODE)} == {first, second}


def test_two_that_come_together_are_told_of_once(office: OpenOffice) -> None:
    phone, an = sitting(office)
    first = take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    second = take(phone, an, {OFFICIAL: OFFICIAL_CODE})

    phone.exchange(an)

    (finding,) = twice(office)
    assert (finding.record, finding.detail["other"]) == (second, str(first))


def test_an_officer_gives_one_of_them_a_new_code_and_both_codes_find_it(
    office: OpenOffice,
) -> None:
    phone, an = sitting(office)
    take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    second = take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    phone.exchange(an)
    (finding,) = twice(office)

    office.run(lambda connection: recode(connection, office, finding.id))

    assert twice(office) == []
    phone.exchange(an)
    fresh = shown(phone.records[second], OFFICIAL)
    assert fresh != OFFICIAL_CODE
    assert [row.record for row in find(office, str(fresh))] == [second]
    assert second in {row.record for row in find(office, OFFICIAL_CODE)}


def test_other_codes_find_it_too_and_what_is_no_code_is_kept(office: OpenOffice) -> None:
    phone, an = sitting(office)
    record = take(phone, an, {OFFICIAL: 7, PROVISIONAL: "-", "codes.G01.99-260125-AB0012": True})

    phone.exchange(an)

    assert [row.record for row in find(office, "g01.99 260125 ab0012")] == [record]
    assert find(office, OFFICIAL_CODE) == []


def test_a_dossier_that_is_not_admitted_has_no_code_yet(office: OpenOffice) -> None:
    phone, an = sitting(office)
    take(phone, an, {PROVISIONAL: PROVISIONAL_CODE}, area="09661")

    phone.exchange(an)

    assert office.rows(dossier_codes) == []


def test_rebuilding_gives_the_same_codes(office: OpenOffice) -> None:
    phone, an = sitting(office)
    take(phone, an, {PROVISIONAL: PROVISIONAL_CODE})
    record = take(phone, an, {OFFICIAL: OFFICIAL_CODE})
    phone.exchange(an)
    phone.set(an, record, {"codes.G01-9": True, OFFICIAL: "H26.118.05-261122-2009"})
    phone.exchange(an)
    before = [office.rows(table) for table in (dossier_codes, dossiers)]

    office.run(rebuild)

    assert [office.rows(table) for table in (dossier_codes, dossiers)] == before
    assert len(before[0]) == 2 + 2


def sitting(office: OpenOffice, name: str = "an") -> tuple[Phone, PhoneSeat]:
    phone = office.phone(f"Máy của {name}")
    return phone, phone.sign_in(name)


def take(phone: Phone, seat: PhoneSeat, codes: dict[str, Any], area: str = "10441") -> UUID:
    """Seal a dossier with these codes in its first change."""
    return phone.take_dossier(seat, area=area, codes=codes)


def find(office: OpenOffice, words: str) -> list[Arrival]:
    return office.run(lambda connection: arrivals(connection, words=words))


def twice(office: OpenOffice) -> list[Finding]:
    found = office.run(open_findings)
    return [one for one in found if one.kind == "code-twice"]


def recode(connection: sa.Connection, office: OpenOffice, number: int) -> None:
    """Decide as the case officer does."""
    person = find_person(connection, 4)
    assert person is not None
    decide(connection, office.office, person, number, "recoded", "Hai máy một mã", now_ms())

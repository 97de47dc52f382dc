"""Tables are projections: dropped and folded anew from the logs, they have the same rows."""

import sqlalchemy as sa

from server.dossiers.rebuild import rebuild
from server.dossiers.tables import dossiers, findings
from server.records.tables import feeds, holders, records
from tests.server.conftest import OpenOffice


def test_it_gives_the_same_rows(office: OpenOffice) -> None:
    _live_a_little(office)
    tables = (records, holders, dossiers, feeds)
    before = [office.rows(table) for table in tables] + [_conflicts(office)]

    office.run(rebuild)

    assert [office.rows(table) for table in tables] + [_conflicts(office)] == before
    assert all(before), "nothing of this was empty"


def test_it_folds_an_empty_office(office: OpenOffice) -> None:
    assert office.run(rebuild) == 0


def _live_a_little(office: OpenOffice) -> None:
    """Two phones agree, disagree, settle, and one goes where it may not."""
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    record = first.take_dossier(an)
    first.take_dossier(an, area="10465")
    first.exchange(an)
    second.exchange(binh)
    first.set(an, record, {"answers.applicant_full_name": "Nguyễn Thị Một"})
    second.set(binh, record, {"answers.applicant_full_name": "Nguyễn Thị Hai"})
    first.exchange(an)
    second.exchange(binh)
    disputed = second.take_dossier(binh)
    second.exchange(binh)
    first.exchange(an)
    first.set(an, disputed, {"status": "checked"})
    second.set(binh, disputed, {"status": "accepted"})
    first.exchange(an)
    second.exchange(binh)
    second.set(binh, disputed, {"status": "accepted"})
    second.take_dossier(binh, area="09661")
    second.exchange(binh)


def _conflicts(office: OpenOffice) -> list[tuple[object, ...]]:
    found = sa.select(findings).where(findings.c.kind == "conflict")
    rows = office.run(lambda connection: connection.execute(found).all())
    return sorted((tuple(row)[1:] for row in rows), key=repr)

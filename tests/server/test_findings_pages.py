"""The findings at the desk: what was sent beside what stands, admitted or not, once."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from server.dossiers.dossier import find_dossier
from server.dossiers.findings import Finding, open_findings
from server.dossiers.rebuild import rebuild
from server.records.tables import records
from server.staff.tables import staff
from sync.record import shown
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, PhoneSeat

NAME = "answers.child_full_name"
REASON = "Đã gọi điện, đúng là ý của người dân"


@dataclass
class Scene:
    """An's dossier stands; Bình left, then handed in an edit and a new dossier."""

    office: OpenOffice
    desk: Desk
    record: UUID
    created: UUID
    of_an: Phone
    an: PhoneSeat

    def open(self) -> list[Finding]:
        return self.office.run(open_findings)

    def of(self, record: UUID) -> Finding:
        (found,) = [one for one in self.open() if one.record == record]
        return found

    def decide(self, finding: Finding, outcome: str, reason: str = REASON) -> httpx.Response:
        path = f"/desk/findings/{finding.id}"
        return self.desk.send("/desk/findings", path, outcome=outcome, reason=reason)

    def name(self, record: UUID) -> object:
        found = self.office.run(lambda connection: find_dossier(connection, record))
        return found.values[NAME] if found else None


@pytest.fixture
def scene(office: OpenOffice) -> Scene:
    of_an, of_binh = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    record = of_an.take_dossier(an, child_full_name="Đinh Gia Bảo")
    of_an.exchange(an)
    of_binh.exchange(binh)
    of_binh.set(binh, record, {NAME: "Đinh Bảo An"})
    created = of_binh.take_dossier(binh, child_full_name="Hà Thị Mới")
    left = sa.update(staff).where(staff.c.sign_in == "binh").values(active=False)
    office.run(lambda connection: connection.execute(left))
    of_binh.exchange(binh)
    desk = Desk(office.http)
    desk.sign_in("chi")
    return Scene(office, desk, record, created, of_an, an)


def test_it_shows_what_was_sent_beside_what_stands(scene: Scene) -> None:
    page = scene.desk.get("/desk/findings")

    told = text_of(page, f"finding-{scene.of(scene.record).id}")
    assert "Đinh Gia Bảo" in told
    assert "Đinh Bảo An" in told
    assert "đã bị thu hồi quyền" in told
    assert "Trần Thị Bình" in told
    assert "Hà Thị Mới" in text_of(page, f"finding-{scene.of(scene.created).id}")


def test_admitting_is_a_change_that_every_phone_gets(scene: Scene) -> None:
    answer = scene.decide(scene.of(scene.record), "admitted")

    assert answer.status_code == 303
    assert scene.name(scene.record) == "Đinh Bảo An"
    scene.of_an.exchange(scene.an)
    assert shown(scene.of_an.records[scene.record], NAME) == "Đinh Bảo An"
    assert [one.record for one in scene.open()] == [scene.created]


def test_admitting_what_created_a_dossier_puts_it_on_the_list(scene: Scene) -> None:
    assert scene.name(scene.created) is None

    scene.decide(scene.of(scene.created), "admitted")

    assert scene.name(scene.created) == "Hà Thị Mới"
    assert "Nguyễn Thị Mẫu" in scene.desk.get(f"/desk/dossiers/{scene.created}").text


def test_not_admitting_keeps_what_stands(scene: Scene) -> None:
    before = scene.office.rows(records)

    scene.decide(scene.of(scene.record), "dismissed")

    assert scene.office.rows(records) == before
    assert [one.record for one in scene.open()] == [scene.created]


@pytest.mark.parametrize("number", [999, 2**53, 2**63, 10**30])
def test_what_is_no_number_of_a_finding_is_none(scene: Scene, number: int) -> None:
    path = f"/desk/findings/{number}"
    answer = scene.desk.send("/desk/findings", path, outcome="dismissed", reason=REASON)

    assert answer.status_code == 409
    assert len(scene.open()) == 2


def test_it_is_decided_once(scene: Scene) -> None:
    finding = scene.of(scene.record)
    scene.decide(finding, "dismissed")

    answer = scene.decide(finding, "admitted")

    assert answer.status_code == 409
    assert "đã có người quyết định" in text_of(answer, "trouble")
    assert scene.name(scene.record) == "Đinh Gia Bảo"


def test_without_a_reason_nothing_is_written(scene: Scene) -> None:
    answer = scene.decide(scene.of(scene.record), "admitted", reason="  ")

    assert answer.status_code == 422
    assert "Ghi lý do" in text_of(answer, "trouble")
    assert len(scene.open()) == 2


@pytest.mark.parametrize("outcome", ["", "seen", "settled", "ADMITTED"])
def test_an_outcome_that_does_not_fit_is_none(scene: Scene, outcome: str) -> None:
    answer = scene.decide(scene.of(scene.record), outcome)

    assert answer.status_code == 409
    assert REASON in answer.text
    assert len(scene.open()) == 2


def test_an_inspector_looks_and_does_not_decide(scene: Scene) -> None:
    scene.desk = Desk(scene.office.http)
    scene.desk.sign_in("giang")
    finding = scene.of(scene.record)

    assert "Đinh Bảo An" in scene.desk.get("/desk/findings").text
    assert scene.decide(finding, "admitted").status_code == 403


def test_the_author_is_told_the_outcome(scene: Scene) -> None:
    scene.of_an.set(scene.an, scene.record, {"assignee": 4})
    told = scene.of_an.exchange(scene.an).findings
    assert [(one.kind, one.reason, one.outcome) for one in told] == [
        ("quarantine", "office-field", "")
    ]
    assert told[0].record == scene.record.bytes
    (finding,) = [one for one in scene.open() if one.seat == scene.an.number]

    scene.decide(finding, "dismissed")

    (after,) = scene.of_an.exchange(scene.an).findings
    assert (after.finding, after.outcome) == (finding.id, "dismissed")
    assert after.closed is not None


def test_rebuilding_after_a_decision_gives_the_same(scene: Scene) -> None:
    scene.decide(scene.of(scene.created), "admitted")
    before = scene.office.rows(records)

    scene.office.run(rebuild)

    assert scene.office.rows(records) == before

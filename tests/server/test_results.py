"""Results given to be handed back: on whose phones they are, how they end, what is told of it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.desk.writing import CIVIL, instant
from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.dossiers.results import Results, find_results
from server.dossiers.tables import dossiers
from server.erasures.erasure import Deed, erase, keeper_of
from server.exchange.desk_deed import write_at_desk
from server.fieldwork.deliveries import KIND
from server.fieldwork.reading import work_of
from server.fieldwork.tables import fieldwork
from server.records.tables import changes, feeds, holders, records
from server.results.giving import NotGivable, Plan, Receipt, give, hand_out, note_back
from server.staff.person import Person, find_person
from server.trips.planning import StopPlan, plan_trip
from sync.record import shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat

TAM, AN, CHI, QUAN, HOA = 1, 2, 4, 7, 8
TODAY = "2026-11-22"
STOP = StopPlan("10441", "Nhà văn hoá thôn Đồi Dùng", TODAY, "08:00", "11:30")
TITLE = "Giấy khai sinh"
WHO = "Bạch Đình Khôi"
SIGNATURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
HANDED = {
    "status": "delivered",
    "receiver_name": "Bạch Thị Mẫu",
    "relation": "applicant",
    "receipt_checked": True,
    "signing": "drawn",
    "signature": SIGNATURE,
    "handed_at": "2026-11-22T09:30:00+07:00",
}


@dataclass
class Branch:
    """An office with a dossier that An took, and a stop of An's team."""

    office: OpenOffice
    phone: Phone
    an: PhoneSeat
    record: UUID
    stop: str

    def person(self, number: int = CHI) -> Person:
        found = self.office.run(lambda connection: find_person(connection, number))
        assert found is not None
        return found

    def give(self, plan: Plan | None = None, record: UUID | None = None) -> UUID:
        plan = plan or Plan(TITLE, 2, 1, f"stop:{self.stop}")
        chi, office = self.person(), self.office.office
        return self.office.run(
            lambda connection: give(connection, office, chi, record or self.record, plan, now_ms())
        )

    def hand_out(self, receiver: str = WHO) -> UUID:
        chi, office = self.person(), self.office.office
        receipt = Receipt(TITLE, receiver, "applicant")
        return self.office.run(
            lambda connection: hand_out(connection, office, chi, self.record, receipt, now_ms())
        )

    def note_back(self, delivery: UUID) -> None:
        chi, office = self.person(), self.office.office
        self.office.run(
            lambda connection: note_back(connection, office, chi, self.record, delivery, now_ms())
        )

    def say(self, delivery: UUID, **fields: object) -> None:
        """Write something of a delivery on An's phone, which exchanges before and after."""
        self.phone.exchange(self.an)
        self.phone.set(self.an, delivery, fields)
        self.phone.exchange(self.an)

    @property
    def status(self) -> str | None:
        found = self.office.run(lambda connection: find_dossier(connection, self.record))
        assert found is not None
        return found.arrival.status

    @property
    def results(self) -> Results:
        def look(connection: sa.Connection) -> Results:
            found = find_dossier(connection, self.record)
            assert found is not None
            return find_results(connection, self.record, found.state, TODAY)

        return self.office.run(look)

    def step(self) -> str:
        """Tell how far the newest of them is."""
        return self.results.deliveries[0].step

    @property
    def told(self) -> list[tuple[str, object]]:
        found = self.office.run(open_findings)
        return [(one.kind, one.detail.get("reason")) for one in found]


@pytest.fixture
def branch(office: OpenOffice) -> Branch:
    """Give an office with a dossier and a stop."""
    phone = office.phone("Máy tính bảng xe 1")
    an = phone.sign_in("an")
    record = phone.take_dossier(an, applicant_full_name=WHO)
    phone.exchange(an)
    chi = office.run(lambda connection: find_person(connection, CHI))
    assert chi is not None
    office.run(
        lambda connection: plan_trip(connection, office.office, chi, 1, "Mỹ Đức", STOP, now_ms())
    )
    (stop,) = office.run(lambda connection: work_of(connection, "stop"))
    return Branch(office, phone, an, record, stop.record.hex)


def test_a_result_goes_along_with_the_team_and_comes_back_as_handed_back(branch: Branch) -> None:
    delivery = branch.give()
    of_binh, of_tam = branch.office.phone("Máy của Bình"), branch.office.phone("Máy của Tâm")
    of_binh.exchange(of_binh.sign_in("binh"))
    of_tam.exchange(of_tam.sign_in("tam"))
    assert branch.status == "done"
    assert shown(of_binh.records[delivery], "person") == WHO
    assert delivery not in of_tam.records, "a helper hands nothing back"

    branch.say(delivery, status="taken", got=1, got_at="2026-11-22T07:30:00+07:00")
    assert (branch.step(), branch.results.deliveries[0].differs) == (
        "taken",
        True,
    )
    branch.say(delivery, **HANDED)

    (told,) = branch.results.deliveries
    assert (told.step, told.given_by, told.taken_by, told.handed_by) == (
        "delivered",
        "Phạm Thu Chi",
        "Nguyễn Văn An",
        "Nguyễn Văn An",
    )
    assert (told.is_signed, told.checks, told.place) == (True, ["receipt"], STOP.place)
    assert branch.status == "returned"
    assert branch.told == []
    assert shown(branch.phone.records[branch.record], "status") == "returned"
    assert_rebuilt(branch.office)


@pytest.mark.parametrize(("days", "is_named"), [(17, True), (-1, False), (400, False)])
def test_whose_birth_it_certifies_goes_along_for_the_greeting_card(
    branch: Branch, days: int, *, is_named: bool
) -> None:
    born = (instant(now_ms()).astimezone(CIVIL).date() - timedelta(days=days)).isoformat()
    child = "BẠCH MINH CHÂU"
    record = branch.phone.take_dossier(
        branch.an, applicant_full_name=WHO, child_full_name=child, child_date_of_birth=born
    )
    branch.phone.exchange(branch.an)

    delivery = branch.give(record=record)
    branch.phone.exchange(branch.an)

    held = branch.phone.records[delivery]
    expected = (child, born) if is_named else (None, None)
    assert (shown(held, "newborn"), shown(held, "born_on")) == expected


def test_a_dossier_is_returned_when_its_last_result_is(branch: Branch) -> None:
    first = branch.give()
    second = branch.give(Plan("Thẻ bảo hiểm y tế", 1, 1, f"home:{AN}", "Thôn Đồi Dùng"))

    branch.say(first, **HANDED)
    assert branch.status == "done"
    branch.say(second, **HANDED)

    assert branch.status == "returned"
    assert branch.told == []


def test_what_was_handed_out_at_the_desk_meanwhile_stands_beside_it_as_a_finding(
    branch: Branch,
) -> None:
    delivery = branch.give()
    branch.say(delivery, status="taken", got=2)
    branch.phone.set(branch.an, delivery, HANDED)

    branch.hand_out()
    assert branch.status == "returned"
    assert branch.results.deliveries[1].step == "recalled"
    branch.phone.exchange(branch.an)

    assert branch.told == [("hand-back", "twice")]
    desk, van = branch.results.deliveries
    assert (desk.step, desk.text("receiver_name")) == ("delivered", WHO)
    assert (van.step, van.text("receiver_name")) == ("twice", "Bạch Thị Mẫu")
    mine = branch.phone.exchange(branch.an).findings
    assert [(one.kind, one.reason) for one in mine] == [("hand-back", "twice")]
    assert_rebuilt(branch.office)


def test_two_of_a_team_who_hand_it_back_apart_are_told(branch: Branch) -> None:
    delivery = branch.give()
    of_binh = branch.office.phone("Máy của Bình")
    binh = of_binh.sign_in("binh")
    of_binh.exchange(binh)
    branch.say(delivery, **HANDED)

    of_binh.set(binh, delivery, HANDED | {"receiver_name": "Người khác"})
    of_binh.exchange(binh)

    assert branch.told == [("hand-back", "twice")]
    assert branch.status == "returned"


def test_a_helper_who_hands_it_back_ends_nothing(branch: Branch) -> None:
    delivery = branch.give()
    of_tam = branch.office.phone("Máy của Tâm")
    tam = of_tam.sign_in("tam")
    branch.phone.exchange(branch.an)
    of_tam.holdings.records[delivery] = branch.phone.records[delivery]

    of_tam.set(tam, delivery, HANDED)
    of_tam.exchange(tam)

    assert branch.told == [("hand-back", "helper")]
    assert branch.status == "done"
    assert branch.step() == "delivered", "and nothing that was said is lost"


def test_a_step_that_people_disagree_on_is_not_settled_by_a_hand_back(branch: Branch) -> None:
    delivery = branch.give()
    chi, office = branch.person(), branch.office.office
    branch.office.run(
        lambda connection: write_at_desk(
            connection, office, chi, branch.record, lambda _: {"status": ([], "stopped")}, now_ms()
        )
    )

    branch.say(delivery, **HANDED)

    assert branch.told == [("hand-back", "apart"), ("conflict", None)]
    assert branch.results.trouble == "conflict"


def test_what_the_office_says_of_a_result_no_phone_can_set(branch: Branch) -> None:
    delivery = branch.give()

    branch.say(delivery, copies=1, ended="back")

    assert branch.told == [("quarantine", "office-field")]
    assert branch.results.deliveries[0].said["copies"] == 2
    assert branch.step() == "ready"


def test_what_nobody_collected_comes_back_and_may_be_given_again(branch: Branch) -> None:
    delivery = branch.give()
    branch.say(delivery, status="uncollected", reason="absent", remark="Đi vắng")
    assert branch.step() == "uncollected"
    with pytest.raises(NotGivable) as refused:
        branch.give()
    assert refused.value.fault == "already"

    branch.note_back(delivery)
    written = len(branch.office.rows(changes))
    branch.note_back(delivery)

    assert len(branch.office.rows(changes)) == written, "noted once"
    assert branch.step() == "back"
    branch.phone.exchange(branch.an)
    assert shown(branch.phone.records[delivery], "ended") == "back"
    branch.give()


def test_what_was_handed_back_neither_comes_back_nor_goes_out_again(branch: Branch) -> None:
    delivery = branch.give()
    branch.say(delivery, **HANDED)

    for deed in (lambda: branch.note_back(delivery), branch.give, branch.hand_out):
        with pytest.raises(NotGivable) as refused:
            deed()
        assert refused.value.fault == "returned"


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (Plan("", 1, 1, "stop"), "title"),
        (Plan("x" * 201, 1, 1, "stop"), "title"),
        (Plan(TITLE, 0, 1, "stop"), "copies"),
        (Plan(TITLE, 100, 1, "stop"), "copies"),
        (Plan(TITLE, 1, 0, "stop"), "pages"),
        (Plan(TITLE, 1, 1, "stop:" + "0" * 32), "to"),
        (Plan(TITLE, 1, 1, "stop:x"), "to"),
        (Plan(TITLE, 1, 1, ""), "to"),
        (Plan(TITLE, 1, 1, f"home:{HOA}", "Thôn Dy"), "to"),
        (Plan(TITLE, 1, 1, f"home:{TAM}", "Thôn Dy"), "to"),
        (Plan(TITLE, 1, 1, f"home:{AN}"), "address"),
    ],
)
def test_what_cannot_be_given_is_refused_by_its_field(
    branch: Branch, plan: Plan, fault: str
) -> None:
    written = len(branch.office.rows(changes))

    with pytest.raises(NotGivable) as refused:
        branch.give(Plan(plan.title, plan.copies, plan.pages, plan.to, plan.address))

    assert refused.value.fault == fault
    assert len(branch.office.rows(changes)) == written
    assert branch.status == "sealed"


def test_an_erased_dossier_takes_its_results_with_it(branch: Branch) -> None:
    delivery = branch.give()
    branch.say(delivery, **HANDED)
    deed = Deed(QUAN, "Theo yêu cầu của người dân, điều 14", now_ms())
    settings, keys = branch.office.office.settings, branch.office.office.keys

    branch.office.run(
        lambda connection: erase(connection, keeper_of(settings, keys), branch.record, deed)
    )
    branch.phone.exchange(branch.an)

    assert branch.office.run(lambda connection: work_of(connection, KIND)) == []
    kept = repr([branch.office.rows(table) for table in (changes, records, fieldwork, dossiers)])
    for secret in (WHO, "Bạch Thị Mẫu", TITLE, SIGNATURE):
        assert (secret if isinstance(secret, str) else repr(secret)[2:-1]) not in kept
    assert delivery not in branch.phone.records
    with pytest.raises(NotGivable):
        branch.give()
    assert_rebuilt(branch.office)


def assert_rebuilt(office: OpenOffice) -> None:
    """Pass if folding everything anew gives the same rows."""
    tables = (records, holders, fieldwork, feeds, dossiers)
    before = [office.rows(table) for table in tables]

    office.run(rebuild)

    assert [office.rows(table) for table in tables] == before

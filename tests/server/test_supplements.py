"""What a dossier lacks is asked for at the desk, brought in the field, and told at the desk."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server.clock import now_ms
from server.codes.paper_numbers import take_number
from server.codes.rules import Life, series_of
from server.codes.span import civil_day
from server.codes.tables import paper_numbers
from server.deadlines.calendar import SHIPPED, keep_calendar, read_calendar
from server.deadlines.supplements import ASKED, GIVEN
from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.promises import find_promise
from server.dossiers.rebuild import rebuild
from server.dossiers.supplements import supplements_of, trouble_of
from server.dossiers.tables import dossiers
from server.exchange.desk_deed import UnknownRecord
from server.procedures.catalogue import catalogue
from server.records.tables import changes, records
from server.supplements.asking import NotAskable, ask, note_given
from sync.record import shown
from sync.refusals import Malformed
from tests.server.conftest import OpenOffice
from tests.server.test_assignment import person_of
from tests.support.phone import new_record

CHI, QUAN = 4, 7
PROCEDURE = "1.004873"
PAPER = f"papers.{catalogue().procedures[PROCEDURE]['documents'][0]['id']}"
ANSWER = "answers.applicant_full_name"
REASON = "Tờ khai thiếu trang hai"
PROMISE = {
    "procedure": PROCEDURE,
    "received_at": "2026-11-02T09:00:00+07:00",
    "due_at": "2026-11-05T17:00:00+07:00",
}


class Branch:
    """An's phone with a dossier that has arrived."""

    def __init__(self, office: OpenOffice) -> None:
        """Let it arrive."""
        self.office = office
        self.phone = office.phone()
        self.an = self.phone.sign_in("an")
        self.record = self.phone.take_dossier(self.an)
        self.phone.set(self.an, self.record, {"procedure": PROCEDURE})
        self.phone.exchange(self.an)

    def ask(self, *items: str, more: str = "", by: int = CHI) -> None:
        """Ask at the desk."""
        opened, person = self.office.office, person_of(self.office, by)
        self.office.run(
            lambda one: ask(one, opened, person, self.record, items, more, REASON, now_ms())
        )

    def note(self, number: str) -> None:
        """Note at the desk that it has come."""
        opened, person = self.office.office, person_of(self.office, CHI)
        self.office.run(lambda one: note_given(one, opened, person, self.record, number, now_ms()))

    def bring(self, **fields: object) -> None:
        """Let the phone write and send."""
        said = {name.replace("__", "."): value for name, value in fields.items()}
        self.phone.set(self.an, self.record, said)
        self.phone.exchange(self.an)

    @property
    def asked(self) -> list[Any]:
        """The requests as the office holds them."""
        return supplements_of(self.found.state)

    @property
    def found(self) -> Any:
        """The dossier at the office."""
        found = self.office.run(lambda connection: find_dossier(connection, self.record))
        assert found is not None
        return found


@pytest.fixture
def branch(office: OpenOffice) -> Branch:
    """Give a branch with one dossier."""
    return Branch(office)


def test_a_request_reaches_the_phone_and_its_answer_the_desk(branch: Branch) -> None:
    branch.ask(PAPER, ANSWER, more="Bản sao giấy uỷ quyền")
    (request,) = branch.asked
    assert (request.items, request.given) == ((PAPER, ANSWER), "")
    assert branch.found.arrival.status == "more_needed"

    branch.phone.exchange(branch.an)
    told = shown(branch.phone.records[branch.record], f"{ASKED}{request.id}")
    assert (told["reason"], told["more"]) == (REASON, "Bản sao giấy uỷ quyền")

    branch.bring(**{PAPER: {"state": "handed_in", "count": 1}, f"{GIVEN}{request.id}": True})

    (answered,) = branch.asked
    assert answered.given
    assert branch.found.arrival.status == "sealed"
    (finding,) = branch.office.run(open_findings)
    assert (finding.kind, finding.record) == ("supplied", branch.record)


def test_a_revision_that_did_not_know_of_the_request_leaves_it_waiting(branch: Branch) -> None:
    """Both stand: what was revised offline, and what was asked for meanwhile."""
    branch.phone.set(branch.an, branch.record, {PAPER: {"state": "handed_in", "count": 2}})
    branch.ask(PAPER)

    branch.phone.exchange(branch.an)

    (request,) = branch.asked
    assert request.given == ""
    assert shown(branch.found.state, PAPER) == {"state": "handed_in", "count": 2}
    assert branch.found.conflicts == []
    branch.note(request.id)
    assert branch.asked[0].given
    assert branch.office.run(open_findings) == [], "what the desk notes it need not be told"


def test_two_who_bring_it_apart_say_the_same(branch: Branch) -> None:
    branch.ask(PAPER)
    (request,) = branch.asked
    of_binh = branch.office.phone("Máy của Bình")
    binh = of_binh.sign_in("binh")
    of_binh.exchange(binh)
    branch.phone.exchange(branch.an)
    for phone, seat in ((branch.phone, branch.an), (of_binh, binh)):
        phone.set(seat, branch.record, {f"{GIVEN}{request.id}": True})
    branch.phone.exchange(branch.an)
    of_binh.exchange(binh)
    branch.note(request.id)

    assert branch.found.conflicts == []
    assert branch.asked[0].given


def test_while_one_waits_there_is_no_second(branch: Branch) -> None:
    branch.ask(PAPER)
    before = len(branch.office.rows(changes))

    with pytest.raises(NotAskable, match="waiting"):
        branch.ask(ANSWER, by=QUAN)

    assert len(branch.office.rows(changes)) == before
    branch.note(branch.asked[0].id)
    branch.note(branch.asked[0].id)
    branch.ask(ANSWER)
    assert [bool(one.given) for one in branch.asked] == [True, False]


def test_where_the_law_knows_one_notice_there_is_one(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = catalogue().procedures[PROCEDURE]["time_limit"]
    monkeypatch.setitem(limit, "supplement_once", True)
    branch.ask(PAPER)
    branch.note(branch.asked[0].id)

    with pytest.raises(NotAskable, match="once"):
        branch.ask(ANSWER)


def test_only_what_the_catalogue_asks_for_is_asked_for_again(branch: Branch) -> None:
    for stranger in ("papers.household_book", "answers.stays", "status", f"{ASKED}x"):
        with pytest.raises(NotAskable, match="unknown"):
            branch.ask(PAPER, stranger)
    assert branch.asked == []


def test_a_closed_dossier_is_asked_for_nothing() -> None:
    assert trouble_of({"status": "returned", "procedure": PROCEDURE}, []) == "closed"


def test_what_is_not_there_is_neither_asked_for_nor_noted(branch: Branch) -> None:
    with pytest.raises(NotAskable, match="unknown"):
        branch.note("none")
    branch.record = new_record()
    with pytest.raises(UnknownRecord):
        branch.ask(PAPER)


def test_a_phone_that_asks_is_quarantined(branch: Branch) -> None:
    """Only the office sets what begins with `supplements.`."""
    branch.bring(supplements__own={"items": [], "more": "x", "reason": "y"})

    assert branch.asked == []
    (finding,) = branch.office.run(open_findings)
    assert (finding.kind, finding.detail) == ("quarantine", {"reason": "office-field"})


def test_the_clock_stands_while_it_waits_and_goes_on_from_then(branch: Branch) -> None:
    """G10, both readings: in the rules; here that the office counts with what stands."""
    calendar = read_calendar(SHIPPED)
    branch.office.run(lambda connection: keep_calendar(connection, calendar, now_ms()))
    branch.bring(**PROMISE, calendar_version=calendar.version)
    values = branch.found.values

    def moved() -> str | None:
        asked = branch.asked
        found = branch.office.run(lambda connection: find_promise(connection, values, 0, asked))
        assert found is not None
        assert found.due_at == PROMISE["due_at"], "what is on paper stays"
        return found.moved_due_at

    assert moved() is None
    branch.ask(PAPER)
    assert moved() is None
    branch.note(branch.asked[0].id)
    later = moved()
    assert later is not None
    assert later > PROMISE["due_at"]


def test_rebuilding_gives_the_same_rows(branch: Branch) -> None:
    branch.ask(PAPER)
    before = [branch.office.rows(table) for table in (records, dossiers)]

    branch.office.run(rebuild)

    assert [branch.office.rows(table) for table in (records, dossiers)] == before


def test_requests_are_numbered_by_the_year_without_gaps(branch: Branch) -> None:
    year = civil_day(now_ms())[:4]
    branch.ask(PAPER)
    with pytest.raises(NotAskable):
        branch.ask(PAPER)
    branch.note(branch.asked[0].id)
    with pytest.raises(Malformed):
        branch.ask(more="x" * 100_000)
    branch.ask(ANSWER)
    assert [one.number for one in branch.asked] == ["1/PBS", "2/PBS"]

    branch.phone.exchange(branch.an)
    told = shown(branch.phone.records[branch.record], f"{ASKED}{branch.asked[1].id}")
    assert told["number"] == "2/PBS"
    next_year = now_ms() + 366 * 24 * 3_600_000
    assert branch.office.run(lambda one: take_number(one, "PBS", next_year)) == "1/PBS"
    assert branch.office.rows(paper_numbers)[0][:2] == ("PBS", int(year))


def test_who_number_at_once_get_all_numbers_once(office: OpenOffice) -> None:
    """Past the writer, as another process would."""

    def take(_: int) -> str:
        return office.run(lambda connection: take_number(connection, "PBS", now_ms()))

    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(take, range(20)))

    assert sorted(given, key=lambda one: int(one[:-4])) == [f"{n}/PBS" for n in range(1, 21)]


def test_a_restored_office_numbers_its_papers_in_a_series_of_its_own() -> None:
    """What the lost life gave after the backup is in people's hands: it is given to nobody else."""
    second = Life(2, "2026-11-22")

    assert [series_of(second, day) for day in ("2026-11-22", "2026-12-31", "2027-01-01")] == [
        2,
        2,
        1,
    ]
    assert series_of(Life(1, "2026-11-22"), "2026-11-23") == 1

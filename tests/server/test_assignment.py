"""A dossier is given to somebody, and taken away: what stands on whose phone follows."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from server.assignment.assignment import AssignedMeanwhile, NoSuchColleague, assign
from server.attachments.rights import Bearer, holds
from server.backups.backup import make_backup
from server.backups.verification import verify
from server.clock import now_ms
from server.devices.seats import get_or_make_desk_seat
from server.dossiers.colleagues import assignment_of
from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.dossiers.tables import dossiers
from server.erasures.erasure import Deed, erase, keeper_of
from server.exchange.authors import load_writers
from server.exchange.desk_deed import UnknownRecord
from server.exchange.own_log import open_own_log
from server.exchange.taking import Taker, take
from server.records.tables import changes, feeds, holders, records
from server.staff.person import Person, areas_of_team, find_person
from server.staff.tables import staff
from sync.batch import sign_batch
from sync.record import shown
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, PhoneSeat, new_record

TAM, AN, BINH, CHI, GIANG, QUAN, HOA = 1, 2, 3, 4, 6, 7, 8


class Branch:
    """Binh wrote a dossier; Tam, a helper of the same team, has a phone beside."""

    def __init__(self, office: OpenOffice) -> None:
        """Let both have their phones, and the dossier arrive."""
        self.office = office
        self.of_binh, self.of_tam = office.phone(), office.phone("Điện thoại của Tâm")
        self.binh, self.tam = self.of_binh.sign_in("binh"), self.of_tam.sign_in("tam")
        self.record = self.of_binh.take_dossier(self.binh)
        self.of_binh.exchange(self.binh)
        self.of_tam.exchange(self.tam)

    def assign(self, to: int | None, by: int = CHI, seen: str | None = None) -> None:
        """Give the dossier to somebody at the desk."""
        seen = self.seen if seen is None else seen
        give(self.office, self.record, to, by, seen)

    @property
    def seen(self) -> str:
        """What the dossier's page shows of the assignment now."""
        found = self.office.run(lambda connection: find_dossier(connection, self.record))
        assert found is not None
        return self.office.run(lambda connection: assignment_of(connection, found.state)).seen

    @property
    def held(self) -> dict[str, bool]:
        """The holders of the dossier."""
        rows = self.office.run(
            lambda connection: connection.execute(
                sa.select(holders.c.holder, holders.c.held).where(
                    holders.c.record == self.record.bytes
                )
            ).all()
        )
        return {row.holder: row.held for row in rows}

    def is_on(self, phone: Phone, seat: PhoneSeat) -> bool:
        """Whether the dossier is on a phone after an exchange."""
        phone.exchange(seat)
        return self.record in phone.records


def give(office: OpenOffice, record: UUID, to: int | None, by: int, seen: str = "") -> None:
    """Assign in one transaction."""
    person = person_of(office, by)
    office.run(
        lambda connection: assign(connection, office.office, person, record, to, seen, now_ms())
    )


def person_of(office: OpenOffice, number: int) -> Person:
    """Find somebody."""
    person = office.run(lambda connection: find_person(connection, number))
    assert person is not None
    return person


@pytest.fixture
def branch(office: OpenOffice) -> Branch:
    """Give a branch with one dossier."""
    return Branch(office)


def test_a_helper_gets_what_is_assigned_though_their_cursor_is_beyond_it(branch: Branch) -> None:
    assert branch.record not in branch.of_tam.records

    branch.assign(TAM)

    assert branch.is_on(branch.of_tam, branch.tam)
    assert shown(branch.of_tam.records[branch.record], "assignee") == TAM
    assert branch.held == {"staff:1": True, "staff:3": True, "staff:4": True, "team:1": True}


def test_when_the_assignment_goes_a_mark_takes_it_off_the_helpers_phone(branch: Branch) -> None:
    branch.assign(TAM)
    branch.of_tam.exchange(branch.tam)

    branch.assign(None)

    assert not branch.is_on(branch.of_tam, branch.tam)
    assert branch.held["staff:1"] is False
    assert branch.is_on(branch.of_binh, branch.binh), "the writer's team keeps it"


def test_what_comes_after_the_mark_does_not_come_to_who_lost_it(branch: Branch) -> None:
    branch.assign(TAM)
    branch.assign(None)
    branch.of_tam.exchange(branch.tam)

    branch.of_binh.set(branch.binh, branch.record, {"answers.village": "Thôn Dy"})
    branch.of_binh.exchange(branch.binh)

    assert not branch.is_on(branch.of_tam, branch.tam)


def test_somebody_of_the_team_that_holds_it_keeps_it_when_the_assignment_goes(
    branch: Branch,
) -> None:
    of_an = branch.office.phone("Máy của An")
    an = of_an.sign_in("an")
    branch.assign(AN)
    branch.assign(None)

    assert branch.held["staff:2"] is False
    assert branch.is_on(of_an, an)


def test_a_helper_who_has_written_in_it_meanwhile_keeps_it(branch: Branch) -> None:
    branch.assign(TAM)
    branch.of_tam.exchange(branch.tam)
    branch.of_tam.set(branch.tam, branch.record, {"answers.village": "Thôn Dy"})
    branch.assign(None)

    assert branch.is_on(branch.of_tam, branch.tam), "sent in the same exchange as the mark"
    assert branch.held["staff:1"] is True
    branch.assign(TAM)
    branch.assign(None)
    assert branch.held["staff:1"] is True


def test_assigning_to_another_moves_it(branch: Branch) -> None:
    branch.assign(TAM)
    branch.of_tam.exchange(branch.tam)

    branch.assign(AN)

    assert not branch.is_on(branch.of_tam, branch.tam)
    assert (branch.held["staff:1"], branch.held["staff:2"]) == (False, True)
    branch.assign(TAM)
    assert branch.is_on(branch.of_tam, branch.tam)


def test_assigning_twice_writes_once(branch: Branch) -> None:
    seen = branch.seen
    branch.assign(TAM, seen=seen)
    before = len(branch.office.rows(changes))

    branch.assign(TAM, seen=seen)
    branch.assign(None)
    branch.assign(None)

    assert len(branch.office.rows(changes)) == before + 1


def test_taking_away_what_nobody_has_writes_nothing(branch: Branch) -> None:
    before = len(branch.office.rows(changes))

    branch.assign(None)

    assert len(branch.office.rows(changes)) == before


def test_who_comes_second_is_told_and_nothing_is_overwritten(branch: Branch) -> None:
    seen = branch.seen
    branch.assign(TAM, seen=seen)

    with pytest.raises(AssignedMeanwhile):
        branch.assign(AN, by=QUAN, seen=seen)
    assert branch.held.get("staff:2") is None


@pytest.mark.parametrize(
    "nobody", [HOA, CHI, GIANG, 4_711], ids=["other area", "no team", "inspector", "none"]
)
def test_only_who_may_work_in_the_area_can_be_chosen(branch: Branch, nobody: int) -> None:
    give_team_1 = sa.update(staff).where(staff.c.id == GIANG).values(team=1)
    branch.office.run(lambda connection: connection.execute(give_team_1))

    with pytest.raises(NoSuchColleague):
        branch.assign(nobody)


def test_who_left_the_office_cannot_be_chosen(branch: Branch) -> None:
    gone = sa.update(staff).where(staff.c.id == TAM).values(active=False)
    branch.office.run(lambda connection: connection.execute(gone))

    with pytest.raises(NoSuchColleague):
        branch.assign(TAM)


def test_a_hidden_record_and_none_cannot_be_assigned(branch: Branch) -> None:
    hidden = branch.of_binh.take_dossier(branch.binh, area="09661")
    branch.of_binh.exchange(branch.binh)

    for record in (hidden, new_record()):
        with pytest.raises(UnknownRecord):
            give(branch.office, record, TAM, CHI)


def test_a_phone_that_assigns_is_quarantined_and_gains_nothing(branch: Branch) -> None:
    branch.assign(AN)
    branch.of_tam.set(branch.tam, branch.record, {"assignee": TAM})

    assert branch.of_tam.exchange(branch.tam).refusals == []

    branch.of_binh.exchange(branch.binh)
    assert shown(branch.of_binh.records[branch.record], "assignee") == AN
    assert branch.held.get("staff:1") is None
    assert branch.held["staff:2"] is True
    (finding,) = branch.office.run(open_findings)
    assert (finding.kind, finding.detail) == ("quarantine", {"reason": "office-field"})
    assert_rebuilt(branch.office)


def test_a_phone_cannot_unassign_a_dossier_that_it_saw_assigned(branch: Branch) -> None:
    branch.assign(TAM)
    branch.of_tam.exchange(branch.tam)
    branch.of_tam.set(branch.tam, branch.record, {"assignee": None})

    assert branch.is_on(branch.of_tam, branch.tam)

    assert shown(branch.of_tam.records[branch.record], "assignee") == TAM
    assert branch.held["staff:1"] is True


def test_a_new_dossier_that_assigns_itself_stays_hidden(branch: Branch) -> None:
    record = new_record()
    branch.of_tam.set(branch.tam, record, {"area": "10441", "assignee": TAM})
    branch.of_tam.exchange(branch.tam)

    assert branch.office.run(lambda connection: find_dossier(connection, record)) is None
    assert_rebuilt(branch.office)


def test_two_officers_who_assign_apart_leave_it_with_both_until_one_settles(
    branch: Branch,
) -> None:
    # One database can hardly bring it about; two that were apart, before a restore, can.
    branch.assign(TAM)
    assign_unseen(branch, AN)
    assert (branch.held["staff:1"], branch.held["staff:2"]) == (True, True)
    assert branch.is_on(branch.of_tam, branch.tam)
    found = branch.office.run(lambda connection: find_dossier(connection, branch.record))
    assert found is not None
    assert found.conflicts == ["assignee"]
    desk = Desk(branch.office.http)
    desk.sign_in("chi")
    page = desk.get(f"/desk/dossiers/{branch.record}")
    assert "Hai người giao" in text_of(page, "assignment")
    sides = text_of(desk.get(f"/desk/dossiers/{branch.record}/conflicts"), "row-0")
    for told in ("Giao cho", "Lê Thị Tâm", "Nguyễn Văn An", "Đỗ Minh Quân"):
        assert told in sides

    branch.assign(AN)

    assert not branch.is_on(branch.of_tam, branch.tam)
    assert_rebuilt(branch.office)


def test_attachments_follow_the_assignment(branch: Branch) -> None:
    def may() -> bool:
        def ask(connection: sa.Connection) -> bool:
            tam = find_person(connection, TAM)
            assert tam is not None
            bearer = Bearer(
                branch.of_tam.device, branch.tam.number, tam, areas_of_team(connection, 1)
            )
            return holds(connection, bearer, branch.record)

        return branch.office.run(ask)

    before = may()
    branch.assign(TAM)
    given = may()
    branch.assign(None)

    assert (before, given, may()) == (False, True, False)


def test_an_assignment_is_no_right_to_an_area(branch: Branch) -> None:
    branch.assign(TAM)
    moved = sa.update(staff).where(staff.c.id == TAM).values(team=2)
    branch.office.run(lambda connection: connection.execute(moved))

    answer = branch.of_tam.exchange(branch.tam)

    assert branch.record not in branch.of_tam.records
    assert "10441" in answer.dropped


def test_rebuilding_gives_the_same_holders(branch: Branch) -> None:
    branch.assign(TAM)
    branch.assign(AN)
    branch.of_binh.set(branch.binh, branch.record, {"answers.village": "Thôn Dy"})
    branch.of_binh.exchange(branch.binh)

    assert branch.held["staff:1"] is False
    assert_rebuilt(branch.office)


def test_the_record_names_a_number_and_no_person(branch: Branch) -> None:
    branch.assign(TAM)

    every = sa.select(changes.c.body)
    bodies = branch.office.run(lambda connection: connection.execute(every).scalars().all())
    assert not any("Tâm".encode() in body for body in bodies)


def assert_rebuilt(office: OpenOffice) -> None:
    """Pass if folding everything anew gives the same rows."""
    tables = (records, holders, dossiers, feeds)
    before = [office.rows(table) for table in tables]

    office.run(rebuild)

    assert [office.rows(table) for table in tables] == before


def assign_unseen(branch: Branch, to: int) -> None:
    """Let the admin's log bring an assignment that had not seen the present one."""
    opened, quan = branch.office.office, person_of(branch.office, QUAN)

    def write(connection: sa.Connection) -> None:
        seat = get_or_make_desk_seat(connection, opened.keys, quan, now_ms())
        state = branch.of_binh.records[branch.record]
        log = open_own_log(connection, seat)
        log.write(state, {"assignee": ([], to)}, now_ms())
        batch = sign_batch(
            seat.private_key,
            office=opened.settings.office,
            seat=seat.number,
            first=1,
            changes=log.written,
            head=log.head,
        )
        writers = load_writers(connection, [seat.number])
        taker = Taker(opened.settings.office, opened.keys)
        assert take(connection, taker, [batch], writers, now_ms()).refusals == []

    branch.office.run(write)


def test_what_was_erased_leaves_the_phone_of_whom_it_was_assigned_to(branch: Branch) -> None:
    branch.assign(TAM)
    branch.of_tam.exchange(branch.tam)
    keeper = keeper_of(branch.office.office.settings, branch.office.office.keys)
    deed = Deed(QUAN, "Quyết định 12/QĐ-TA", now_ms())

    branch.office.run(lambda connection: erase(connection, keeper, branch.record, deed))

    assert not branch.is_on(branch.of_tam, branch.tam)
    before = branch.held
    assert before["staff:1"] is False
    branch.office.run(rebuild)
    assert branch.held == before
    backup = make_backup(branch.office.office.settings, branch.office.office.keys, now_ms())
    assert verify(backup.folder, branch.office.office.keys) == []

"""The office runs its rules in the transaction that took the batch, as changes of its own seat."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.clock import now_ms
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.dossiers.timeline import timeline
from server.exchange.desk_deed import write_at_desk
from server.records.tables import changes, records
from server.staff.person import find_person
from sync.record import conflicts, dots, shown
from tests.server.conftest import OpenOffice

FIELD_SAYS = {"state": "handed_in", "count": 2}
DESK_SAYS = {"state": "missing", "count": 0}


def test_the_field_keeps_its_word_on_a_paper_and_everybody_hears_it(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    desk_sets(office, record, {"papers.1": DESK_SAYS})
    phone.set(an, record, {"papers.1": FIELD_SAYS})

    phone.exchange(an)

    assert shown(phone.records[record], "papers.1") == FIELD_SAYS
    assert conflicts(phone.records[record]) == []
    steps = office.run(lambda connection: timeline(connection, record))
    assert steps[-1].kind == "policy"
    assert steps[-1].staff_name is None
    assert open_conflicts(office, record) == []


def test_what_only_people_can_answer_stays_open(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    desk_sets(office, record, {"answers.village": "Thôn Hai"})
    phone.set(an, record, {"answers.village": "Thôn Một"})

    phone.exchange(an)

    assert conflicts(phone.records[record]) == ["answers.village"]
    assert open_conflicts(office, record) == ["answers.village"]


def test_two_who_answer_different_skipped_questions_apart_do_not_disagree(
    office: OpenOffice,
) -> None:
    """UX-35: each takes the reason of its own question out of the one list."""
    skipped = [{"name": f"answers.{name}", "codes": ["unanswered"]} for name in ("a", "b", "c")]
    first, second = office.phone(), office.phone()
    an, tam = first.sign_in("an"), second.sign_in("tam")
    record = first.take_dossier(an)
    first.set(an, record, {"intake.passed": skipped})
    first.exchange(an)
    second.exchange(tam)
    first.set(an, record, {"answers.a": "1", "intake.passed": skipped[1:]})
    second.set(tam, record, {"answers.b": "2", "intake.passed": [skipped[0], skipped[2]]})

    first.exchange(an)
    second.exchange(tam)
    first.exchange(an)

    for phone in (first, second):
        assert conflicts(phone.records[record]) == []
        assert shown(phone.records[record], "intake.passed") == skipped[2:]
    assert open_conflicts(office, record) == []


def test_rebuilding_gives_the_same_rows(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    desk_sets(office, record, {"papers.1": DESK_SAYS})
    phone.set(an, record, {"papers.1": FIELD_SAYS})
    phone.exchange(an)
    before = office.rows(records)

    office.run(rebuild)

    assert office.rows(records) == before
    assert "policy" in office.run(
        lambda connection: connection.execute(sa.select(changes.c.effect)).scalars().all()
    )


def desk_sets(office: OpenOffice, record: UUID, values: dict[str, Any]) -> None:
    """Let Chi set fields at the desk, seeing what the office holds."""

    def deed(connection: sa.Connection) -> None:
        chi = find_person(connection, 4)
        assert chi is not None
        write_at_desk(
            connection,
            office.office,
            chi,
            record,
            lambda state: {name: (dots(state, name), value) for name, value in values.items()},
            now_ms(),
        )

    office.run(deed)


def open_conflicts(office: OpenOffice, record: UUID) -> list[str | None]:
    found = office.run(lambda connection: open_findings(connection, record=record))
    assert all(one.created <= now_ms() for one in found)
    return [one.field for one in found if one.kind == "conflict"]


def test_what_happened_in_one_moment_is_told_as_it_was_merged(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    desk_sets(office, record, {"papers.1": DESK_SAYS})
    phone.set(an, record, {"papers.1": FIELD_SAYS})
    phone.exchange(an)

    office.run(
        lambda connection: connection.execute(sa.update(changes).values(at_ms=1, received=1))
    )

    steps = office.run(lambda connection: timeline(connection, record))
    assert [step.kind for step in steps] == ["change", "change", "change", "policy"]

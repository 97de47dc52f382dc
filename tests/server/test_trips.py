"""Trips and stops reach the phones of their crew; what phones bring of them is told at the desk."""

from uuid import UUID

import pytest

from server.clock import now_ms
from server.dossiers.findings import open_findings
from server.dossiers.rebuild import rebuild
from server.exchange.desk_deed import new_record, write_at_desk
from server.fieldwork.reading import work_of
from server.fieldwork.tables import fieldwork
from server.records.tables import feeds, holders, records
from server.staff.person import Person, find_person
from server.trips.demo import TRIPS, make_demo_trips
from server.trips.planning import NotPlannable, StopPlan, add_stop, plan_trip
from sync.record import dots, shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat
from tests.support.phone import new_record as new_phone_record

CHI = 4
STOP = StopPlan("10441", "Nhà văn hoá thôn Đồi Dùng", "2026-11-22", "08:00", "11:30")


def planner(office: OpenOffice) -> Person:
    """Give the case officer."""
    person = office.run(lambda connection: find_person(connection, CHI))
    assert person is not None
    return person


def plan(office: OpenOffice, stop: StopPlan = STOP, team: int = 1) -> UUID:
    """Plan a trip of a team with one stop; gives the trip."""
    chi = planner(office)
    return office.run(
        lambda connection: plan_trip(connection, office.office, chi, team, "Mỹ Đức", stop, now_ms())
    )


def test_a_stop_reaches_the_whole_crew_also_a_helper_and_nobody_else(office: OpenOffice) -> None:
    trip = plan(office)
    phones = {name: office.phone(f"Máy của {name}") for name in ("an", "tam", "hoa")}

    for name, phone in phones.items():
        phone.exchange(phone.sign_in(name))

    for name in ("an", "tam"):
        states = {state.kind: state for state in phones[name].records.values()}
        assert set(states) == {"trip", "stop"}
        assert shown(states["stop"], "trip") == trip.hex
        assert shown(states["stop"], "place") == STOP.place
        assert shown(states["stop"], "opens") == "08:00"
    assert phones["hoa"].records == {}, "another team's trip"


def test_a_crew_that_changes_takes_the_stop_off_the_phone(office: OpenOffice) -> None:
    plan(office)
    phone = office.phone()
    tam = phone.sign_in("tam")
    phone.exchange(tam)
    stop = next(record for record, state in phone.records.items() if state.kind == "stop")
    chi = planner(office)

    office.run(
        lambda connection: write_at_desk(
            connection,
            office.office,
            chi,
            stop,
            lambda state: {"crew": (dots(state, "crew"), [2, 3])},
            now_ms(),
        )
    )
    phone.exchange(tam)

    assert stop not in phone.records
    assert_rebuilt(office)


@pytest.mark.parametrize(
    ("stop", "field"),
    [
        (StopPlan("09700", "Thôn Dy", "2026-11-22", "08:00", "11:30"), "area"),
        (StopPlan("10441", "", "2026-11-22", "08:00", "11:30"), "place"),
        (StopPlan("10441", "Thôn Dy", "22/11/2026", "08:00", "11:30"), "day"),
        (StopPlan("10441", "Thôn Dy", "2026-11-22", "11:30", "08:00"), "closes"),
        (StopPlan("10441", "Thôn Dy", "2026-11-22", "8h", "11:30"), "opens"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_field(
    office: OpenOffice, stop: StopPlan, field: str
) -> None:
    with pytest.raises(NotPlannable) as refused:
        plan(office, stop)

    assert refused.value.field == field
    assert office.rows(records) == []


def test_a_trip_that_is_not_there_gets_no_stop(office: OpenOffice) -> None:
    chi = planner(office)

    with pytest.raises(NotPlannable):
        office.run(
            lambda connection: add_stop(
                connection, office.office, chi, new_record(1), STOP, now_ms()
            )
        )


def test_a_stop_made_on_a_phone_is_its_teams_and_a_phone_appoints_nobody(
    office: OpenOffice,
) -> None:
    of_an, of_binh = office.phone("Máy của An"), office.phone("Máy của Bình")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    stop = make(of_an, an, "stop", place="Nhà ông trưởng thôn", day="2026-11-22")
    of_an.exchange(an)
    of_binh.exchange(binh)
    assert shown(of_binh.records[stop], "place") == "Nhà ông trưởng thôn"

    of_an.set(an, stop, {"crew": [8]})
    of_an.exchange(an)

    (finding,) = office.run(open_findings)
    assert (finding.kind, finding.detail) == ("quarantine", {"reason": "office-field"})
    assert [one.said.get("crew") for one in office.run(lambda c: work_of(c, "stop"))] == [None]
    assert_rebuilt(office)


def test_what_a_stop_brings_is_projected_and_folds_anew_to_the_same_rows(
    office: OpenOffice,
) -> None:
    trip = plan(office)
    phone = office.phone()
    an = phone.sign_in("an")
    phone.exchange(an)
    stop = next(record for record, state in phone.records.items() if state.kind == "stop")
    dossier = phone.take_dossier(an)
    phone.set(an, dossier, {"stop": stop.hex, "trip": trip.hex})
    make(phone, an, "queue_ticket", stop=stop.hex, day="2026-11-22", number="B1", status="waiting")
    held = make(
        phone, an, "custody", stop=stop.hex, dossier=dossier.hex, paper="Sổ hộ khẩu", count=1
    )
    phone.exchange(an)
    phone.set(an, held, {"status": "returned", "returned_at": "2026-11-22T11:00:00+07:00"})
    phone.exchange(an)

    (custody,) = office.run(lambda connection: work_of(connection, "custody", stop=stop.hex))
    assert (custody.status, custody.text("paper"), custody.staff_name) == (
        "returned",
        "Sổ hộ khẩu",
        "Nguyễn Văn An",
    )
    (taken,) = office.run(lambda connection: work_of(connection, "dossier", stop=stop.hex))
    assert (taken.record, taken.trip, taken.said) == (dossier, trip.hex, {})
    assert_rebuilt(office)


def test_two_who_move_a_ticket_apart_ask_nobody(office: OpenOffice) -> None:
    of_an, of_binh = office.phone("Máy của An"), office.phone("Máy của Bình")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    ticket = make(of_an, an, "queue_ticket", number="B1", status="waiting")
    of_an.exchange(an)
    of_binh.exchange(binh)

    of_an.set(an, ticket, {"status": "done"})
    of_binh.set(binh, ticket, {"status": "skipped"})
    of_an.exchange(an)
    of_binh.exchange(binh)

    assert office.run(open_findings) == []
    (shown_now,) = office.run(lambda connection: work_of(connection, "queue_ticket"))
    assert shown_now.status == "skipped", "the newest is shown"


def test_what_does_not_fit_is_kept_and_not_told(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    make(phone, an, "queue_ticket", number=5, day="today", status="waiting", colour="red")
    make(phone, an, "weather", status="rain")

    phone.exchange(an)

    (ticket,) = office.run(lambda connection: work_of(connection, "queue_ticket"))
    assert ticket.said == {"status": "waiting"}
    assert len(office.rows(records)) == 2
    assert len(office.rows(fieldwork)) == 1
    assert_rebuilt(office)


def test_a_demo_office_has_trips_for_today_once(office: OpenOffice) -> None:
    now = now_ms()
    for _ in range(2):
        office.run(lambda connection: make_demo_trips(connection, office.office, now))

    trips = office.run(lambda connection: work_of(connection, "trip"))
    stops = office.run(lambda connection: work_of(connection, "stop"))
    assert len(trips) == len(TRIPS)
    assert len(stops) == sum(len(places) for _, _, places in TRIPS)


def make(phone: Phone, seat: PhoneSeat, kind: str, **fields: object) -> UUID:
    """Write a record of a kind on a phone."""
    record = new_phone_record()
    phone.set(seat, record, {"area": "10441", **fields}, kind)
    return record


def assert_rebuilt(office: OpenOffice) -> None:
    """Pass if folding everything anew gives the same rows."""
    tables = (records, holders, fieldwork, feeds)
    before = [office.rows(table) for table in tables]

    office.run(rebuild)

    assert [office.rows(table) for table in tables] == before

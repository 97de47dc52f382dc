"""Trips at the desk: a plain form for a stop, and the page of what a trip brought."""

import pytest

from server.fieldwork.reading import work_of
from tests.server.conftest import OpenOffice
from tests.server.test_trips import make, plan
from tests.support.desk import Desk, text_of

FORM = {
    "to": "team:1", "area": "10441", "place": "Nhà văn hoá", "day": "2026-11-23",
    "opens": "08:00", "closes": "11:30",
}  # fmt: skip


@pytest.fixture
def desk(office: OpenOffice) -> Desk:
    """Give Chi at the desk."""
    desk = Desk(office.http)
    desk.sign_in("chi")
    return desk


def test_a_stop_is_planned_by_a_form_and_a_second_added_to_its_trip(
    office: OpenOffice, desk: Desk
) -> None:
    assert desk.send("/desk/trips", "/desk/trips", **FORM).status_code == 303
    (trip,) = office.run(lambda connection: work_of(connection, "trip"))
    second = {**FORM, "to": f"trip:{trip.record}", "area": "10465", "opens": "13:30"}
    second["closes"] = "16:00"
    assert desk.send("/desk/trips", "/desk/trips", **second).status_code == 303

    told = text_of(desk.get("/desk/trips"), f"trip-{trip.record}")
    assert "23/11/2026 08:00–11:30" in told
    assert "13:30–16:00" in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"area": "09700"}, "không phụ trách"),
        ({"place": " "}, "Ghi địa điểm"),
        ({"closes": "07:00"}, "sau giờ bắt đầu"),
        ({"to": "team:99"}, "Chọn đội"),
        ({"to": "trip:x"}, "không còn"),
        ({"to": ""}, "Chọn đội"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    office: OpenOffice, desk: Desk, wrong: dict[str, str], told: str
) -> None:
    answer = desk.send("/desk/trips", "/desk/trips", **{**FORM, **wrong})

    assert answer.status_code == 422
    assert told in text_of(answer, "plan-fault")
    assert 'value="2026-11-23"' in answer.text
    assert office.run(lambda connection: work_of(connection, "stop")) == []


def test_an_inspector_looks_and_plans_nothing(office: OpenOffice, desk: Desk) -> None:
    plan(office)
    inspector = Desk(office.http)
    inspector.sign_in("giang")

    shown = inspector.get("/desk/trips")

    assert "plan-form" not in shown.text
    assert inspector.send("/desk/trips", "/desk/trips", **FORM).status_code == 403


def test_a_trip_tells_what_has_come_of_it(office: OpenOffice, desk: Desk) -> None:
    trip = plan(office)
    phone = office.phone()
    an = phone.sign_in("an")
    phone.exchange(an)
    stop = next(record for record, state in phone.records.items() if state.kind == "stop").hex
    at = "2026-11-22T11:31:00+07:00"
    make(phone, an, "custody", stop=stop, paper="Giấy chứng sinh", count=2, taken_at=at)
    make(phone, an, "custody", stop=stop, paper="Sổ đỏ", count=1, status="returned")
    make(phone, an, "handover", stop=stop, closed_at=at, dossiers=12, fees=84_000)
    for overall in (5, 4):
        make(phone, an, "satisfaction_survey", stop=stop, overall=overall, attitude=9)
    make(phone, an, "petition", stop=stop, number="B-221126-1", words="Đường hỏng")
    phone.exchange(an)

    page = desk.get(f"/desk/trips/{trip}")

    originals = text_of(page, "originals")
    assert "Giấy chứng sinh × 2" in originals
    assert "Sổ đỏ" not in originals
    assert "84.000" in text_of(page, "sheets")
    assert "4,5/5 (2 trả lời)" in text_of(page, "survey")
    assert "Thái độ" not in text_of(page, "survey"), "9 of 5 is no answer"
    assert "B-221126-1" in text_of(page, "petitions")
    assert desk.get(f"/desk/trips/{stop[:8]}-0000-7000-8000-000000000000").status_code == 404

"""Deadlines, held to the file that the field app's twin is held to."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from server.deadlines.calendar import (
    SHIPPED,
    BadCalendar,
    find_calendar,
    keep_calendar,
    office_calendar,
    read_calendar,
)
from server.deadlines.days import OutsideCalendar
from tests.server.conftest import OpenOffice
from tests.server.deadlines import write_calendar, write_vectors


def test_the_vectors_are_what_the_rules_give() -> None:
    assert write_vectors.FILE.read_text(encoding="utf-8") == write_vectors.content()


def test_the_calendar_is_the_public_holidays_with_our_corrections() -> None:
    assert write_calendar.FILE.read_text(encoding="utf-8") == write_calendar.content()


@pytest.mark.parametrize(
    ("case", "due"),
    [
        ("G1 before the cut-off", "2026-10-15T17:00"),
        ("G2 after 15:00", "2026-10-16T17:00"),
        ("G3 same day, Saturday trip", "2026-11-23T17:00"),
        ("G4 Saturday, stricter reading", "2026-11-25T17:00"),
        ("G4 Saturday, other reading", "2026-11-26T17:00"),
        ("G5 swapped Saturday", "2026-09-03T17:00"),
        ("G6 across 27/4, 30/4, 1/5", "2026-05-07T17:00"),
        ("G7 across Tết", "2026-02-24T17:00"),
        ("G8 land", "2026-10-27T17:00"),
        ("G8 difficult commune", "2026-11-10T17:00"),
        ("G9 in this batch", "2026-11-30T17:00"),
        ("G9 in the next batch", "2026-12-30T17:00"),
        ("G10 anew", "2026-11-12T17:00"),
        ("G10 paused", "2026-11-11T17:00"),
        ("G11 the van's Tuesday", "2026-11-17T17:00"),
        ("G11 its mobile variant", "2026-11-24T17:00"),
    ],
)
def test_the_worked_cases_of_the_trade(case: str, due: str) -> None:
    told = {one["name"]: one for one in write_vectors.write_all()["cases"]}

    assert told[case]["due_at"] == due


def test_the_worked_fees_of_the_trade() -> None:
    """G12."""
    told = {one["name"]: one["fee"] for one in write_vectors.write_all()["fees"]}

    assert told["G12 five pages, three copies"] == 21_000
    assert told["G12 300 pages are capped"] == 200_000


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_calendar_is_said_and_not_guessed(day: date) -> None:
    with pytest.raises(OutsideCalendar):
        read_calendar(SHIPPED).is_working(day)


def test_the_office_puts_its_own_calendar_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    shipped = office_calendar(tmp_path)
    own = msgspec.json.decode(SHIPPED.read_bytes())
    own["days_off"].append({"day": "2026-11-24", "name_vi": "Ngày Văn hóa Việt Nam"})
    (tmp_path / "calendar.json").write_bytes(msgspec.json.encode(own))

    corrected = office_calendar(tmp_path)

    assert shipped.is_working(date(2026, 11, 24))
    assert not corrected.is_working(date(2026, 11, 24))
    assert corrected.version != shipped.version


@pytest.mark.parametrize("content", [b"", b"{}", b'{"label": 1}'])
def test_a_calendar_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "calendar.json").write_bytes(content)

    with pytest.raises(BadCalendar):
        office_calendar(tmp_path)


def test_a_calendar_that_a_promise_names_is_kept_whole(database_url: str) -> None:
    calendar = read_calendar(SHIPPED)
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        keep_calendar(connection, calendar, 1)
        keep_calendar(connection, calendar, 2)

        assert find_calendar(connection, calendar.version) == calendar
        assert find_calendar(connection, "2020-00000000") is None
    engine.dispose()


def test_phones_get_the_calendar_and_the_hotline_with_the_procedures(office: OpenOffice) -> None:
    reference = msgspec.msgpack.decode(office.http.get("/sync/reference").content)
    message = msgspec.msgpack.decode(reference["message"])

    assert message["calendar"]["version"] == office.office.calendar.version
    assert message["branch"]["hotline"] == "024.1022"
    assert message["branch"]["unsent_red_hours"] == 24
    kept = office.run(lambda connection: find_calendar(connection, office.office.calendar.version))
    assert kept == office.office.calendar

"""A promise as the office sees it: shown, weighed, and printed with the citizen's words."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
import pypdf
import pytest

from server.clock import now_ms
from server.deadlines.limits import channel_of, limits_of, unit_of
from server.deadlines.rules import promise
from server.desk.writing import CIVIL
from server.dossiers.tables import findings
from server.procedures.catalogue import catalogue
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import new_record

LATER = "1.014027"
"""Ten working days: nothing that a test does today can be too late."""

RESIDENCE = "1.004194"
SENT: dict[str, Any] = {
    "area": "10441",
    "status": "sealed",
    "answers.applicant_full_name": "Quách Thị Mẫu Ưởng #strong[x] $a$ \\",
    "answers.result_channel": "home",
    "answers.result_address": "Số 7, thôn Đồng Chiêm",
}


@pytest.fixture
def promised(office: OpenOffice) -> dict[str, Any]:
    """Give what a phone seals now, with the promise of the office's own rules."""
    return {"procedure": LATER, **SENT, **_promise(office, LATER)}


def test_a_promise_that_the_office_comes_to_as_well_is_simply_shown(
    office: OpenOffice, promised: dict[str, Any]
) -> None:
    record = _seal(office, promised)

    page = _at_desk(office).get(f"/desk/dossiers/{record}")

    assert f'data-due="{promised["due_at"]}"' in page.text
    assert "Văn phòng tính" not in text_of(page, "promised")
    assert _deadlines(office) == []


def test_a_promise_of_another_hour_stands_and_is_a_finding(
    office: OpenOffice, promised: dict[str, Any]
) -> None:
    wrong = promised | {"due_at": "2027-12-01T17:00:00+07:00"}
    record = _seal(office, wrong)

    desk = _at_desk(office)
    told = text_of(desk.get(f"/desk/dossiers/{record}"), "promised")

    assert "01/12/2027" in told
    assert "Văn phòng tính" in told
    assert [one["reason"] for one in _deadlines(office)] == ["differs"]
    assert "Hẹn trả cần xem" in desk.get("/desk/findings").text


def test_a_dossier_that_comes_after_its_time_is_a_finding(office: OpenOffice) -> None:
    """G11."""
    calendar = office.office.calendar
    late = {
        "received_at": "2026-11-17T14:30:00+07:00",
        "due_at": "2026-11-17T17:00:00+07:00",
        "due_rule": "same_day;1;working_days;15:00",
        "calendar_version": calendar.version,
    }
    assert now_ms() > datetime(2026, 11, 17, 10, tzinfo=UTC).timestamp() * 1000

    record = _seal(office, {"procedure": "1.001193", **SENT, **late})

    told = text_of(_at_desk(office).get(f"/desk/dossiers/{record}"), "promised")
    assert "Đến văn phòng khi đã quá hẹn" in told
    assert [one["reason"] for one in _deadlines(office)] == ["eaten"]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"due_at": "tomorrow"},
        {"received_at": "9999-99-99T99:99:00+07:00"},
        {"calendar_version": "1999-none"},
        {"procedure": "9.999999"},
        {"received_at": "2029-01-01T09:00:00+07:00"},
    ],
)
def test_a_promise_that_nobody_can_count_is_kept_and_is_a_finding(
    office: OpenOffice, promised: dict[str, Any], spoilt: dict[str, str]
) -> None:
    record = _seal(office, promised | spoilt)

    assert _at_desk(office).get(f"/desk/dossiers/{record}").status_code == 200
    assert [one["reason"] for one in _deadlines(office)] == ["differs"]


def test_a_revision_does_not_weigh_the_promise_again(
    office: OpenOffice, promised: dict[str, Any]
) -> None:
    phone = office.phone()
    seat = phone.sign_in("an")
    record = new_record()
    phone.set(seat, record, promised | {"due_at": "2027-12-01T17:00:00+07:00"})
    phone.set(seat, record, {"due_at": "2027-12-02T17:00:00+07:00"})
    phone.exchange(seat)

    assert len(_deadlines(office)) == 1


@pytest.mark.parametrize(
    ("code", "title", "form"),
    [
        (LATER, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mẫu số 01"),
        (RESIDENCE, "PHIẾU TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mẫu CT04"),
    ],
)
def test_the_office_prints_its_copy_in_the_form_of_the_procedure(
    office: OpenOffice, code: str, title: str, form: str
) -> None:
    """Typst's marks in a name are letters of a name."""
    record = _seal(office, {"procedure": code, **SENT, **_promise(office, code)})

    answer = _at_desk(office).get(f"/desk/dossiers/{record}/receipt.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    text = " ".join(pypdf.PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    for words in (title, form, SENT["answers.applicant_full_name"], "Nguyễn Văn An", "024.1022"):
        assert words in text


def test_without_a_promise_it_is_an_acknowledgement(office: OpenOffice) -> None:
    record = _seal(office, {"procedure": LATER, **SENT})
    desk = _at_desk(office)

    answer = desk.get(f"/desk/dossiers/{record}/receipt.pdf")

    text = " ".join(pypdf.PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    assert "BIÊN NHẬN TẠM" in text
    assert "Hẹn trả kết quả" not in text
    assert "data-due" not in desk.get(f"/desk/dossiers/{record}").text
    assert desk.get(f"/desk/dossiers/{new_record()}/receipt.pdf").status_code == 404


def test_a_copy_that_was_given_out_is_a_step_of_its_own(
    office: OpenOffice, promised: dict[str, Any]
) -> None:
    phone = office.phone()
    seat = phone.sign_in("an")
    record = new_record()
    phone.set(seat, record, promised)
    phone.set(seat, record, {f"receipts.{new_record()}": {"kind": "issued", "way": "print"}})
    phone.exchange(seat)

    page = _at_desk(office).get(f"/desk/dossiers/{record}")

    assert "Cấp giấy hẹn" in text_of(page, "timeline")


def _promise(office: OpenOffice, code: str) -> dict[str, str]:
    procedure, calendar = catalogue().procedures[code], office.office.calendar
    received = datetime.fromtimestamp(now_ms() / 1000, tz=CIVIL).strftime("%Y-%m-%dT%H:%M")
    limits = limits_of(procedure, channel_of(procedure), (), {})
    made = promise(limits, received, calendar, unit_of(procedure))
    assert made is not None
    return {
        "received_at": f"{received}:00+07:00",
        "due_at": f"{made.due_at}:00+07:00",
        "due_rule": made.rule,
        "calendar_version": calendar.version,
    }


def _seal(office: OpenOffice, fields: dict[str, Any]) -> UUID:
    phone = office.phone()
    seat = phone.sign_in("an")
    record = new_record()
    phone.set(seat, record, fields)
    phone.exchange(seat)
    return record


def _at_desk(office: OpenOffice) -> Desk:
    desk = Desk(office.http)
    desk.sign_in("chi")
    return desk


def _deadlines(office: OpenOffice) -> list[dict[str, Any]]:
    place = list(findings.columns.keys())
    kind, detail = place.index("kind"), place.index("detail")
    rows = office.rows(findings)
    return [msgspec.json.decode(str(row[detail])) for row in rows if row[kind] == "deadline"]

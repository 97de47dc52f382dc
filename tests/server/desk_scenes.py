"""Every page of the desk with its scenes: empty, after an error, with too much (UX-12)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.decisions import pages as decisions
from server.decisions.returned import Returned, Value
from server.desk.words import say as say_in
from server.devices.tables import devices
from server.dossiers.tables import dossiers, findings
from server.erasures.erasure import Deed, erase, keeper_of
from server.fieldwork.reading import work_of
from server.fieldwork.tables import fieldwork
from tests.server.conftest import OpenOffice
from tests.server.test_trips import plan
from tests.support.desk import PASSWORD, Desk, hidden_of, text_of
from tests.support.phone import Phone, PhoneSeat, new_record

MANY: Final = 230
LONG: Final = "Công Tằng Tôn Nữ Phương Thảo Nguyên Khánh Huyền Trang Bạch Đình Thị Mẫu Ưởng Hương"
NAME: Final = "answers.applicant_full_name"
ADMIN: Final = 7

say = partial(say_in, "vi")


@dataclass
class Sitting:
    """The admin at the desk, who may see every page, and what the office has so far."""

    office: OpenOffice
    monkeypatch: pytest.MonkeyPatch
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Sign in."""
        self.desk = Desk(self.office.http)
        self.desk.sign_in("quan")

    def get(self, path: str) -> httpx.Response:
        """Open a page that is there."""
        page = self.desk.get(path)
        assert page.status_code == 200, path
        return page

    def phone(self, person: str = "an") -> tuple[Phone, PhoneSeat]:
        """Give somebody's phone."""
        phone = self.office.phone(f"Máy của {person}")
        return phone, phone.sign_in(person)

    def dossier(self) -> UUID:
        """Give a dossier that has just arrived."""
        phone, seat = self.phone()
        record = phone.take_dossier(seat)
        phone.exchange(seat)
        return record

    def insert(self, table: sa.Table, make: Callable[[int], dict[str, object]]) -> None:
        """Put in as many rows as are too many for one page."""
        values = [make(number) for number in range(1, MANY + 1)]
        self.office.run(lambda connection: connection.execute(sa.insert(table), values))


Scene = Callable[[Sitting], None]
Cell = Scene | str
"""What is tried, or why nobody can come upon the page so."""


@dataclass(frozen=True)
class Row:
    """The scenes of one page."""

    empty: Cell
    error: Cell
    much: Cell


def reads(path: str, *keys: str) -> Scene:
    """Open a page, and read these sentences there."""

    def scene(at: Sitting) -> None:
        told = " ".join(text_of(at.get(path), "main").split())
        for key in keys:
            assert say(key) in told, key

    return scene


def fails(page: str, path: str, status: int, element: str, **fields: str) -> Scene:
    """Send a form that is wrong; what is wrong stands where the focus goes."""

    def scene(at: Sitting) -> None:
        answer = at.desk.send(page, path, **fields)
        assert answer.status_code == status
        assert text_of(answer, element)

    return scene


def turns(path: str, page: httpx.Response, row: str, rows_max: int) -> None:
    """Read a page of a long list: so many rows, and a link to the page after."""
    assert page.text.count(row) == rows_max, path
    assert 'rel="next"' in page.text


# Arrivals, and what is found


def many_dossiers(at: Sitting) -> None:
    """Fill the list of arrivals."""
    now = now_ms()
    numbers = ("seat", "device", "changes")
    at.insert(
        dossiers,
        lambda number: {
            "record": uuid4().bytes,
            "area": "10441",
            "applicant_name": f"{LONG} {number}",
            "applicant_folded": f"huong {number}",
            "first_received": now - number,
            "last_received": now - number,
            "conflicts": 0,
            **dict.fromkeys(numbers, 1),
        },
    )


def much_arrived(at: Sitting) -> None:
    many_dossiers(at)
    turns("/desk", at.get("/desk"), '<tr id="row-', 50)
    assert at.get("/desk?page=5").text.count('<tr id="row-') == MANY - 4 * 50


def odd_address(at: Sitting) -> None:
    answer = at.desk.get("/desk?page=x")
    assert answer.status_code == 400
    assert say("desk.error.400.do") in text_of(answer, "main")


def much_found(at: Sitting) -> None:
    many_dossiers(at)
    found = at.desk.send("/desk/find", "/desk/find", words="huong")
    assert found.text.count('<tr id="row-') == 50
    assert say("desk.find.many", count=50) in text_of(found, "main")


# Findings, devices


def much_raised(at: Sitting) -> None:
    told = {"kind": "quarantine", "detail": '{"reason": "foreign-area"}', "created": now_ms()}
    at.insert(findings, lambda number: {**told, "seq": number})
    page = at.get("/desk/findings")
    assert page.text.count('<article class="sheet finding') == 100
    assert say("desk.findings.newest", count=100) in text_of(page, "findings-count")


def wrong_decision(at: Sitting) -> None:
    one = {"kind": "quarantine", "detail": '{"reason": "foreign-area"}', "created": 1}
    at.office.run(lambda connection: connection.execute(sa.insert(findings).values(id=1, **one)))
    fails("/desk/findings", "/desk/findings/1", 422, "trouble", outcome="dismissed")(at)


def many_devices(at: Sitting) -> None:
    """Fill the list of devices with some that were revoked."""
    same = {"status": "revoked", "words": "", "enrolled_at": 1, "last_number": 0}
    at.insert(
        devices,
        lambda number: {
            **same,
            "number": 100 + number,
            "label": f"{LONG} {number}",
            "public_key": number.to_bytes(32, "big"),
            "app_version": "1.0",
        },
    )


def much_joined(at: Sitting) -> None:
    many_devices(at)
    turns("/desk/devices", at.get("/desk/devices"), '<tr id="device-', 50)
    assert 'hx-get="/desk/devices?page=2"' in at.get("/desk/devices?page=2").text
    # Whoever comes for one device is led to the page that it stands on.
    assert '<tr id="device-101"' in at.get("/desk/devices?near=101").text
    assert 'rel="next"' not in at.get("/desk/devices?page=999").text


def decided_twice(at: Sitting) -> None:
    phone = at.office.phone()
    path = f"/desk/devices/{phone.device}/refuse"
    fails("/desk/devices", path, 409, "too-late")(at)


# What a lost life of the office decided


def lost(number: int) -> Returned:
    """Make a dossier of which a value is lost."""
    value = Value(NAME, "1.1", f"{LONG} {number}", 1, 1, "Trần Thị Chi", None, ["Vân"], "", False)
    return Returned(UUID(int=number + 1), LONG, None, number % 5 > 0, [value], {})


def much_lost(at: Sitting) -> None:
    at.monkeypatch.setattr(decisions, "find_returned", lambda _: [lost(n) for n in range(MANY)])
    turns("/desk/returned", at.get("/desk/returned"), '<form method="post" action="/desk/ret', 20)
    last = at.get("/desk/returned?page=12")
    assert 'id="unknown-records"' in last.text
    assert say("desk.returned.empty") not in last.text


def nothing_picked(at: Sitting) -> None:
    at.monkeypatch.setattr(decisions, "find_returned", lambda _: [lost(n) for n in range(MANY)])
    record = UUID(int=100)
    path = f"/desk/returned/{record}"
    fails("/desk/returned", path, 422, f"returned-{record}", deed="apply")(at)


# Trips


def many_works(at: Sitting, kind: str, said: dict[str, object], **columns: str) -> None:
    """Fill a trip, or the list of trips."""
    at.insert(
        fieldwork,
        lambda number: {
            "record": uuid4().bytes,
            "kind": kind,
            "first_received": number,
            "last_received": number,
            "said": msgspec.json.encode({**said, "place": f"{LONG} {number}"}).decode(),
            **columns,
        },
    )


def much_planned(at: Sitting) -> None:
    many_works(at, "stop", {"opens": "08:00", "closes": "11:30"}, day="2099-11-22", area="10441")
    many_works(at, "result_delivery", {"title": LONG, "status": "taken", "copies": 1, "got": 1})
    page = at.get("/desk/trips")
    turns("/desk/trips", page, '<article class="sheet trip"', 30)
    assert 'id="page-after" href="/desk/trips?page=2"' in page.text
    assert 'id="results-after" href="/desk/trips?results=2"' in page.text


def nothing_brought(at: Sitting) -> None:
    keys = ("desk.trip.no_sheet", "desk.trip.no_originals", "desk.trip.no_results")
    reads(f"/desk/trips/{plan(at.office)}", *keys)(at)


def no_such_trip(at: Sitting) -> None:
    answer = at.desk.get(f"/desk/trips/{uuid4()}")
    assert answer.status_code == 404
    assert say("desk.error.404.do") in text_of(answer, "main")


def much_brought(at: Sitting) -> None:
    trip = plan(at.office)
    said = {"paper": LONG, "count": 1, "taken_at": "2026-11-22T08:00:00+07:00"}
    (stop,) = at.office.run(lambda connection: work_of(connection, "stop", trip=trip.hex))
    many_works(at, "custody", said, stop=stop.record.hex, status="held")
    page = at.get(f"/desk/trips/{trip}")
    assert text_of(page, "originals").count(LONG) == MANY


# One dossier


def unanswered(at: Sitting) -> None:
    phone, seat = at.phone()
    record = new_record()
    phone.set(seat, record, {"procedure": "1.001193", "area": "10441", "status": "sealed"})
    phone.exchange(seat)
    reads(f"/desk/dossiers/{record}", "desk.dossier.no_answers", "desk.dossier.no_papers")(at)


def given_to_nobody(at: Sitting) -> None:
    page = f"/desk/dossiers/{at.dossier()}"
    fails(page, f"{page}/assignee", 422, "assign-fault", deed="assign")(at)


def much_happened(at: Sitting) -> None:
    phone, seat = at.phone()
    record = phone.take_dossier(seat)
    for number in range(MANY):
        phone.set(seat, record, {NAME: f"{LONG} {number}"})
    phone.exchange(seat)
    page = at.get(f"/desk/dossiers/{record}")
    assert page.text.count('<li class="step ') == MANY + 1
    assert text_of(page, "applicant-name") == f"{LONG} {MANY - 1}"


def nothing_differs(at: Sitting) -> None:
    record = at.dossier()
    answer = at.desk.get(f"/desk/dossiers/{record}/conflicts")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/dossiers/{record}")


def unsettled(at: Sitting) -> None:
    (of_an, an), (of_binh, binh) = at.phone("an"), at.phone("binh")
    record = of_an.take_dossier(an)
    of_an.exchange(an)
    of_binh.exchange(binh)
    of_an.set(an, record, {NAME: "Đinh Bảo An"})
    of_binh.set(binh, record, {NAME: "Đinh Bảo"})
    of_an.exchange(an)
    of_binh.exchange(binh)
    path = f"/desk/dossiers/{record}/conflicts"
    shown = at.get(path)
    sent = {**hidden_of(shown, "csrf"), **hidden_of(shown, "seen:")}
    answer = at.desk.post(path, sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def nothing_left(at: Sitting) -> None:
    record = at.dossier()
    keeper = keeper_of(at.office.office.settings, at.office.office.keys)
    deed = Deed(ADMIN, "Quyết định 12/QĐ-TA, Điều 16", now_ms())
    at.office.run(lambda connection: erase(connection, keeper, record, deed))
    reads(f"/desk/dossiers/{record}/erase", "desk.erase.nothing")(at)


def no_reason(at: Sitting) -> None:
    path = f"/desk/dossiers/{at.dossier()}/erase"
    fails(path, path, 422, "erase-trouble", reason="vì thế")(at)


# Before and beside


def no_rescue_file(at: Sitting) -> None:
    answer = at.desk.upload("/desk/import", "/desk/import", b"no bundle at all")
    assert answer.status_code == 400
    assert say("desk.import.nothing_lost") in text_of(answer, "import-fault")


def nobody_yet(at: Sitting) -> None:
    page = Desk(at.office.http).get("/desk/sign-in")
    assert say("desk.sign_in.do") in text_of(page, "main")


def wrong_password(at: Sitting) -> None:
    stranger = Desk(at.office.http)
    answer = stranger.sign_in("chi", PASSWORD[:-1])
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text


NO_LIST: Final = "it asks for one thing, and lists nothing"

TABLE: Final = {
    "/": Row(reads("/", "desk.landing.title"), "it reads nothing and takes no form", NO_LIST),
    "/desk/sign-in": Row(nobody_yet, wrong_password, NO_LIST),
    "/desk": Row(
        reads("/desk", "desk.arrivals.empty.all", "desk.arrivals.empty_do"),
        odd_address,
        much_arrived,
    ),
    "/desk/find": Row(
        reads("/desk/find", "desk.find.empty_what"),
        "a search that finds nothing is no error; what was mistyped: test_code_pages.py",
        much_found,
    ),
    "/desk/findings": Row(
        reads("/desk/findings", "desk.findings.empty", "desk.findings.empty_what"),
        wrong_decision,
        much_raised,
    ),
    "/desk/devices": Row(
        reads("/desk/devices", "desk.devices.empty", "desk.devices.empty_what"),
        decided_twice,
        much_joined,
    ),
    "/desk/import": Row(
        reads("/desk/import", "desk.import.what", "desk.import.do"),
        no_rescue_file,
        "one line for each bundle of a file that a person brings, and a file has its bounds",
    ),
    "/desk/returned": Row(
        reads("/desk/returned", "desk.returned.empty"), nothing_picked, much_lost
    ),
    "/desk/trips": Row(
        reads("/desk/trips", "desk.trips.empty"),
        fails("/desk/trips", "/desk/trips", 422, "plan-fault", to="team:99"),
        much_planned,
    ),
    "/desk/trips/{record:uuid}": Row(nothing_brought, no_such_trip, much_brought),
    "/desk/dossiers/{record:uuid}": Row(unanswered, given_to_nobody, much_happened),
    "/desk/dossiers/{record:uuid}/conflicts": Row(
        nothing_differs, unsettled, "at most a row for each question of one form"
    ),
    "/desk/dossiers/{record:uuid}/erase": Row(nothing_left, no_reason, NO_LIST),
}
"""Each page by its route."""

NO_PAGES: Final = {
    "/desk/assets/{path:path}": "styles and scripts",
    "/desk/mark.svg": "our sign",
    "/desk/events": "the stream of hints",
    "/desk/dossiers/{record:uuid}/attachments/{digest:str}": "a photo",
    "/desk/dossiers/{record:uuid}/receipt.pdf": "a paper",
    "/desk/dossiers/{record:uuid}/results/{delivery:uuid}/signature.png": "a drawing",
    "/desk/dossiers/{record:uuid}/supplements/{number:uuid}/request.pdf": "a paper",
}
"""What a browser gets from the desk that is no page."""

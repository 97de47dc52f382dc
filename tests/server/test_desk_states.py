"""UX-12 at the desk: each page empty, busy, offline, after an error, and with too much.

A page that is added without its scenes fails here. The field app's are told in
`pwa/tests/screens/states.test.ts`.
"""

import re
from uuid import UUID, uuid4

import pytest
from litestar import Litestar

from server.database import Busy
from tests.server.conftest import OpenOffice
from tests.server.desk_scenes import NO_PAGES, TABLE, Sitting, say
from tests.support.desk import text_of

# What a page says does not depend on the kind of database.
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

LIVE = {"/desk", "/desk/findings", "/desk/devices", "/desk/dossiers/{record:uuid}"}
"""Pages that refresh themselves, and so have to say when they do not."""


@pytest.fixture
def sitting(office: OpenOffice, monkeypatch: pytest.MonkeyPatch) -> Sitting:
    """Sit the admin down."""
    return Sitting(office, monkeypatch)


def pages_of(app: Litestar) -> set[str]:
    """Name what a browser can open at the desk."""
    return {
        route.path
        for route in app.routes
        if "GET" in route.methods and (route.path == "/" or route.path.startswith("/desk"))
    }


def address_of(path: str, record: UUID) -> str:
    return re.sub(r"\{\w+:uuid\}", str(record), path)


def test_each_page_has_its_scenes_or_says_why_not(office: OpenOffice) -> None:
    reasons = [cell for row in TABLE.values() for cell in vars(row).values()]

    assert pages_of(office.http.app) == TABLE.keys() | NO_PAGES.keys()
    assert all(len(reason) > 20 for reason in reasons if isinstance(reason, str))


@pytest.mark.parametrize("state", ["empty", "error", "much"])
def test_each_page_is_as_it_has_to_be(sitting: Sitting, state: str) -> None:
    """In one office: what a page needs to be empty is not yet there when its turn comes."""
    for path, row in TABLE.items():
        scene = vars(row)[state]
        try:
            if callable(scene):
                scene(sitting)
        except AssertionError as fault:
            fault.add_note(f"{path} {state}")
            raise


def test_a_busy_office_is_said_on_every_page(sitting: Sitting) -> None:
    """UX-13: what happened, what is safe, what to do; nobody is shown an empty list instead."""

    async def read(_: object) -> object:
        raise Busy

    sitting.monkeypatch.setattr(sitting.office.office.database, "read", read)
    for path in TABLE.keys() - {"/", "/desk/sign-in"}:
        answer = sitting.desk.get(address_of(path, uuid4()))

        assert answer.status_code == 503, path
        told = text_of(answer, "main")
        assert say("desk.error.503.what") in told
        assert say("desk.error.503.do") in told


def test_a_page_that_refreshes_itself_says_when_its_line_is_broken(sitting: Sitting) -> None:
    """What else is shown was asked for by a person: their browser says what it could not get."""
    record = sitting.dossier()
    for path in TABLE:
        is_trip = path.startswith("/desk/trips/")
        page = sitting.desk.get("/desk/trips" if is_trip else address_of(path, record))
        asks_by_itself = re.search(r"hx-trigger=\"(?!change)|sse-connect", page.text) is not None

        assert asks_by_itself == (path in LIVE), path
        broken = re.search(r'id="live" data-broken="([^"]*)"', page.text)
        assert (broken[1] if broken else "") == (say("desk.live.broken") if path in LIVE else "")

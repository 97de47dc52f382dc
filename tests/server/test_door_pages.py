"""Every page of the desk has a door: who may come in, and with which token."""

import re
from uuid import uuid4

import pytest
from litestar import Litestar

from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, csrf_of

ROLES = {
    "an": "receiving_officer",
    "chi": "case_officer",
    "dung": "signatory",
    "giang": "inspector",
    "quan": "admin",
}
SETTLERS = {"receiving_officer", "case_officer", "admin"}
DEVICE_KEEPERS = {"case_officer", "admin"}


def desk_paths(app: Litestar, method: str) -> list[str]:
    """Name every path of the desk that takes this method, with its parameters filled in."""
    paths = []
    for route in app.routes:
        if route.path.startswith("/desk") and method in route.methods:
            filled = re.sub(r"\{\w+:uuid\}", str(uuid4()), route.path)
            paths.append(re.sub(r"\{\w+:\w+\}", "999", filled))
    return paths


OPEN = {"/desk/sign-in", "/desk/mark.svg", "/desk/assets/999"}


def test_no_page_is_shown_to_a_stranger(office: OpenOffice) -> None:
    paths = [path for path in desk_paths(office.http.app, "GET") if path not in OPEN]

    assert len(paths) >= 5
    for path in paths:
        answer = Desk(office.http).get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/desk/sign-in"), path


def test_no_form_is_taken_without_its_token(office: OpenOffice) -> None:
    paths = desk_paths(office.http.app, "POST")
    desk, other = Desk(office.http), Desk(office.http)
    desk.sign_in("quan")
    other.sign_in("quan")
    foreign = csrf_of(other.get("/desk"))

    assert len(paths) >= 7
    for path in paths:
        assert desk.post(path, {}).status_code == 403, path
        assert desk.post(path, {"csrf": foreign}).status_code == 403, path
        assert desk.post(path, {"csrf": "đ"}).status_code == 403, path


def test_a_form_sent_from_another_site_is_not_taken(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("quan")
    token = csrf_of(desk.get("/desk"))

    answer = desk.post("/desk/devices/links", {"csrf": token}, sec_fetch_site="cross-site")

    assert answer.status_code == 403


def test_the_token_may_come_in_the_header_that_htmx_sends(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("quan")
    token = csrf_of(desk.get("/desk"))

    answer = desk.post("/desk/devices/links", {}, x_csrf_token=token)

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ROLES)
def test_each_role_may_do_its_own(office: OpenOffice, name: str) -> None:
    desk = Desk(office.http)
    desk.sign_in(name)
    unknown = uuid4()

    may_settle = ROLES[name] in SETTLERS
    may_keep_devices = ROLES[name] in DEVICE_KEEPERS
    settled = desk.send("/desk", f"/desk/dossiers/{unknown}/conflicts").status_code
    made = desk.send("/desk", "/desk/devices/links").status_code
    confirmed = desk.send("/desk", "/desk/devices/999/confirm").status_code
    revoked = desk.send("/desk", "/desk/devices/999/revoke").status_code

    assert desk.get("/desk").status_code == 200
    assert desk.get("/desk/devices").status_code == 200
    assert settled == (404 if may_settle else 403)
    assert made < 300 if may_keep_devices else made == 403
    assert confirmed == revoked == (404 if may_keep_devices else 403)
    assert ("new-link-button" in desk.get("/desk/devices").text) == may_keep_devices


@pytest.mark.parametrize(
    "body",
    [
        b"csrf=%FF%FE",
        b"csrf=\xff\xfe",
        b"reason=%00",
        b"&".join(b"a%d=1" % number for number in range(4_001)),
    ],
)
def test_a_form_that_cannot_be_read_is_a_400(office: OpenOffice, body: bytes) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")
    cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())

    answer = office.http.post(
        "/desk/devices/links",
        content=body,
        headers={"cookie": cookie, "content-type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 400
    assert "text/html" in answer.headers["content-type"]


def test_a_form_over_the_limit_is_a_413(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")

    answer = desk.post("/desk/language", {"back": "x" * (1024 * 1024 + 1)})

    assert answer.status_code == 413


def test_errors_are_pages_in_words(office: OpenOffice) -> None:
    answer = Desk(office.http).get("/desk/no-such-page")

    assert answer.status_code == 404
    assert "<h1>Không tìm thấy</h1>" in answer.text


def test_a_host_that_is_none_is_no_mistake_of_ours(office: OpenOffice) -> None:
    answer = office.http.get("/desk/no-such-page", headers={"Host": "loc: localhost"})

    assert answer.status_code in (400, 404)


def test_every_page_forbids_foreign_script_and_caches(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")

    for path in ("/", "/desk", "/desk/devices", "/desk/no-such-page"):
        answer = desk.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["cache-control"] == "no-store", path
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", answer.text), path


def test_the_first_page_leads_to_the_faces(office: OpenOffice) -> None:
    page = Desk(office.http).get("/")

    assert page.status_code == 200
    for way in ('href="/app/"', 'href="/desk"', 'id="face-public"'):
        assert way in page.text

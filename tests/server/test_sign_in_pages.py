"""Signing in at the desk, staying signed in, and leaving."""

import dataclasses

import sqlalchemy as sa
from litestar.testing import TestClient

from server.app import create_app
from server.clock import now_ms
from server.office import open_office
from server.settings import Settings
from server.staff.sessions import IDLE_MS_MAX, SESSION_MS_MAX, find_signed_in, open_session
from server.staff.tables import sessions, staff
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of


def test_a_stranger_is_led_to_the_sign_in_page_and_back(office: OpenOffice) -> None:
    desk = Desk(office.http)

    turned_away = desk.get("/desk/devices")
    signed_in = desk.sign_in("chi", way="/desk/devices")

    assert turned_away.status_code == 303
    assert turned_away.headers["location"] == "/desk/sign-in?next=/desk/devices"
    assert signed_in.status_code == 303
    assert signed_in.headers["location"] == "/desk/devices"
    assert text_of(desk.get("/desk/devices"), "viewer-name") == "Phạm Thu Chi"


def test_a_fragment_asked_for_without_a_session_leads_the_whole_page_to_sign_in(
    office: OpenOffice,
) -> None:
    answer = Desk(office.http).get("/desk", hx_request="true")

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/desk/sign-in?next=/desk"


def test_an_unknown_name_and_a_wrong_password_read_the_same(office: OpenOffice) -> None:
    wrong = Desk(office.http).sign_in("chi", "not it")
    unknown = Desk(office.http).sign_in("nobody", "not it")

    assert wrong.status_code == unknown.status_code == 403
    told = text_of(wrong, "sign-in-trouble")
    assert told == text_of(unknown, "sign-in-trouble")
    assert told == "Tên đăng nhập hoặc mật khẩu không đúng."
    assert 'value="chi"' in wrong.text
    assert "not it" not in wrong.text


def test_the_sixth_wrong_password_in_a_row_has_to_wait(office: OpenOffice) -> None:
    desk = Desk(office.http)
    for _ in range(5):
        assert desk.sign_in("chi", "not it").status_code == 403

    limited = desk.sign_in("chi")

    assert limited.status_code == 429
    assert 0 < int(limited.headers["retry-after"]) <= 15 * 60
    assert "Sai nhiều lần quá" in text_of(limited, "sign-in-trouble")


def test_a_helper_has_no_desk(office: OpenOffice) -> None:
    desk = Desk(office.http)

    refused = desk.sign_in("tam")

    assert refused.status_code == 403
    assert "luudong_session" not in desk.cookies
    assert "không dùng ở bàn" in text_of(refused, "sign-in-trouble")


def test_signing_in_needs_the_token_of_the_form(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.get("/desk/sign-in")

    answer = desk.post("/desk/sign-in", {"sign_in": "chi", "secret": "luudong-demo"})

    assert answer.status_code == 403
    assert "luudong_session" not in desk.cookies


def test_the_cookie_is_random_httponly_and_only_its_hash_is_kept(office: OpenOffice) -> None:
    desk = Desk(office.http)

    cookie = desk.sign_in("chi").headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    token = desk.cookies["luudong_session"]
    assert len(token) >= 43
    (kept,) = office.rows(sessions)
    assert token.encode() not in kept
    assert token not in repr(kept)


def test_signing_in_again_makes_another_session(office: OpenOffice) -> None:
    first, second = Desk(office.http), Desk(office.http)

    first.sign_in("chi")
    second.sign_in("chi")

    assert first.cookies["luudong_session"] != second.cookies["luudong_session"]


def test_after_signing_out_the_cookie_is_worth_nothing(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")
    kept = dict(desk.cookies)

    answer = desk.send("/desk", "/desk/sign-out")

    assert answer.status_code == 303
    assert "luudong_session" not in desk.cookies
    assert Desk(office.http, kept).get("/desk").status_code == 303
    assert office.rows(sessions) == []


def test_who_no_longer_works_here_is_out_at_once(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")

    office.run(lambda c: c.execute(sa.update(staff).where(staff.c.id == 4).values(active=False)))

    assert desk.get("/desk").status_code == 303


def test_a_session_ends_by_idleness_and_by_age(office: OpenOffice) -> None:
    begun = now_ms()
    token = office.run(lambda connection: open_session(connection, 4, begun))

    def found(now: int) -> bool:
        return office.run(lambda connection: find_signed_in(connection, token, now)) is not None

    assert found(begun + IDLE_MS_MAX - 1)
    assert not found(begun + IDLE_MS_MAX)
    office.run(
        lambda c: c.execute(sa.update(sessions).values(last_seen=begun + SESSION_MS_MAX - 1))
    )
    assert found(begun + SESSION_MS_MAX - 1)
    assert not found(begun + SESSION_MS_MAX)


def test_the_way_back_never_leaves_the_house(office: OpenOffice) -> None:
    for way in ("https://evil.example/", "//evil.example/", "/\\evil.example", "evil"):
        answer = Desk(office.http).sign_in("chi", way=way)

        assert answer.headers["location"] == "/desk", way


def test_the_language_is_kept_and_the_page_stays(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")

    answer = desk.send("/desk/devices", "/desk/language", language="en", back="/desk/devices")

    assert answer.headers["location"] == "/desk/devices"
    page = desk.get("/desk/devices")
    assert '<html lang="en">' in page.text
    assert text_of(page, "room-devices") == "Devices"


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(office: OpenOffice) -> None:
    desk = Desk(office.http)
    desk.sign_in("chi")
    earlier = now_ms() - 10 * 60 * 1000
    office.run(lambda c: c.execute(sa.update(sessions).values(last_seen=earlier)))

    desk.get("/desk", hx_request="true")
    after_refresh = office.run(lambda c: c.execute(sa.select(sessions.c.last_seen)).scalar_one())
    desk.get("/desk")
    after_page = office.run(lambda c: c.execute(sa.select(sessions.c.last_seen)).scalar_one())

    assert after_refresh == earlier
    assert after_page > earlier


def test_under_https_the_cookies_are_for_this_host_alone(settings: Settings) -> None:
    secure = dataclasses.replace(settings, url="https://desk.example.vn")
    with TestClient(create_app(open_office(secure)), base_url=secure.url) as http:
        desk = Desk(http)

        answer = desk.sign_in("chi")

        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-luudong_session=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert desk.get("/desk").status_code == 200

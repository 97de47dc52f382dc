"""The first page of all, signing in and out, and the switch of language."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery

from server.answers import AnyRequest, asker_of
from server.clock import now_ms
from server.desk.door import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    SIGN_OUT,
    cookie_name,
    desk_rooms,
    enter_with_form,
    find_viewer,
    secret_of,
    way_back,
)
from server.desk.forms import read_form, token_of
from server.desk.kept import ask, give_back, kept_in
from server.desk.page import Sheet, go_to, private_cookie
from server.desk.words import language_named
from server.office import Office
from server.rates import TooManyRequests
from server.staff.rules import may_use_desk
from server.staff.sessions import SESSION_MS_MAX, close_session, open_session
from server.staff.sign_in import TooManyFailures, WrongSecret, check_secret

LANGUAGE_SECONDS = 365 * 24 * 60 * 60
MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" \
stroke-linecap="round" stroke-linejoin="round" stroke-width="1.8">\
<rect x="1" y="1" width="22" height="22" rx="6" fill="#26397c"/>\
<path d="M4.5 11.2 12 5.4l7.5 5.8" stroke="#f0bd63"/>\
<path d="M7 11.5v6.2h10v-6.2M9.6 14.6l1.8 1.8 3.2-3.6" stroke="#fff"/></svg>"""


@get("/")
async def landing(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Show the three faces and lead to them."""
    sheet = Sheet(request, office, await find_viewer(request, office))
    return sheet.page("desk/landing.html", {"address": office.settings.url})


@get("/desk/mark.svg")
async def mark() -> Response[str]:
    """Give the mark that stands in the browser's tab."""
    return Response(MARK, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@get("/desk/sign-in")
async def sign_in_page(
    request: AnyRequest,
    office: NamedDependency[Office],
    next: FromQuery[str] = "/desk",  # noqa: A002
    lost: FromQuery[str] = "",
) -> Response[Any]:
    """Ask for name and password, unless somebody is signed in already."""
    if await find_viewer(request, office):
        return go_to(way_back(next))
    return ask(Sheet(request, office), way_back(next), is_lost=bool(lost))


@post("/desk/sign-in")
async def sign_in(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Begin a session; unknown and wrong read the same."""
    form = await read_form(request, secret_of(request, office.settings))
    sheet, way, now = Sheet(request, office), way_back(form["next"]), now_ms()
    name, kept = form["sign_in"].strip(), kept_in(form)
    try:
        # Each name has a bound of its own; this one is for who tries many names.
        office.rates.count_stranger("desk", asker_of(request), now)
        person = await check_secret(office.database, name, form["secret"], now)
    except WrongSecret:
        return ask(sheet, way, name, sheet.say("desk.sign_in.wrong"), kept=kept, status=403)
    except (TooManyFailures, TooManyRequests) as too_many:
        minutes = -(-too_many.retry_after_seconds // 60)
        wait = sheet.say("desk.sign_in.wait", minutes=minutes)
        answer = ask(sheet, way, name, wait, kept=kept, status=429)
        answer.headers["Retry-After"] = str(too_many.retry_after_seconds)
        return answer
    if not may_use_desk(person.role):
        return ask(sheet, way, name, sheet.say("desk.sign_in.no_desk"), kept=kept, status=403)
    token = await office.database.write(lambda connection: open_session(connection, person.id, now))
    cookie = _session_cookie(office, token, SESSION_MS_MAX // 1000)
    if not kept:
        return go_to(way, [cookie])
    page = give_back(Sheet(request, office, person), way, kept, token_of(token))
    page.cookies.append(cookie)
    return page


@post(SIGN_OUT)
async def sign_out(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """End the session, here and in the database."""
    await enter_with_form(request, office)
    token = secret_of(request, office.settings)
    await office.database.write(lambda connection: close_session(connection, token))
    answer = go_to("/desk/sign-in", [_session_cookie(office, "", 0)])
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@post("/desk/language")
async def switch_language(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    """Turn the pages of this browser into the other language, and stay on the page."""
    form = await read_form(request, secret_of(request, office.settings))
    language = language_named(form["language"])
    secure = office.settings.is_secure
    cookie = private_cookie(LANGUAGE_COOKIE, language, secure=secure, seconds=LANGUAGE_SECONDS)
    return go_to(way_back(form["back"]), [cookie])


def _session_cookie(office: Office, token: str, seconds: int) -> Cookie:
    settings = office.settings
    name = cookie_name(SESSION_COOKIE, settings)
    return private_cookie(name, token, secure=settings.is_secure, seconds=seconds)


handlers = desk_rooms(landing, mark, sign_in_page, sign_in, sign_out, switch_language)

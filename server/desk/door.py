"""Who may come into the desk's pages: every one of them begins with `enter` or `enter_with_form`.

Unknown and foreign things are answered alike by the pages themselves (404); what a role may not do
is a 403; who is not signed in is sent to the sign-in page and back.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from litestar import Response, Router
from litestar.exceptions import PermissionDeniedException
from litestar.types import ControllerRouterHandler

from server.answers import AnyRequest
from server.clock import now_ms
from server.database import Busy
from server.desk.forms import Form, read_form
from server.office import Office
from server.settings import Settings
from server.staff.person import Person
from server.staff.rules import may_use_desk
from server.staff.sessions import SEEN_AGAIN_MS, TOKEN_BYTES, find_signed_in, mark_seen

SIGN_IN: Final = "/desk/sign-in"
SIGN_OUT: Final = "/desk/sign-out"
EVENTS: Final = "/desk/events"

SESSION_COOKIE: Final = "luudong_session"
VISIT_COOKIE: Final = "luudong_visit"
LANGUAGE_COOKIE: Final = "luudong_language"


class SignInNeeded(Exception):
    """Nobody is signed in with this request, or not any longer."""


class FormKept(Exception):
    """The session of a form had ended: the answer asks who it is, and holds on to the form."""

    def __init__(self, answer: Response[str]) -> None:
        """Keep the answer."""
        super().__init__("the session had ended")
        self.answer = answer


async def enter(
    request: AnyRequest, office: Office, may: Callable[[str], bool] = may_use_desk
) -> Person:
    """Give the person who asks, if their role may do this; else SignInNeeded or 403."""
    person = await find_viewer(request, office)
    if person is None:
        raise SignInNeeded
    if not (may_use_desk(person.role) and may(person.role)):
        raise PermissionDeniedException(detail="this role may not do that")
    return person


async def enter_with_form(
    request: AnyRequest, office: Office, may: Callable[[str], bool] = may_use_desk
) -> tuple[Person, Form]:
    """Like `enter`, for what changes something: the form must carry the session's token."""
    person = await enter(request, office, may)
    return person, await read_form(request, secret_of(request, office.settings))


async def find_viewer(request: AnyRequest, office: Office) -> Person | None:
    """Give who is signed in, if anybody is, and note that they are still there.

    What an open page asks for by itself (fragments, the stream of hints) is no sign of a person:
    a desk that was left alone must still be signed out.
    """
    token = request.cookies.get(cookie_name(SESSION_COOKIE, office.settings))
    if not token:
        return None
    now = now_ms()
    found = await office.database.read(lambda connection: find_signed_in(connection, token, now))
    if found is None:
        return None
    person, last_seen = found
    is_by_hand = "hx-request" not in request.headers and request.scope["path"] != EVENTS
    if is_by_hand and now - last_seen > SEEN_AGAIN_MS:
        # A disk that is full, or a database that is busy, must not keep anybody from reading.
        with suppress(Busy):
            await office.database.write(lambda connection: mark_seen(connection, token, now))
    return person


def cookie_name(name: str, settings: Settings) -> str:
    """Give a cookie's name; under HTTPS the prefix keeps other hosts of the domain from it."""
    return f"__Host-{name}" if settings.is_secure else name


def secret_of(request: AnyRequest, settings: Settings) -> str:
    """Give the secret that the form tokens of this browser are made from, empty if it has none."""
    cookies = request.cookies
    return (
        cookies.get(cookie_name(SESSION_COOKIE, settings))
        or cookies.get(cookie_name(VISIT_COOKIE, settings))
        or ""
    )


def new_secret() -> str:
    """Make the secret of a browser that has none yet."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def way_back(path: str) -> str:
    """Keep a path inside our own pages; anything else leads to the desk's first one."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and path.isprintable() else "/desk"


def desk_rooms(*handlers: ControllerRouterHandler) -> list[ControllerRouterHandler]:
    """Put handlers behind one door that sends strangers to the sign-in page."""
    return [
        Router(
            path="/",
            route_handlers=handlers,
            exception_handlers={SignInNeeded: _to_sign_in, FormKept: _keep_form},
        )
    ]


def _keep_form(_: AnyRequest, kept: FormKept) -> Response[str]:
    return kept.answer


def _to_sign_in(request: AnyRequest, _: Exception) -> Response[bytes]:
    wanted = request.scope["path"] if request.method == "GET" else "/desk"
    address = f"{SIGN_IN}?next={quote(wanted)}"
    if request.method == "POST" and request.scope["path"] != SIGN_OUT:
        address += "&lost=1"  # what was sent is not done, and the page says so
    if "hx-request" in request.headers:
        return Response(b"", status_code=401, headers={"HX-Redirect": address})
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response(b"", status_code=303, headers=headers)

"""What was typed into a form whose session had ended: it goes through the sign-in page and back.

1. It travels in the pages themselves, never in an address, a cookie or the database.
2. Only what carries the token of the ended session is kept: nobody else's page can fill ours in.
3. It comes back to be looked at. Nothing is done by it until it is sent once more.
"""

from collections.abc import Callable, Mapping
from typing import Final

from litestar import Response
from litestar.exceptions import PermissionDeniedException

from server.answers import AnyRequest
from server.desk.door import FormKept, SignInNeeded, enter_with_form, secret_of
from server.desk.forms import FIELD, Form, read_form
from server.desk.page import Sheet
from server.office import Office
from server.staff.person import Person

AGAIN: Final = "again"
"""The field by which a form says that it only wants to be shown as it was filled in."""

_MARK: Final = "kept:"


async def enter_or_keep(
    request: AnyRequest, office: Office, may: Callable[[str], bool]
) -> tuple[Person, Form]:
    """Like `enter_with_form`, for forms that take thought: nothing typed is lost with a session."""
    try:
        return await enter_with_form(request, office, may)
    except SignInNeeded:
        raise FormKept(await _ask_and_keep(request, office)) from None


async def _ask_and_keep(request: AnyRequest, office: Office) -> Response[str]:
    """Ask who it is, and hold on to the form that came; SignInNeeded where it cannot be ours."""
    try:
        form = await read_form(request, secret_of(request, office.settings))
    except PermissionDeniedException:
        raise SignInNeeded from None
    kept = {name: value for name, value in form.items() if name != FIELD}
    return ask(Sheet(request, office), request.scope["path"], kept=kept, status=401)


def ask(
    sheet: Sheet,
    way: str,
    name: str = "",
    wrong: str | None = None,
    *,
    kept: Mapping[str, str] | None = None,
    is_lost: bool = False,
    status: int = 200,
) -> Response[str]:
    """Ask for name and password; says what became of a form that was sent too late."""
    marked = {_MARK + field: value for field, value in (kept or {}).items()}
    facts = {"next": way, "sign_in": name, "wrong": wrong, "kept": marked, "is_lost": is_lost}
    return sheet.page("desk/sign_in.html", facts, status=status)


def kept_in(form: Mapping[str, str]) -> dict[str, str]:
    """Take what was kept out of a sign-in form."""
    return {
        name.removeprefix(_MARK): value for name, value in form.items() if name.startswith(_MARK)
    }


def give_back(sheet: Sheet, way: str, kept: Mapping[str, str], csrf: str) -> Response[str]:
    """Lead back to the form, with what was typed; `csrf` is the token of the new session."""
    facts = {"next": way, "kept": {**kept, AGAIN: "1"}, "csrf": csrf}
    return sheet.page("desk/kept.html", facts)

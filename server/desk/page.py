"""Makes a page, or a named fragment of one, from a template beside its `pages.py`.

Everything is escaped, an undefined name is an error, and every answer is kept out of caches: what
is on a page belongs to the person who asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.datastructures import Cookie

from server.answers import AnyRequest
from server.desk import writing
from server.desk.door import (
    LANGUAGE_COOKIE,
    VISIT_COOKIE,
    cookie_name,
    new_secret,
    secret_of,
)
from server.desk.forms import token_of
from server.desk.words import Language, language_named, say
from server.office import Office
from server.staff.person import Person

_SERVER: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Sheet:
    """What a page is written on: who asked for it, in which language, under which token."""

    request: AnyRequest
    office: Office
    viewer: Person | None = None

    @property
    def language(self) -> Language:
        """The language that this browser chose."""
        return language_named(self.request.cookies.get(LANGUAGE_COOKIE))

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for one part of the page by itself."""
        return "hx-request" in self.request.headers

    def say(self, key: str, **facts: object) -> str:
        """Say a sentence in the language of the page."""
        return say(self.language, key, **facts)

    def page(
        self, template: str, facts: Mapping[str, object], *, status: int = 200
    ) -> Response[str]:
        """Answer with a whole page."""
        given, cookies = self._token()
        text = environment().get_template(template).render({**self._facts(given), **facts})
        return _html(text, status, cookies)

    def fragment(
        self, template: str, block: str, facts: Mapping[str, object], *, status: int = 200
    ) -> Response[str]:
        """Answer with one block of a page, for htmx to put in place."""
        given, cookies = self._token()
        page = environment().get_template(template)
        context = page.new_context({**self._facts(given), **facts})
        return _html("".join(page.blocks[block](context)), status, cookies)

    def _facts(self, token: str) -> dict[str, object]:
        language = self.language
        return {
            "viewer": self.viewer,
            "language": language,
            "say": partial(say, language),
            "csrf": token,
            "here": self.request.scope["path"] if self.request.method == "GET" else "/desk",
            "room": None,
            "office_name": self.office.settings.office_name,
        }

    def _token(self) -> tuple[str, list[Cookie]]:
        """Give the form token, with a cookie for it where this browser has none yet."""
        settings = self.office.settings
        secret = secret_of(self.request, settings)
        if secret:
            return token_of(secret), []
        secret = new_secret()
        name = cookie_name(VISIT_COOKIE, settings)
        return token_of(secret), [private_cookie(name, secret, secure=settings.is_secure)]


def private_cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> Cookie:
    """Make a cookie that no script and no other site's form gets."""
    return Cookie(
        key=name,
        value=value,
        max_age=seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def go_to(address: str, cookies: list[Cookie] | None = None) -> Response[bytes]:
    """Answer a form by leading to the page that shows what it did."""
    return Response(
        b"",
        status_code=303,
        headers={"Location": address, "Cache-Control": "no-store"},
        cookies=cookies or [],
    )


@cache
def environment() -> Environment:
    """Give the one place that knows templates, with the ways of writing as filters."""
    made = Environment(
        loader=FileSystemLoader(_SERVER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for write in (
        writing.clock,
        writing.civil,
        writing.day,
        writing.day_of,
        writing.iso,
        writing.moment,
        writing.number,
    ):
        made.filters[write.__name__] = write
    # As globals, so that a block drawn by itself has them too.
    parts = made.get_template("desk/parts.html").module
    for piece in ("icon", "badge", "time", "trouble"):
        made.globals[piece] = getattr(parts, piece)
    return made


def _html(text: str, status: int, cookies: list[Cookie]) -> Response[str]:
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store", "Vary": "HX-Request, Cookie"},
        cookies=cookies,
    )

"""A browser at the desk without a browser: one person's cookies, and forms as pages give them."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie

import httpx

PASSWORD = "luudong-demo"


@dataclass
class Desk:
    """One person's browser, through any client that reaches the office."""

    http: httpx.Client
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Send fields as they are, without the page's token."""
        return self._ask("POST", path, fields, headers)

    def send(self, page: str, path: str, **fields: str) -> httpx.Response:
        """Open a page and send a form of it: with its token, with what is filled in."""
        return self.post(path, {"csrf": csrf_of(self.get(page)), **fields})

    def upload(
        self, page: str, path: str, file: bytes, *, name: str = "file", csrf: str | None = None
    ) -> httpx.Response:
        """Open a page and send a file with a form of it."""
        token = csrf_of(self.get(page)) if csrf is None else csrf
        self.http.cookies.clear()
        carried = "; ".join(f"{cookie}={value}" for cookie, value in self.cookies.items())
        return self.http.post(
            path, data={"csrf": token}, files={name: ("x", file)}, headers={"cookie": carried}
        )

    def sign_in(self, name: str, secret: str = PASSWORD, way: str = "/desk") -> httpx.Response:
        """Sign in through the page."""
        return self.send("/desk/sign-in", "/desk/sign-in", sign_in=name, secret=secret, next=way)

    def _ask(
        self, method: str, path: str, data: dict[str, str] | None, headers: dict[str, str]
    ) -> httpx.Response:
        # The client is shared by everybody in a test, so it must keep nobody's cookies.
        self.http.cookies.clear()
        carried = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if carried:
            sent["cookie"] = carried
        answer = self.http.request(method, path, data=data, headers=sent, follow_redirects=False)
        for line in answer.headers.get_list("set-cookie"):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self.cookies[name]
        self.http.cookies.clear()
        return answer


def csrf_of(page: httpx.Response) -> str:
    """Give the token of a page's first form."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found, page.status_code
    return found[1]


def text_of(page: httpx.Response, element_id: str) -> str:
    """Give the words inside an element of a page, entities opened, spaces folded."""
    reader = _TextOf(element_id)
    reader.feed(page.text)
    assert reader.found, f"no #{element_id} ({page.status_code})"
    return " ".join(" ".join(reader.parts).split())


def hidden_of(page: httpx.Response, prefix: str) -> dict[str, str]:
    """Give the hidden fields whose names begin so, as a browser would send them back."""
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found if name.startswith(prefix)}


class _TextOf(HTMLParser):
    _VOID = frozenset({"input", "meta", "link", "br", "rect", "circle", "path"})

    def __init__(self, element_id: str) -> None:
        super().__init__()
        self.element_id = element_id
        self.depth = 0
        self.found = False
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._VOID:
            return
        if self.depth or dict(attrs).get("id") == self.element_id:
            self.depth += 1
            self.found = True

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self._VOID:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.parts.append(data)

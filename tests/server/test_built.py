"""The built files: ETags, the worker's address, deep links, and the headers of every answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, Response
from litestar.testing import TestClient

from server.answers import exception_handlers
from server.built import app_handlers, desk_handlers
from server.headers import add_headers


@pytest.fixture
def http(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Serve a small build."""
    for name, content in {
        "app/index.html": "<!doctype html><title>Lưu động</title>",
        "app/sw.js": "self.skip = 1",
        "app/assets/app-1234.js": "export const words = [];" * 100,
        "app/manifest.webmanifest": "{}",
        "desk/desk.css": "body { margin: 0 }",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (tmp_path / "secret").write_text("not to be seen")
    app = Litestar(
        [*app_handlers(tmp_path / "app"), *desk_handlers(tmp_path / "desk")],
        before_send=[add_headers],
        exception_handlers=exception_handlers(
            lambda _request, status: Response("a page", status_code=status)
        ),
        openapi_config=None,
    )
    with TestClient(app, base_url="http://office.test") as client:
        yield client


def test_the_app_is_below_its_slash(http: TestClient[Litestar]) -> None:
    answer = http.get("/app", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, "/app/")
    assert "Lưu động" in http.get("/app/").text


def test_what_is_known_is_not_sent_again(http: TestClient[Litestar]) -> None:
    etag = http.get("/app/sw.js").headers["etag"]

    answer = http.get("/app/sw.js", headers={"If-None-Match": f'"other", {etag}'})

    assert (answer.status_code, answer.content) == (304, b"")


def test_only_names_with_a_digest_last(http: TestClient[Litestar]) -> None:
    assert http.get("/app/sw.js").headers["cache-control"] == "no-cache"
    assert "immutable" in http.get("/app/assets/app-1234.js").headers["cache-control"]
    assert http.get("/desk/assets/desk.css").headers["cache-control"] == "no-cache"


def test_types_are_said(http: TestClient[Litestar]) -> None:
    types = {
        "/app/": "text/html; charset=utf-8",
        "/app/sw.js": "text/javascript; charset=utf-8",
        "/app/manifest.webmanifest": "application/manifest+json",
        "/desk/assets/desk.css": "text/css; charset=utf-8",
    }
    for path, media_type in types.items():
        assert http.get(path).headers["content-type"] == media_type


def test_an_unknown_path_is_the_apps_business_but_an_unknown_file_is_none(
    http: TestClient[Litestar],
) -> None:
    assert "Lưu động" in http.get("/app/somewhere/deep").text
    assert http.get("/app/assets/old-99.js").status_code == 404


@pytest.mark.parametrize("path", ["/app/../secret", "/app/%2e%2e/secret", "/app/..%2fsecret"])
def test_nothing_beside_the_build_is_served(http: TestClient[Litestar], path: str) -> None:
    assert "not to be seen" not in http.get(path).text


def test_every_answer_says_what_a_page_may_do(http: TestClient[Litestar]) -> None:
    """UX-91: no eval, nothing inline, nothing from elsewhere."""
    for path in ("/app/", "/app/nothing.js"):
        headers = http.get(path).headers
        assert "'wasm-unsafe-eval'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    desk = http.get("/desk/assets/desk.css").headers["content-security-policy"]
    assert "script-src 'self';" in desk


def test_papers_shared_past_the_worker_are_not_taken(http: TestClient[Litestar]) -> None:
    """UX-60: the app that is opened says so."""
    papers = {"papers": ("giay.jpg", b"\xff\xd8 of a citizen", "image/jpeg")}
    answer = http.post("/app/share", files=papers, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/app/#/shared?kept=0&not=unread"
    assert answer.content == b""

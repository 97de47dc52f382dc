"""The stage: every screen of the field app in every state, in a real browser, without an office.

Its page is built from the screens' own tests (`pwa/tests/screens`), which set each state up and
say what has to stand there; it is no part of what is shipped.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, Page, Route

from tests.stories.measures import USUAL

PWA: Final = Path(__file__).parents[2] / "pwa"

ADDRESS: Final = "http://localhost/stage/"
"""Nobody listens there: what is asked for is read from the folder that was built."""

PUBLIC: Final = PWA / "public"
APP: Final = "/app/"

NOW: Final = "2026-11-22T09:00:00+07:00"
"""The moment that the screens' tests are told at (`phones.ts`)."""

SIZES: Final[Any] = (USUAL, {"width": 1440, "height": 900})
"""A phone first, which is what a page is opened on; then as wide as a desk."""

Language = Literal["vi", "en"]
Scheme = Literal["light", "dark"]


def build_stage(folder: Path) -> None:
    """Build the page, with the app's own compiler and styles."""
    vite = ["node_modules/.bin/vite", "build", "--config", "stage.config.ts", "--outDir"]
    subprocess.run([*vite, str(folder), "--logLevel", "error"], cwd=PWA, check=True)


def file_of(route: Route, folder: str) -> str:
    """Name the file that a page asks for, below the folder's address."""
    return route.request.url.split("?")[0].removeprefix(folder) or "index.html"


def open_stage(browser: Browser, folder: Path, language: Language, scheme: Scheme) -> Page:
    """Open the page in one language, on a phone that wants light or dark screens."""
    context = browser.new_context(
        viewport=USUAL,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.route(f"{ADDRESS}**", lambda route: route.fulfill(path=folder / file_of(route, ADDRESS)))
    public = f"http://localhost{APP}"
    page.route(f"{public}**", lambda route: route.fulfill(path=PUBLIC / file_of(route, public)))
    page.goto(f"{ADDRESS}?language={language}")
    page.wait_for_function("window.stage !== undefined")
    return page


def scenes(page: Page, screen: str, stand: str) -> Iterator[int]:
    """Set a screen up in a state, as often as its test shows it; count what stands there."""
    seen = 0
    scene: str = page.evaluate("([screen, stand]) => stage.begin(screen, stand)", [screen, stand])
    while scene == "shown":
        seen += 1
        yield seen
        scene = page.evaluate("stage.goOn()")
    assert seen, f"{screen} was not shown {stand}"

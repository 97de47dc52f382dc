"""Every screen of the field app in each of its five states, in both languages, is looked at."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, Page
from pypdf import PdfReader

from tests.stories.measures import broken_chip, faded, lost_anywhere, misplaced_targets
from tests.stories.pictures import are_pictures_wanted, take_picture
from tests.stories.stage import PWA, SIZES, Language, Scheme, build_stage, open_stage, scenes
from tests.stories.test_accessibility import broken_rules, unreadable

CARD_MM: Final = (148, 80)
POINTS_PER_MM: Final = 72 / 25.4

CHIP: Final = re.compile(r"app\.connection\.(?!label$)[a-z-]+")
SCREEN: Final = re.compile(r"route\.screen === '([a-z-]+)'")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the page once for both languages."""
    folder = tmp_path_factory.mktemp("stage")
    build_stage(folder)
    return folder


SUN: Final = """isOn => {
  document.documentElement.toggleAttribute('data-sun', isOn);
  document.documentElement.toggleAttribute('data-scheme', isOn);
  if (isOn) document.documentElement.dataset.scheme = 'light';
}"""
"""As the app does it (`display.svelte.ts`)."""


@pytest.mark.parametrize(("language", "scheme"), [("vi", "light"), ("en", "dark")])
def test_each_screen_in_each_state(
    browser: Browser, stage: Path, language: Language, scheme: Scheme
) -> None:
    """UX-12, UX-65, UX-70, UX-92: axe, targets, 320 px and text twice as large in every state.

    Vietnamese by day and in sun mode; English by night. Forced colours are light or dark with them.
    """
    page = open_stage(browser, stage, language, scheme)
    screens: dict[str, list[str]] = page.evaluate("stage.screens")
    assert set(SCREEN.findall((PWA / "src" / "App.svelte").read_text())) <= set(screens)
    found: dict[str, list[str]] = {}
    for screen, stands in screens.items():
        for stand in stands:
            place = f"{screen}-{stand}"
            try:
                for scene in scenes(page, screen, stand):
                    broken = broken_rules(page) + misplaced_targets(page) + lost_anywhere(page)
                    broken += in_forced_colours(page)
                    if scheme == "light":
                        broken += in_sun(page)
                    found[f"{place}-{scene}"] = broken
                    take_pictures(page, f"state-{place}-{scene}-{language}-{scheme}")
            except Error as fault:
                found[place] = [f"is not as it has to be: {fault}"]
    found["the chip of the network"] = in_one_line(page, language)
    found["the greeting card"] = on_one_page(page)
    page.context.close()
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def in_one_line(page: Page, language: Language) -> list[str]:
    """Name what the chip says in two lines, beside a lock and a count, by day and in sun mode."""
    said = json.loads((PWA / "src" / "words" / f"app.{language}.json").read_text("utf-8"))
    words = [text for name, text in said.items() if CHIP.fullmatch(name)]
    assert len(words) > 10
    found: list[str] = []
    for _ in scenes(page, "outbox", "much"):
        page.locator("[data-lock]").wait_for()
        page.locator(".connection .waiting").wait_for()
        found += broken_chip(page, words)
        page.evaluate(SUN, arg=True)
        found += [f"sun: {each}" for each in broken_chip(page, words)]
        page.evaluate(SUN, arg=False)
    return found


def on_one_page(page: Page) -> list[str]:
    """Name the papers that a card with the longest of names does not stand on, whole."""
    found: list[str] = []
    for scene, width in zip(scenes(page, "greeting", "much"), CARD_MM, strict=True):
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        widths = [round(float(each.mediabox.width) / POINTS_PER_MM) for each in printed]
        if widths != [width]:
            found.append(f"card {scene}: pages of {widths} mm")
    return found


def in_forced_colours(page: Page) -> list[str]:
    """Name what cannot be seen where a person forces their own colours; text has them by itself."""
    page.emulate_media(forced_colors="active")
    broken = faded(page)
    page.emulate_media(forced_colors="none")
    return [f"forced colours: {each}" for each in broken]


def in_sun(page: Page) -> list[str]:
    """Name what cannot be read in sun mode."""
    page.evaluate(SUN, arg=True)
    broken = unreadable(page)
    page.evaluate(SUN, arg=False)
    return [f"sun: {each}" for each in broken]


def take_pictures(page: Page, name: str) -> None:
    """Keep it as a phone and as a desk would show it, where pictures are wanted."""
    if not are_pictures_wanted():
        return
    for size in reversed(SIZES):
        page.set_viewport_size(size)
        take_picture(page, name)

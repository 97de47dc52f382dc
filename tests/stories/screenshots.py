"""Makes the pictures that a store or a phone shows before the app is installed.

    python -m tests.stories.screenshots

From the built app at a real office; all people in them are invented.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import expect, sync_playwright

from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.desk import open_desk
from tests.stories.device import Device
from tests.stories.office import REPOSITORY, OfficeProcess
from tests.support.chromium import find_chromium, launch_options

SCREENSHOTS: Final = REPOSITORY / "pwa" / "public" / "screenshots"
WIDE: Final[Any] = {"width": 1280, "height": 800}


def make(folder: Path) -> None:
    """Enrol a tablet, begin a dossier, and take the pictures on the way."""
    SCREENSHOTS.mkdir(exist_ok=True)
    office = OfficeProcess(folder / "office", f"sqlite:///{folder / 'office.sqlite'}")
    office.start()
    try:
        with sync_playwright() as playwright:
            program = find_chromium()
            browser = playwright.chromium.launch(**launch_options(program))
            desk = open_desk(browser, office.address, "chi")
            tablet = Device(
                playwright, program, office.address, folder / "profile", "Máy bảng xe 1"
            )
            tablet.open()
            tablet.enrol(desk)
            tablet.sign_in("an")
            tablet.wait_until_ready_offline()
            _walk(tablet)
            tablet.close()
    finally:
        office.kill()


def _walk(tablet: Device) -> None:
    _take(tablet, "choose")
    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    tablet.go(f"#/draft/{draft}/section/child")
    name = tablet.page.locator('[name="answers.child_full_name"]')
    name.fill("Quách Thị Bảo Quỳnh")
    name.press("Tab")
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    _take(tablet, "section")
    tablet.go("#/")
    expect(tablet.page.locator("[data-draft]")).to_be_visible()
    _take(tablet, "today")
    tablet.page.set_viewport_size(WIDE)
    _take(tablet, "today-wide")


def _take(tablet: Device, name: str) -> None:
    tablet.page.evaluate("scrollTo(0, 0)")
    tablet.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    with TemporaryDirectory() as kept:
        make(Path(kept))
    sys.stdout.write(f"{SCREENSHOTS}\n")

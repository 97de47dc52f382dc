"""A field device: a Chromium of its own with a profile of its own, as large as a phone.

It can be killed like a phone whose battery is taken out; what it had said to be saved is then
found again in the profile.
"""

import os
import re
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.stories.desk import Desk
from tests.stories.office import SECRET
from tests.stories.pictures import take_picture
from tests.stories.witness import Witness
from tests.support.chromium import launch_options

SCREEN: Final[Any] = {"width": 390, "height": 844}

PIN: Final = "258036"
"""Of everybody, on every device."""

WAIT_MS: Final = 20_000
"""Two busy cores: a page that needs more than this has a fault to show."""


LOADED: Final = 'body:not(:has([data-loading])) main[data-ready="true"]'
"""What is open, once its script is there, where it is one that is fetched when it is opened."""


@dataclass
class Device:
    """One tablet or phone. `open` and `kill` may follow each other as often as one likes."""

    playwright: Playwright
    program: str
    address: str
    profile: Path
    label: str
    witness: Witness = field(default_factory=Witness)
    more: tuple[str, ...] = ()
    """Words to start the browser with, beside those that every browser here is started with."""

    _context: BrowserContext | None = None
    _page: Page | None = None

    @property
    def page(self) -> Page:
        """The one page that is open."""
        assert self._page, "the device is switched off"
        return self._page

    def open(self) -> None:
        """Start the browser; nothing is loaded yet."""
        # A killed browser must not greet us with "restore pages?".
        options = launch_options(self.program, without=("--enable-automation",))
        options["args"] += self.more
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            **options,
            viewport=SCREEN,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=True,
            # Or each press is painted eight times over while its colours fade; nothing else moves.
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        self.witness.watch(context)
        self._context = context
        self._page = context.pages[0] if context.pages else context.new_page()

    def close(self) -> None:
        """Switch it off in good order."""
        if self._context:
            self._context.close()
        self._context = self._page = None

    def kill(self) -> None:
        """End the browser with all its processes (SIGKILL), between two instructions."""
        assert self._context
        with self._context.expect_event("close"):
            for process in browser_processes(self.profile):
                os.kill(process, signal.SIGKILL)
        self._context = self._page = None

    def bury(self) -> None:
        """Let go of a browser that somebody else has killed."""
        context = self._context
        assert context
        with suppress(Error):  # Playwright may have noticed its end before
            context.close()
        self._context = self._page = None

    def go(self, route: str) -> None:
        """Open a screen of the app by its route; who was at work unlocks it if need be."""
        self.load(route)
        if self.screen("lock").count():
            self.unlock()

    def load(self, route: str) -> None:
        """Open a screen of the app, or the lock before it."""
        self.page.goto(f"{self.address}/app/#{route.removeprefix('#')}")
        self.page.locator(LOADED).wait_for()

    def wait_until_loaded(self) -> None:
        """Wait for the script of the screen that was gone to by a button."""
        self.page.locator(LOADED).wait_for()

    def unlock(self, pin: str = PIN) -> None:
        """Enter the PIN of the person whom the lock screen asks for."""
        self.page.locator('input[name="pin"]').fill(pin)
        self.page.get_by_role("button", name="Mở khoá").click()
        expect(self.screen("lock")).to_have_count(0)
        self.wait_until_loaded()

    def lock(self) -> None:
        """Lock it by the button in the header."""
        self.page.locator("[data-lock]").click()
        expect(self.screen("lock")).to_be_visible()

    # Becoming one of the office's devices

    def enrol(self, desk: Desk) -> None:
        """Join by a link from the desk; the desk compares the six words and confirms."""
        # By its own way to the office: there may be a line between them.
        self.go(urlsplit(desk.new_link()).fragment)
        self.page.locator('input[name="label"]').fill(self.label)
        self.page.get_by_role("button", name="Ghép máy này").click()
        shown = self.page.locator("[data-words] li")
        expect(shown).to_have_count(6)
        words = [re.sub(r"^\W*\d*\W*", "", word).strip() for word in shown.all_inner_texts()]
        self.picture("enrol-words")
        desk.confirm_device(self.label, words)
        expect(self.page.locator('[data-enrolment="confirmed"]')).to_be_visible()

    def sign_in(self, person: str) -> None:
        """A person signs in, once; from then on the device needs no network."""
        self.load("#/sign-in")
        lock_first = self.page.locator("[data-lock-first]")
        staff = self.page.locator('input[name="staff"]')
        expect(lock_first.or_(staff)).to_be_visible()
        if lock_first.count():
            lock_first.click()
        staff.fill(person)
        self.page.locator('input[name="secret"]').fill(SECRET)
        if self.page.locator('input[name="pinAgain"]').count():
            self.page.locator('input[name="pin"]').fill(PIN)
            self.page.locator('input[name="pinAgain"]').fill(PIN)
        self.picture("sign-in")
        self.page.get_by_role("button", name="Đăng nhập").click()
        expect(self.screen("today")).to_be_visible()
        self._stay_open()

    def _stay_open(self) -> None:
        """Let it lock by itself as late as it can: a story may stand still on a busy machine."""
        self.go("#/settings")
        self.page.locator('select[name="lockUntouched"]').select_option(index=3)
        self.page.locator('select[name="lockHidden"]').select_option(index=3)
        self.go("#/")
        expect(self.screen("today")).to_be_visible()

    def wait_until_ready_offline(self) -> None:
        """Return when the worker has the whole app and the catalogue is on the device."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.go("#/new")
        expect(self.page.locator("button[data-procedure]").first).to_be_visible()

    # Working

    def start_dossier(self, procedure: str, area: str | None = None) -> str:
        """Choose a procedure; answers the draft's id."""
        self.go("#/new")
        if area and self.page.locator('select[name="area"]').count():
            self.page.locator('select[name="area"]').select_option(area)
        self.page.locator(f'button[data-procedure="{procedure}"]').click()
        expect(self.screen("draft")).to_be_visible()
        return self.page.url.rsplit("#/draft/", 1)[1]

    def add_photos(self, draft: str, paper: str, photos: list[Path]) -> None:
        """Choose photos of a paper from the gallery; returns when all are ready on the device."""
        self.go(f"#/draft/{draft}/papers")
        slot = self.page.locator(f'fieldset[data-paper="{paper}"]')
        slot.locator(f'input[name="photo-{paper}"]').set_input_files(photos)
        expect(slot.locator('[data-photo="prepared"]')).to_have_count(len(photos), timeout=30_000)

    def seal(self, draft: str) -> UUID:
        """Check and seal a draft; answers the record."""
        self.go(f"#/draft/{draft}/check")
        expect(self.screen("check")).to_be_visible()
        seal = self.page.get_by_role("button", name="Niêm phong hồ sơ")
        expect(seal).to_be_visible()
        self.picture("check")
        self._let_pass(seal)
        seal.click()
        expect(self.screen("dossier")).to_be_visible()
        return UUID(self.page.url.rsplit("#/dossier/", 1)[1].split("?")[0])

    def _let_pass(self, seal: Locator) -> None:
        """Give a reason for each odd answer; what the stories say of everybody may not fit some."""
        for index in range(self.page.locator("[data-odd]").count()):
            reason = self.page.locator("[data-odd] select").nth(index)
            reason.select_option(reason.input_value() or "confirmed")
        expect(seal).to_be_enabled()

    def open_dossier(self, record: UUID) -> None:
        """Show one dossier."""
        self.go(f"#/dossier/{record.hex}")
        expect(self.screen("dossier")).to_be_visible()

    def revise(self, record: UUID, section: str, answers: dict[str, str], reason: str) -> None:
        """Set text fields of a sealed dossier anew, all of one section."""
        self.go(f"#/dossier/{record.hex}/section/{section}")
        expect(self.screen("revise")).to_be_visible()
        for name, value in answers.items():
            self.page.locator(f'[name="answers.{name}"]').fill(value)
        self.page.locator('textarea[name="reason"]').fill(reason)
        self.page.get_by_role("button", name="Niêm phong phiên bản mới").click()
        expect(self.screen("dossier")).to_be_visible()

    def send_now(self) -> None:
        """Press the button that sends; the screens say what came of it."""
        self.go("#/outbox")
        self.page.get_by_role("button", name="Gửi ngay").click()

    # What the screens say

    def screen(self, name: str) -> Locator:
        """Give the main part of a screen, if it is the one shown."""
        return self.page.locator(f'main[data-screen="{name}"]')

    def place(self, place: str) -> Locator:
        """Give the chip that says where a dossier is on its journey."""
        return self.page.locator(f'[data-place="{place}"]')

    def answer(self, field_id: str) -> Locator:
        """Give the shown answer of an open dossier."""
        return self.page.locator(f'[data-answer="answers.{field_id}"]')

    def picture(self, name: str) -> None:
        """Keep a picture of the screen, where pictures are wanted."""
        take_picture(self.page, f"field-{name}")


def browser_processes(profile: Path) -> list[int]:
    """Find the browser with this profile and everything that it has started."""
    parents: dict[int, int] = {}
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it ended while we looked
        parents[int(process.name)] = parent
        if f"--user-data-dir={profile}".encode() in command:
            found.append(int(process.name))
    assert found, f"no browser runs with the profile {profile}"
    for process_id in sorted(parents):
        if parents[process_id] in found and process_id not in found:
            found.append(process_id)
    return found

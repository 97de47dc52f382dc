"""The desk: a browser at an officer's place, signed in through the page."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.office import SECRET
from tests.stories.pictures import take_picture
from tests.stories.witness import Witness

SCREEN: Final[Any] = {"width": 1440, "height": 900}


@dataclass
class Desk:
    """One officer's page."""

    address: str
    page: Page
    witness: Witness = field(default_factory=Witness)

    def sign_in(self, person: str) -> None:
        """Come in by the door."""
        self.page.goto(f"{self.address}/desk/sign-in")
        self.picture("sign-in")
        self.page.locator("#sign-in").fill(person)
        self.page.locator("#secret").fill(SECRET)
        self.page.locator("#sign-in-button").click()
        expect(self.page.locator("#viewer-name")).to_be_visible()

    def new_link(self) -> str:
        """Make a one-time link for a device; answers its address."""
        self.page.goto(f"{self.address}/desk/devices")
        self.page.locator("#new-link-button").click()
        address = self.page.locator("#link-address").inner_text().strip()
        self.picture("new-link")
        return address

    def confirm_device(self, label: str, words: list[str]) -> None:
        """Compare the six words that a device shows with ours, and let it in."""
        self.page.goto(f"{self.address}/desk/devices")
        waiting = self.page.locator("section.waiting").filter(has_text=label)
        ours = waiting.locator(".six-words li").all_inner_texts()
        assert ours == words, f"the desk shows {ours}, the device {words}"
        self.picture("devices")
        waiting.locator('button[id^="confirm-"]').click()
        expect(waiting).to_have_count(0)

    def watch_arrivals(self) -> None:
        """Open the list of arrivals and stay there."""
        self.page.goto(f"{self.address}/desk")
        expect(self.page.locator("#arrivals")).to_be_visible()

    def row(self, record: UUID) -> Locator:
        """Give the row of a dossier in the open list."""
        return self.page.locator(f"#row-{record}")

    def open_dossier(self, record: UUID) -> None:
        """Show one dossier."""
        self.page.goto(f"{self.address}/desk/dossiers/{record}")
        expect(self.page.locator("#dossier")).to_be_visible()

    def open_conflicts(self, record: UUID) -> None:
        """Lay out what a dossier's people disagree on."""
        self.page.goto(f"{self.address}/desk/dossiers/{record}/conflicts")
        expect(self.page.locator("#settle-form")).to_be_visible()

    @property
    def conflicts(self) -> Locator:
        """Give the open conflicts, one for each field."""
        return self.page.locator("fieldset.conflict")

    def settle(self, path: str, value: str, reason: str) -> None:
        """Choose the side with this value for the only conflict, and say why."""
        sides = self.page.locator(f'fieldset[data-path="{path}"] label.side')
        sides.filter(has=self.page.get_by_text(value, exact=True)).click()
        self.page.locator("#reason").fill(reason)
        self.page.locator("#settle-button").click()
        expect(self.page.locator("#settled-banner")).to_contain_text(reason)

    def assign(self, record: UUID, name: str) -> None:
        """Give a dossier to somebody."""
        self.open_dossier(record)
        offered = self.page.locator("#assignee option", has_text=name)
        self.page.locator("#assignee").select_option(offered.get_attribute("value"))
        self.page.locator("#assign-button").click()
        expect(self.page.locator("#assignment .given")).to_contain_text(name)

    def take_away(self, record: UUID) -> None:
        """Give a dossier to nobody."""
        self.open_dossier(record)
        self.page.locator("#take-away-button").click()
        expect(self.page.locator("#assigned-to-nobody")).to_be_visible()

    def picture(self, name: str) -> None:
        """Keep a picture of the page, where pictures are wanted."""
        take_picture(self.page, f"desk-{name}")


def open_desk(browser: Browser, address: str, person: str) -> Desk:
    """Open a browser window of its own and sign in."""
    context = browser.new_context(viewport=SCREEN, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    witness = Witness()
    witness.watch(context)
    desk = Desk(address, context.new_page(), witness)
    desk.sign_in(person)
    return desk

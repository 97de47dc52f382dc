"""Story 19: a newer app comes while An fills in a form; it waits, and nothing is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import PIN, Device
from tests.stories.office import OfficeProcess
from tests.stories.rebuilt import rebuild_app

# Two workers of two versions change places as the browser's own process lets them.
pytestmark = pytest.mark.whole_browser

CHILD = "Quách Thị Bảo Quỳnh"
LONGER = "Quách Thị Bảo Quỳnh Anh"

OFFERED = "Có phiên bản mới của ứng dụng"

FIRST_SCRIPT = "document.querySelector('script[type=module][src]').src"
# Not waited for: the page that it is said in opens again under the newer worker.
APPLY_UNASKED = """() => {
  void navigator.serviceWorker.getRegistration()
    .then(({ waiting }) => waiting.postMessage('apply'));
}"""
OLDER_IS_GONE = """async () => {
  navigator.serviceWorker.controller.postMessage('tidy');
  const names = await caches.keys();
  return names.filter((name) => !name.endsWith('on-demand')).length === 1;
}"""


# What a browser does with its worker does not depend on the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_update_in_mid_intake_waits_for_a_tap_and_loses_nothing(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """FAULT-15, UX-62: two tabs; offered on F2 alone, refused while a form is open in the other."""
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    older = script_of(tablet.page)
    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    tablet.go(f"#/draft/{draft}/section/child")
    type_name(tablet, CHILD)

    office.stop()
    office.code = rebuild_app(tmp_path / "newer")
    office.start()
    other = open_other(tablet)
    expect(offer_in(other)).to_contain_text(OFFERED)
    other.locator("[data-update]").click()
    expect(offer_in(other)).to_contain_text("Xong việc rồi hãy cập nhật")
    assert script_of(other) == older
    expect(offer_in(tablet.page)).to_have_count(0)

    # Whoever lets it in all the same (an older page, a browser without locks) harms nobody at work.
    other.evaluate(APPLY_UNASKED)
    unlock(other)
    type_name(tablet, LONGER)
    # The office has no such file any more: it is the older app's own, kept for it.
    tablet.page.goto(f"{tablet.address}/app/#/settings")
    expect(tablet.page.locator('select[name="lockUntouched"]')).to_be_visible()
    assert script_of(tablet.page) == older

    tablet.page.goto(f"{tablet.address}/app/#/")
    expect(offer_in(tablet.page)).to_contain_text(OFFERED)
    tablet.picture("update")
    tablet.page.locator("[data-update]").click()
    tablet.unlock()
    expect(offer_in(tablet.page)).to_have_count(0)
    assert script_of(tablet.page) == script_of(other) != older
    tablet.page.wait_for_function(OLDER_IS_GONE, polling=500)
    tablet.go(f"#/draft/{draft}/section/child")
    expect(name_in(tablet)).to_have_value(LONGER)


def open_other(tablet: Device) -> Page:
    """Open a second tab at F2; its vault is a tab's own."""
    other = tablet.page.context.new_page()
    other.goto(f"{tablet.address}/app/#/")
    unlock(other)
    return other


def unlock(page: Page) -> None:
    """Enter the PIN in a tab that is locked."""
    page.locator('input[name="pin"]').fill(PIN)
    page.get_by_role("button", name="Mở khoá").click()
    expect(page.locator('main[data-screen="today"]')).to_be_visible()


def type_name(tablet: Device, name: str) -> None:
    """Fill in the child's name until the screen says that it is saved."""
    name_in(tablet).fill(name)
    name_in(tablet).press("Tab")
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()


def name_in(tablet: Device) -> Locator:
    """Give the box for the child's name."""
    return tablet.page.locator('[name="answers.child_full_name"]')


def offer_in(page: Page) -> Locator:
    """Give the banner that offers the newer version."""
    return page.locator(".banner", has=page.locator("[data-update]"))


def script_of(page: Page) -> str:
    """Give the first script of a page: each build has its own."""
    return str(page.evaluate(FIRST_SCRIPT))

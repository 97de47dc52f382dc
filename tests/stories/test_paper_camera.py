"""Story 9: papers are photographed in the page, slot after slot, and survive its end."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.filling import Filling
from tests.stories.test_accessibility import broken_rules
from tests.support.camera import Camera

# A camera is asked for and refused as people meet it.
pytestmark = pytest.mark.whole_browser

PENSION = "1.014027"

FIRST_STANDS = """() => {
  const first = document.querySelector('[data-paper="pension_request"] [data-photo] img');
  return first !== null && first.naturalHeight > first.naturalWidth;
}"""


# What a phone does with its camera does not depend on the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_shutter_stays_open(new_desk: NewDesk, new_device: NewDevice, tmp_path: Path) -> None:
    """UX-40, UX-70, UX-72: hints and no gates, buttons and no dragging; FAULT-61."""
    camera = Camera(tmp_path)
    camera.hold_page("ĐƠN ĐỀ NGHỊ", dark=True)
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1", more=camera.arguments)
    tablet.enrol(desk)
    tablet.sign_in("an")
    form = read_forms()[PENSION]
    draft = tablet.start_dossier(PENSION, area="10441")
    Filling(tablet, form, draft).fill(form.complete({}))
    tablet.go(f"#/draft/{draft}/papers")
    expect(tablet.page.locator('fieldset[data-paper="id_paper"] [href*="camera"]')).to_have_count(0)
    slot = tablet.page.locator('fieldset[data-paper="pension_request"]')
    slot.get_by_role("link", name="Chụp ảnh").click()

    shutter = tablet.page.locator("[data-shutter]")
    pages = tablet.page.locator("[data-photo='prepared']")
    shutter.click()
    expect(pages).to_have_count(1)
    expect(tablet.page.locator('[data-hint="dark"]')).to_be_visible()
    assert broken_rules(tablet.page) == []
    tablet.picture("paper-camera")

    # The dark one is taken again, in its place; then the battery is out.
    camera.hold_page("ĐƠN ĐỀ NGHỊ")
    tablet.go(f"#/draft/{draft}/papers")
    tablet.go(f"#/draft/{draft}/camera?at=pension_request")
    tablet.page.get_by_role("button", name="Chụp lại").click()
    shutter.click()
    expect(tablet.page.locator("[data-hint]")).to_have_count(0)
    shutter.click()
    expect(pages).to_have_count(2)
    tablet.kill()
    tablet.open()
    tablet.go(f"#/draft/{draft}/papers")
    slot = tablet.page.locator('fieldset[data-paper="pension_request"]')
    expect(slot.locator("[data-photo='prepared']")).to_have_count(2)

    slot.get_by_role("button", name="Xoay, cắt").first.click()
    editor = tablet.page.locator("[data-photo-editor]")
    editor.get_by_role("button", name="Xoay phải").click()
    editor.get_by_role("button", name="Cắt mép trên").click()
    assert broken_rules(tablet.page) == []
    tablet.picture("photo-editor")
    editor.get_by_role("button", name="Lưu ảnh đã sửa").click()
    expect(editor).to_have_count(0)
    expect(slot.locator("[data-photo='prepared']")).to_have_count(2)
    tablet.page.wait_for_function(FIRST_STANDS)

    record = tablet.seal(draft)
    tablet.open_dossier(record)
    expect(tablet.place("received").first).to_contain_text("2/2 ảnh", timeout=60_000)

"""How people sign on a phone: by a finger, or on a paper that is photographed in the page."""

from playwright.sync_api import Page, expect

from tests.stories.device import Device


def draw(page: Page) -> None:
    """Draw a signature by mouse, as a finger would, and hand it in."""
    pad = page.locator("[data-signature-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + step * 22, box["y"] + 90 + (-1) ** step * 30)
    page.mouse.up()
    page.get_by_role("button", name="Nhận chữ ký này").click()


def sign_by_hand(tablet: Device) -> None:
    """Draw a name on the screen of the check."""
    tablet.page.locator('[name="signing"][value="drawn"]').check()
    draw(tablet.page)
    expect(tablet.page.locator('[data-signature="prepared"]')).to_be_visible()


def sign_on_paper(tablet: Device, way: str) -> None:
    """Photograph in the page what was signed, or thumbed, on a paper."""
    tablet.page.locator(f'[name="signing"][value="{way}"]').check()
    tablet.page.locator("[data-shoot-signature]").click()
    tablet.page.locator("[data-shutter]").click()
    expect(tablet.page.locator('[data-signature="prepared"]')).to_be_visible()


def name_witnesses(tablet: Device, *names: str) -> None:
    """Write down who saw it."""
    for place, name in enumerate(names):
        tablet.page.locator(f'[name="witness.{place}.name"]').fill(name)
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()

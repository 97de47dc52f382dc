"""The app as something to install: what the browser thinks of it, and how it says so itself."""

from typing import Final

from playwright.sync_api import expect

from tests.stories.device import Device
from tests.stories.test_accessibility import broken_rules

# No phone stands behind this browser, so nobody would ask by itself.
OFFER: Final = """() => dispatchEvent(Object.assign(
  new Event('beforeinstallprompt', { cancelable: true }),
  { prompt: () => Promise.resolve({ outcome: 'dismissed' }) },
))"""


def assert_installable(tablet: Device) -> None:
    """Pass if the browser finds nothing wrong with the manifest, and all pictures are there."""
    session = tablet.page.context.new_cdp_session(tablet.page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    session.detach()


def meet_install_hint(tablet: Device) -> None:
    """See it on the first screen, ask, say no, and never see it again (UX-61)."""
    tablet.go("#/")
    hint = tablet.page.locator("[data-install]")
    expect(hint).to_be_visible()
    tablet.page.evaluate(OFFER)
    assert broken_rules(tablet.page) == []
    tablet.picture("install-hint")
    hint.get_by_role("button", name="Cài ứng dụng").click()
    hint.get_by_role("button", name="Không hỏi nữa").click()
    expect(hint).to_have_count(0)
    tablet.page.reload()
    tablet.unlock()
    expect(tablet.page.get_by_role("heading", name="Hôm nay")).to_be_visible()
    expect(hint).to_have_count(0)

"""A thief has the disk of a locked tablet: no file of it says anything about a citizen.

The search itself is proved by a control: the same app, built with a cipher that does nothing, and
the same search finds everything.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Route, expect

from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import PIN, Device
from tests.stories.filling import Filling
from tests.stories.leveldb import clear_parts
from tests.stories.office import REPOSITORY, OfficeProcess
from tests.stories.test_accessibility import broken_rules

# The profile on the disk is what all of Chromium keeps.
pytestmark = pytest.mark.whole_browser

KNOWN: Final = 50

SHORTEST: Final = "2.000635"

FIELDS: Final = 'main input[type="text"], main input:not([type]), main textarea'
"""Where a citizen's words are typed."""

PAPER: Final = "birth_declaration"

NEXT_PIN: Final = "703914"

PHONE_LOCK: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
}
"""A phone whose finger is always on it, as Chromium's own tools make one."""

IN_SHARED: Final = ["Giấy của Lò Thị Chia Sẻ 901", "Lò Văn Được Chia Sẻ 902"]
"""In the name of a file, and in the file."""

# The share sheet of a phone posts such a form, to the address that the manifest names.
SHARE: Final = """({ name, text }) => {
  const pen = Object.assign(document.createElement('canvas'), { width: 300, height: 400 });
  pen.getContext('2d').fillRect(40, 40, 200, 300);
  pen.toBlob((picture) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name, { type: 'application/pdf' }));
    files.items.add(new File([picture], 'IMG_0001.png', { type: 'image/png' }));
    files.items.add(new File(['x'], 'letter.docx', { type: 'application/msword' }));
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'papers' });
    input.multiple = true;
    input.files = files.files;
    const form = Object.assign(document.createElement('form'), {
      method: 'post', enctype: 'multipart/form-data', action: '/app/share',
    });
    form.append(input);
    document.body.append(form);
    form.submit();
  });
}"""

WITHOUT_WORKER: Final = "delete Navigator.prototype.serviceWorker"


@pytest.fixture(scope="module")
def unsealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the app with a cipher that does nothing."""
    folder = tmp_path_factory.mktemp("unsealed")
    subprocess.run(
        ["node_modules/.bin/vite", "build", "--mode", "unsealed", "--outDir", str(folder)],
        cwd=REPOSITORY / "pwa",
        check=True,
        capture_output=True,
    )
    return folder


# What lies on the disk does not depend on the kind of the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_unsealed_files_are_found_to_say_everything(
    new_desk: NewDesk, new_device: NewDevice, unsealed: Path, tmp_path: Path
) -> None:
    """The control: with nothing encrypted the search finds each of the words."""
    tablet = new_device("Máy bảng không khoá")
    serve(tablet, unsealed)
    planted = work(new_desk, tablet, tmp_path)
    tablet.kill()
    assert found_in(tablet.profile, planted) == set(planted)


# FAULT-57
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_files_of_a_locked_tablet_say_nothing_of_a_citizen(
    new_desk: NewDesk, new_device: NewDevice, office: OfficeProcess, tmp_path: Path
) -> None:
    """UX-46: locked by its button, then killed; and all is there again for its person, offline."""
    tablet = new_device("Máy bảng xe 1")
    planted = work(new_desk, tablet, tmp_path)
    tablet.wait_until_ready_offline()
    tablet.go("#/dossiers")
    tablet.lock()
    shown = tablet.page.content()
    assert not [text for text in planted if text in shown]
    tablet.picture("lock")
    planted += share_while_locked(tablet)
    tablet.kill()
    assert found_in(tablet.profile, planted) == set()

    office.stop()
    tablet.open()
    tablet.load("#/dossiers")
    expect(tablet.screen("lock")).to_be_visible()
    tablet.page.locator('input[name="pin"]').fill(NEXT_PIN)
    tablet.page.get_by_role("button", name="Mở khoá").click()
    expect(tablet.page.get_by_text("Còn 4 lần thử").first).to_be_visible()
    tablet.picture("lock-wrong-pin")
    tablet.unlock()
    expect(tablet.screen("dossiers")).to_be_visible()
    expect(tablet.page.get_by_text(planted[0]).first).to_be_visible()
    places_what_was_shared(tablet)
    locks_by_itself_with_its_tabs(tablet)
    has_another_pin(tablet)
    opens_by_the_lock_of_the_phone(tablet)


def share_while_locked(tablet: Device) -> list[str]:
    """Share papers from another app as the system does; answers what was said in them."""
    page = tablet.page
    page.evaluate(SHARE, {"name": f"{IN_SHARED[0]}.pdf", "text": f"%PDF-1.4 {IN_SHARED[1]} %%EOF"})
    page.wait_for_url("**/app/#/shared?kept=2&not=wrong-type")
    expect(tablet.screen("lock")).to_be_visible()
    return IN_SHARED


def places_what_was_shared(tablet: Device) -> None:
    """UX-60: behind the lock it waits on Today; placed, it is a photo like any from the gallery."""
    page = tablet.page
    page.goto(f"{tablet.address}/app/#/shared?kept=2&not=wrong-type")
    expect(page.locator('[data-not="wrong-type"]')).to_be_visible()
    expect(page.locator("[data-waiting]")).to_have_count(2)
    tablet.go("#/")
    page.locator('[data-shared="2"]').click()
    expect(page.locator("[data-waiting]")).to_have_count(2)
    page.get_by_role("button", name="Đặt vào hồ sơ").click()
    expect(page.get_by_text("Chọn giấy tờ trong hồ sơ.").first).to_be_visible()
    page.locator('select[name="paper"]').select_option(PAPER)
    tablet.picture("shared")
    assert broken_rules(page) == []
    page.get_by_role("button", name="Đặt vào hồ sơ").click()
    expect(tablet.screen("papers")).to_be_visible()
    slot = page.locator(f'fieldset[data-paper="{PAPER}"]')
    expect(slot.locator('[data-photo="prepared"]')).to_have_count(3)
    tablet.go("#/")
    expect(tablet.screen("today")).to_be_visible()
    expect(page.locator("[data-shared]")).to_have_count(0)
    tablet.go("#/dossiers")
    expect(tablet.screen("dossiers")).to_be_visible()


def locks_by_itself_with_its_tabs(tablet: Device) -> None:
    """Longer than is set without a touch: locked. And whoever locks one tab locks them all."""
    tablet.page.clock.install()
    tablet.page.reload()
    tablet.unlock()
    expect(tablet.screen("dossiers")).to_be_visible()
    tablet.page.clock.fast_forward("15:30")
    expect(tablet.screen("lock")).to_be_visible()
    tablet.unlock()

    other = tablet.page.context.new_page()
    other.goto(f"{tablet.address}/app/#/")
    other.locator('input[name="pin"]').fill(PIN)
    other.get_by_role("button", name="Mở khoá").click()
    expect(other.locator('main[data-screen="today"]')).to_be_visible()
    other.locator("[data-lock]").click()
    expect(tablet.screen("lock")).to_be_visible()
    other.close()
    tablet.unlock()
    expect(tablet.screen("dossiers")).to_be_visible()


def has_another_pin(tablet: Device) -> None:
    """Changed in the settings with no network; what was typed anew outlives a wrong old one."""
    page = tablet.page
    tablet.go("#/settings")
    page.get_by_role("button", name="Đổi mã PIN").click()
    page.locator('input[name="oldPin"]').fill("190574")
    page.locator('input[name="pin"]').fill("121212")
    page.locator('input[name="pinAgain"]').fill(NEXT_PIN)
    page.get_by_role("button", name="Đổi mã PIN").click()
    expect(page.get_by_text("Mã lặp lại một đoạn ngắn").first).to_be_visible()
    page.locator('input[name="pin"]').fill(NEXT_PIN)
    page.get_by_role("button", name="Đổi mã PIN").click()
    expect(page.get_by_text("Còn 4 lần thử").first).to_be_visible()
    expect(page.locator('input[name="pinAgain"]')).to_have_value(NEXT_PIN)
    assert broken_rules(page) == []
    page.locator('input[name="oldPin"]').fill(PIN)
    page.get_by_role("button", name="Đổi mã PIN").click()
    expect(page.locator("[data-pin-changed]")).to_be_visible()

    tablet.lock()
    page.locator('input[name="pin"]').fill(PIN)
    page.get_by_role("button", name="Mở khoá").click()
    expect(page.get_by_text("Còn 4 lần thử").first).to_be_visible()
    tablet.unlock(NEXT_PIN)
    expect(tablet.screen("settings")).to_be_visible()


def opens_by_the_lock_of_the_phone(tablet: Device) -> None:
    """UX-46, UX-60: offered where there is one, and refused as plainly; the PIN stays."""
    page = tablet.page
    turn_on = page.get_by_role("button", name="Bật", exact=True)
    expect(page.get_by_role("button", name="Đổi mã PIN")).to_be_visible()
    expect(turn_on).to_have_count(0)
    # A page that another one hides may not ask for a finger.
    page.bring_to_front()
    chip = page.context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    lock = chip.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_LOCK})["authenticatorId"]
    page.reload()
    tablet.unlock(NEXT_PIN)
    turn_on.click()
    page.locator('input[name="oldPin"]').fill(NEXT_PIN)
    turn_on.click()
    expect(page.locator("[data-passkey-on]")).to_be_visible()
    tablet.picture("settings-passkey")

    tablet.lock()
    tablet.picture("lock-passkey")
    assert broken_rules(page) == []
    page.locator("[data-passkey]").click()
    expect(tablet.screen("settings")).to_be_visible()
    tablet.lock()
    chip.send("WebAuthn.setUserVerified", {"authenticatorId": lock, "isUserVerified": False})
    page.locator("[data-passkey]").click()
    expect(page.get_by_text("Khoá của máy chưa xác nhận").first).to_be_visible()
    tablet.picture("lock-passkey-refused")
    tablet.unlock(NEXT_PIN)

    page.get_by_role("button", name="Tắt", exact=True).click()
    expect(turn_on).to_be_visible()
    tablet.lock()
    expect(tablet.page.locator('input[name="pin"]')).to_be_visible()
    expect(page.locator("[data-passkey]")).to_have_count(0)
    tablet.unlock(NEXT_PIN)


def work(new_desk: NewDesk, tablet: Device, folder: Path) -> list[str]:
    """Take a dossier, begin another with a scan; answers what was said of citizens in them."""
    names = known_words()
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    form = read_forms()[SHORTEST]
    first = tablet.start_dossier(SHORTEST, area="10441")
    planted = [next(names)]
    Filling(tablet, form, first).fill(form.complete({"applicant_full_name": planted[0]}))
    tablet.seal(first)

    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    for group in read_forms()[BIRTH_REGISTRATION].groups:
        planted += fill_section(tablet, draft, group, names)
    in_scan = [next(names) for _ in range(KNOWN - len(planted))]
    scan = folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\n" + "\n".join(in_scan).encode() + b"\n%%EOF\n")
    tablet.add_photos(draft, PAPER, [scan])
    return planted + in_scan


def fill_section(
    tablet: Device, draft: str, group: dict[str, Any], names: Iterator[str]
) -> list[str]:
    """Type a name into each field of a section that takes words."""
    if group.get("repeat"):
        return []
    tablet.go(f"#/draft/{draft}/section/{group['id']}")
    expect(tablet.screen("section")).to_be_visible()
    planted = []
    for blank in tablet.page.locator(FIELDS).all():
        if blank.get_attribute("inputmode") in (None, "text") and blank.is_editable():
            planted.append(next(names))
            blank.fill(planted[-1])
    if planted:
        expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    return planted


def known_words() -> Iterator[str]:
    """Give names that stand nowhere else; every other one Latin-1 can write as well."""
    for number in range(1000):
        yield f"Bùi Thà {number:03} Công Dân" if number % 2 else f"Quách Thị Ưởng {number:03}"


def serve(tablet: Device, folder: Path) -> None:
    """Give this device another build of the app, past its worker."""

    def answer(route: Route) -> None:
        name = route.request.url.split("/app/")[1].split("#")[0] or "index.html"
        route.fulfill(path=folder / name)

    tablet.page.context.add_init_script(WITHOUT_WORKER)
    tablet.page.context.route("**/app/**", answer)


def found_in(profile: Path, words: list[str]) -> set[str]:
    """Tell which of the words can be read in any file of a profile."""
    needles = {
        form: word
        for word in words
        for form in (word.encode(), word.encode("utf-16-le"), word.encode("latin-1", "ignore"))
        if len(form) >= len(word)
    }
    found = set()
    for path in (path for path in profile.rglob("*") if path.is_file()):
        for part in clear_parts(path):
            found |= {word for form, word in needles.items() if form in part}
    return found

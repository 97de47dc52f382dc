"""Story 8: a card's code saves typing, with no network, and is never more than that."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.office import OfficeProcess
from tests.stories.test_accessibility import broken_rules
from tests.support.camera import Camera

# A camera is asked for and refused as people meet it.
pytestmark = pytest.mark.whole_browser

EXTRACT = "2.000635"

UNTIL_READER_IS_HERE = """new Promise((resolve) => {
  const look = async () => {
    const kept = await (await caches.open('luudong-app-on-demand')).keys();
    if (kept.length === 1) resolve(true); else setTimeout(look, 100);
  };
  look();
})"""

ADDRESS = "Thôn Đồi Dùng, Xã An Phú, Mỹ Đức, Hà Nội"
LAN = f"001190000123|012345678|Nguyễn Thị Lan|01011990|Nữ|{ADDRESS}|10052021"
HAN = f"001217000456||Trần Gia Hân|09032017|Nữ|{ADDRESS}|15082024|Trần Văn Bình|Nguyễn Thị Lan"


# What a phone does with a card does not depend on the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_cards_fill_two_people_without_network(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """UX-82, UX-83, UX-85: read from the card, marked, editable, never proof."""
    camera = Camera(tmp_path)
    tablet = new_device("Máy bảng xe 1", more=camera.arguments)
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    # The reader comes at the start of the shift, with the network that is there then.
    tablet.page.evaluate(UNTIL_READER_IS_HERE)
    tablet.wait_until_ready_offline()
    office.stop()

    draft = tablet.start_dossier(EXTRACT, area="10441")
    tablet.go(f"#/draft/{draft}/section/applicant")
    expect(tablet.screen("section")).to_be_visible()
    read_other_codes(tablet, camera)

    camera.hold_code(LAN)
    scan(tablet)
    expect(tablet.page.locator("[data-card-filled='5']")).to_be_visible()
    expect(answer(tablet, "applicant_full_name")).to_have_value("Nguyễn Thị Lan")
    expect(answer(tablet, "applicant_personal_id")).to_have_value("001190000123")
    expect(answer(tablet, "applicant_date_of_birth.day")).to_have_value("01")
    expect(answer(tablet, "applicant_address")).to_have_value(ADDRESS)
    assert tablet.page.locator('[name="answers.applicant_gender"][value="female"]').is_checked()
    expect(marks(tablet)).to_have_count(5)
    assert broken_rules(tablet.page) == []
    tablet.picture("card-filled")

    # What is typed over it is no longer the card's, also after the battery was out.
    answer(tablet, "applicant_address").fill("Thôn Phú Hiền, xã Hợp Thanh")
    expect(marks(tablet)).to_have_count(4)
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    tablet.kill()
    tablet.open()
    tablet.go(f"#/draft/{draft}/section/applicant")
    expect(marks(tablet)).to_have_count(4)

    # A child's card for the person whom the extract is about; she who is typed already stays.
    tablet.go(f"#/draft/{draft}/section/subject")
    answer(tablet, "subject_full_name").fill("Trần Gia Han")
    camera.hold_code(HAN)
    scan(tablet)
    expect(tablet.page.get_by_text("Thẻ ghi khác")).to_be_visible()
    tablet.picture("card-differs")
    tablet.page.get_by_role("button", name="Ghi theo thẻ").click()
    expect(answer(tablet, "subject_full_name")).to_have_value("Trần Gia Hân")
    expect(tablet.page.get_by_text("Giới tính trong số định danh khác").first).to_be_visible()


# A camera that nobody allows is the same whatever the database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_who_refuses_the_camera_types(new_desk: NewDesk, new_device: NewDevice) -> None:
    """UX-85: refused in words, with the way out beside it."""
    tablet = new_device("Máy bảng xe 1", more=("--deny-permission-prompts",))
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    draft = tablet.start_dossier(EXTRACT, area="10441")
    tablet.go(f"#/draft/{draft}/section/applicant")
    scan(tablet)

    expect(tablet.page.locator("[data-camera-trouble]")).to_be_visible()
    tablet.picture("card-refused")
    tablet.page.get_by_role("button", name="Nhập tay").click()
    expect(tablet.page.locator("[data-card-scanner]")).to_have_count(0)
    expect(tablet.page.get_by_role("button", name="Quét thẻ căn cước")).to_be_focused()


def read_other_codes(tablet: Device, camera: Camera) -> None:
    """Codes that people show by mistake are named, and none fills anything."""
    camera.hold_code("https://dichvucong.gov.vn/p/home")
    scan(tablet)
    expect(tablet.page.locator('[data-other-code="web-address"]')).to_be_visible()
    assert broken_rules(tablet.page) == []
    tablet.picture("card-other-code")
    tablet.page.keyboard.press("Escape")
    camera.hold_code("001190000123|Nguyễn Thị Lan|01/01/1990|4|8f14e45f|1")
    scan(tablet)
    expect(tablet.page.locator('[data-other-code="covid-code"]')).to_be_visible()
    tablet.page.keyboard.press("Escape")
    expect(answer(tablet, "applicant_full_name")).to_have_value("")


def scan(tablet: Device) -> None:
    """Press the button that opens the camera."""
    tablet.page.get_by_role("button", name="Quét thẻ căn cước").click()


def marks(tablet: Device) -> Locator:
    """Give the marks of answers that were read from a card."""
    return tablet.page.locator('[data-from="card"]')


def answer(tablet: Device, name: str) -> Locator:
    """Give the input of an answer."""
    return tablet.page.locator(f'[name="answers.{name}"]')

"""Story: called away in mid-intake; a colleague at the same tablet goes on, with the photo too."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess, assert_discreet
from tests.stories.shortest import SHORTEST
from tests.stories.test_accessibility import broken_rules
from tests.stories.test_at_rest import found_in
from tests.stories.test_photos import PAPER, picture

APPLICANT: Final = "Quách Thị Ưởng Dở Dang"
ADDRESS: Final = "Thôn Đục Khê, xã Hương Sơn"
AN: Final = "Nguyễn Văn An"
BINH: Final = "Trần Thị Bình"


# What two people do at one tablet does not depend on the office's kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_draft_goes_on_in_the_hands_of_a_colleague(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """UX-46: handed over with no network, sealed on the disk, taken, and said who began it."""
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    for person in ("hoa", "binh", "an"):
        tablet.sign_in(person)
    tablet.wait_until_ready_offline()

    office.stop()
    form = read_forms()[SHORTEST]
    draft = tablet.start_dossier(SHORTEST, area="10441")
    Filling(tablet, form, draft).fill(form.complete({"applicant_full_name": APPLICANT}))
    tablet.add_photos(draft, PAPER, [picture(tmp_path, 1)])
    hand_over(tablet, draft)
    tablet.lock()
    tablet.kill()
    assert found_in(tablet.profile, [APPLICANT]) == set()

    tablet.open()
    tablet.load("#/")
    take_over(tablet, draft)
    tablet.go(f"#/draft/{draft}/section/applicant")
    tablet.page.locator('[name="answers.applicant_address"]').fill(ADDRESS)
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    record = tablet.seal(draft)
    expect(tablet.page.locator("[data-hands]")).to_contain_text(AN)
    tablet.picture("dossier-handed-over")

    office.start()
    tablet.send_now()
    tablet.open_dossier(record)
    expect(tablet.place("received").first).to_contain_text("1/1 ảnh", timeout=60_000)
    desk.open_dossier(record)
    look_at_the_desk(desk)
    assert_discreet(office, [APPLICANT])


def hand_over(tablet: Device, draft: str) -> None:
    """Give it to the only colleague who works for the place; it is gone, and said to whom."""
    page = tablet.page
    tablet.go(f"#/draft/{draft}")
    tablet.picture("draft-hand-link")
    page.get_by_role("link", name="Giao cho người khác làm tiếp").click()
    expect(page.locator('[data-goes="1"]')).to_be_visible()
    expect(page.locator('[data-cannot="no-area"]')).to_contain_text("Bùi Thanh Hoa")
    expect(page.locator("[data-only]")).to_contain_text("Bạn không lấy lại được")
    tablet.picture("hand-draft")
    at_a_desk(tablet, "hand-draft")
    assert broken_rules(page) == []
    page.get_by_role("button", name=f"Giao hồ sơ cho {BINH}").click()
    expect(tablet.screen("today")).to_be_visible()
    expect(page.locator("[data-given]")).to_contain_text(f"chờ {BINH} mở khoá")
    expect(page.locator("[data-draft]")).to_have_count(0)
    tablet.picture("today-given")
    assert broken_rules(page) == []


def take_over(tablet: Device, draft: str) -> None:
    """The colleague unlocks, and goes on where the other stopped."""
    page = tablet.page
    page.locator('[data-person="binh"]').click()
    tablet.unlock()
    expect(tablet.screen("today")).to_be_visible()
    handed = page.locator(f'[data-handed="{draft}"]')
    expect(handed).to_contain_text(f"{AN} giao cho bạn lúc")
    tablet.picture("today-handed")
    at_a_desk(tablet, "today-handed")
    assert broken_rules(page) == []
    handed.click()
    expect(tablet.screen("draft")).to_be_visible()
    tablet.go(f"#/draft/{draft}/papers")
    expect(page.locator('[data-photo="prepared"]')).to_have_count(1)


def at_a_desk(tablet: Device, name: str) -> None:
    """Keep a picture as wide as a desk has it, too."""
    size = tablet.page.viewport_size
    assert size
    tablet.page.set_viewport_size({"width": 1440, "height": 900})
    tablet.picture(name)
    tablet.page.set_viewport_size(size)


def look_at_the_desk(desk: Desk) -> None:
    """Pass if the office has it whole, and says who did what."""
    page = desk.page
    expect(page.locator("#applicant-name")).to_have_text(APPLICANT)
    expect(page.locator("#dossier .form-side")).to_contain_text(ADDRESS)
    expect(page.locator("#attachments a")).to_have_count(1)
    expect(page.locator(".dossier-head .hand")).to_contain_text(f"{AN} bắt đầu, giao lại lúc")
    step = page.locator("#timeline .step").last
    expect(step).to_contain_text(BINH)
    expect(step.locator(".step-hand")).to_contain_text(AN)
    desk.picture("dossier-handed-over")

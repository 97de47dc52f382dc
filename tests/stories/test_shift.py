"""Story: a morning at a stop, without a network, and its evening at the office."""

from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess, assert_discreet
from tests.stories.test_accessibility import broken_rules

# A day at a stop runs in the very browser that people use, as An's morning does.
pytestmark = pytest.mark.whole_browser

STOP = "Nhà văn hoá thôn Đồi Dùng"
CHILD = "Bạch Thị Minh Nguyệt"
FATHER = "Bạch Đình Khôi"


# What a van does at a stop does not depend on the office's kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_morning_at_a_stop_reaches_the_desk_in_the_evening(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """UX-4, UX-6, UX-13, UX-44, UX-72: a shift without network, from the check to the sheet."""
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()

    office.stop()
    start_shift(tablet)
    first, second = give_number(tablet), give_number(tablet, "old")
    assert first != second
    call(tablet, second)
    press(tablet, f"Phục vụ {second}")
    expect(tablet.screen("new")).to_be_visible()
    record = take_a_birth(tablet)
    tablet.go("#/queue")
    press(tablet, f"Xong {second}")
    call(tablet, first)
    press(tablet, f"Bỏ qua {first}")
    press(tablet, f"Cho {first} vào lại")
    expect(row(tablet, first)).to_be_visible()
    tablet.picture("queue")
    tablet.kill()
    tablet.open()
    tablet.go("#/queue")
    expect(row(tablet, first)).to_be_visible()
    tablet.go("#/")
    expect(tablet.page.locator("[data-shift]")).to_contain_text(STOP)
    tablet.picture("today-shift")
    keep_and_give_back(tablet, record)
    ask_a_citizen(tablet)
    petition = take_a_petition(tablet)
    hand_over(tablet)

    office.start()
    tablet.send_now()
    tablet.open_dossier(record)
    expect(tablet.place("received").first).to_be_visible()
    assert_at_desk(desk, petition)
    assert_discreet(office, [CHILD, FATHER])


def assert_at_desk(desk: Desk, petition: str) -> None:
    """Pass if the page of the trip counts what its people counted."""
    desk.page.goto(f"{desk.address}/desk/trips")
    desk.picture("trips")
    desk.page.get_by_role("link", name="Mỹ Đức – Hồng Sơn").click()
    stop = desk.page.locator("#stops tbody tr").filter(has_text=STOP)
    expect(stop.locator(".dossiers")).to_have_text("1")
    expect(stop.locator(".tickets")).to_have_text("2")
    sheet = desk.page.locator("#sheets")
    expect(sheet.locator('[data-count="dossiers"]')).to_have_text("1")
    expect(sheet.locator('[data-count="custody"]')).to_have_text("0")
    expect(sheet.locator('[data-count="waiting"]')).to_have_text("1")
    expect(sheet).to_contain_text("Nguyễn Văn An")
    expect(desk.page.locator("#originals")).to_contain_text("Không còn bản chính nào")
    expect(desk.page.locator("#survey")).to_contain_text("5,0/5")
    expect(desk.page.locator("#petitions")).to_contain_text(petition)
    desk.picture("trip")


def start_shift(tablet: Device) -> None:
    """Look everything over, and begin at the first stop of the trip."""
    tablet.go("#/shift")
    tablet.page.locator("label[data-stop]").filter(has_text=STOP).click()
    expect(tablet.page.locator('[data-check="forms"]')).to_have_attribute("data-answer", "ok")
    expect(tablet.page.locator('[data-check="offline"]')).to_have_attribute("data-answer", "ok")
    tablet.picture("shift")
    press(tablet, f"Bắt đầu ca tại {STOP}")
    expect(tablet.screen("today")).to_be_visible()


def keep_and_give_back(tablet: Device, record: UUID) -> None:
    """Keep an original of a dossier; the list names it until it is handed back."""
    tablet.open_dossier(record)
    tablet.page.get_by_role("link", name="Giữ bản chính").click()
    name = tablet.page.locator('input[name="paperName"]')
    name.fill("Sổ hộ khẩu")
    tablet.picture("keep-original")
    lock_and_unlock(tablet)
    expect(name).to_have_value("Sổ hộ khẩu")
    press(tablet, "Ghi đã nhận giữ")
    expect(tablet.page.locator('[data-custody="held"]')).to_contain_text("Sổ hộ khẩu")
    tablet.go("#/handover")
    expect(tablet.page.locator('[data-open="custody"]')).to_be_visible()
    tablet.go("#/originals")
    expect(tablet.page.locator('[data-here="1"]')).to_contain_text(FATHER)
    tablet.page.get_by_role("button", name="Trả lại").click()
    to = tablet.page.locator('input[name="returnedTo"]')
    expect(to).to_have_value(FATHER)
    to.fill(FATHER + ", con rể")
    lock_and_unlock(tablet)
    expect(to).to_have_value(FATHER + ", con rể")
    tablet.picture("originals")
    press(tablet, "Đã trả tận tay")
    expect(tablet.page.locator('[data-here="0"]')).to_be_visible()


def ask_a_citizen(tablet: Device) -> None:
    """Hand the phone over; it comes back locked, whatever the citizen does."""
    tablet.go("#/survey")
    press(tablet, "Đưa máy cho dân")
    tablet.picture("survey")
    for question in ("overall", "attitude", "waiting", "clarity"):
        expect(tablet.page.locator(f'h1[data-question="{question}"]')).to_be_visible()
        if question == "overall":
            tablet.page.locator('input[name="score"][value="5"]').check()
            press(tablet, "Tiếp tục")
        elif question == "waiting":
            # Whoever answers is called away; who comes back goes on where they were.
            lock_and_unlock(tablet)
            expect(tablet.page.locator("[data-half]")).to_contain_text("3 / 4")
            tablet.picture("survey-half")
            assert broken_rules(tablet.page) == []
            press(tablet, "Đưa máy lại để làm tiếp")
            press(tablet, "Bỏ qua câu này")
        else:
            press(tablet, "Bỏ qua câu này")
    tablet.page.locator("[data-survey-end]").click()
    expect(tablet.screen("lock")).to_be_visible()
    tablet.unlock()
    tablet.go("#/survey")
    press(tablet, "Đưa máy cho dân")
    tablet.load("#/dossiers")
    expect(tablet.screen("lock")).to_be_visible()
    tablet.unlock()


def take_a_petition(tablet: Device) -> str:
    """Take a petition down; answers its number."""
    tablet.go("#/petition")
    words = tablet.page.locator('textarea[name="words"]')
    words.fill("Đường vào thôn hỏng nhiều chỗ")
    lock_and_unlock(tablet)
    expect(words).to_have_value("Đường vào thôn hỏng nhiều chỗ")
    press(tablet, "Ghi nhận")
    taken = tablet.page.locator("[data-petition]")
    expect(taken).to_be_visible()
    tablet.picture("petition")
    number = taken.get_attribute("data-petition")
    assert number
    return number


def lock_and_unlock(tablet: Device) -> None:
    """UX-46: what is half filled in lies in the vault meanwhile."""
    tablet.lock()
    tablet.unlock()


def hand_over(tablet: Device) -> None:
    """End the shift with its sheet."""
    tablet.go("#/handover")
    expect(tablet.page.locator('dd[data-count="custody"]')).to_have_text("0")
    expect(tablet.page.locator('dd[data-count="dossiers"]')).to_have_text("1")
    # What waits for a network is grey; what a person must do is amber.
    banner = tablet.page.locator("[data-banner]")
    grey = banner.filter(has=tablet.page.locator('[data-open="unsent"]'))
    expect(grey).to_have_attribute("data-banner", "grey")
    amber = banner.filter(has=tablet.page.locator('[data-open="waiting"]'))
    expect(amber).to_have_attribute("data-banner", "amber")
    tablet.picture("handover")
    press(tablet, "Ký phiếu và kết thúc ca")
    expect(tablet.page.locator("[data-ended]")).to_be_visible()
    tablet.picture("handover-ended")


def give_number(tablet: Device, priority: str | None = None) -> str:
    """Give the next number; answers it."""
    tablet.go("#/queue")
    if priority:
        press(tablet, "Lấy số ưu tiên")
        tablet.page.locator(f'input[name="priority"][value="{priority}"]').check()
        press(tablet, "Cấp số ưu tiên")
    else:
        press(tablet, "Lấy số")
    given = tablet.page.locator("[data-given]")
    expect(given).to_be_visible()
    number = given.get_attribute("data-given")
    assert number
    expect(row(tablet, number)).to_be_visible()
    return number


def call(tablet: Device, number: str) -> None:
    """Call whoever is first, who must be this one."""
    tablet.go("#/queue")
    press(tablet, f"Gọi số {number}")
    expect(tablet.page.locator(f'[data-ticket="{number}"]')).to_have_attribute(
        "data-status", "called"
    )


def press(tablet: Device, name: str) -> None:
    """Press a button."""
    tablet.page.get_by_role("button", name=name, exact=True).click()


def row(tablet: Device, number: str) -> Locator:
    """Give the row of a number that waits."""
    return tablet.page.locator(f'li[data-ticket="{number}"][data-status="waiting"]')


def take_a_birth(tablet: Device) -> UUID:
    """Take a dossier at this stop."""
    form = read_forms()[BIRTH_REGISTRATION]
    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    answers = {"child_full_name": CHILD, "applicant_full_name": FATHER}
    Filling(tablet, form, draft).fill(form.complete(answers))
    return tablet.seal(draft)

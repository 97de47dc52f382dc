"""Story: with no network an official code, or a provisional one; both find the dossier."""

import re
from uuid import UUID

from playwright.sync_api import Locator, expect

from sync.codes import code_kind
from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess

SHORTEST = "2.000635"
OFFICIAL = re.compile(r"H26\.118\.05-\d{6}-2001")


def test_an_officer_s_code_is_official_and_a_helper_s_is_replaced_by_the_office(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """FAULT-46, UX-43: a killed browser goes on with the next number; either code finds."""
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("tam")
    tablet.sign_in("an")
    tablet.go("#/")
    expect(tablet.page.locator('[data-codes-left="100"]')).to_be_visible()
    tablet.picture("today-codes")
    tablet.wait_until_ready_offline()

    office.stop()
    take(tablet)
    official = said(tablet)
    assert OFFICIAL.fullmatch(official)
    tablet.kill()
    tablet.open()
    take(tablet)
    assert said(tablet) == official.replace("2001", "2002")
    tablet.picture("dossier-official-code")

    tablet.lock()
    tablet.page.locator('[data-person="tam"]').click()
    tablet.unlock()
    tablet.go("#/")
    expect(tablet.screen("today")).to_be_visible()
    expect(tablet.page.locator("[data-codes-left]")).to_have_count(0)
    helped = take(tablet)
    provisional = said(tablet)
    assert code_kind(provisional) == "provisional"
    expect(code_on(tablet)).to_have_attribute("data-provisional", "true")
    tablet.picture("dossier-provisional-code")

    office.start()
    tablet.send_now()
    tablet.open_dossier(helped)
    expect(code_on(tablet)).to_have_attribute("data-provisional", "false")
    replaced = said(tablet)
    for typed in (provisional.lower().replace("-", " "), replaced):
        tablet.go("#/dossiers")
        tablet.page.locator('input[name="search"]').fill(typed)
        expect(tablet.page.locator("a[data-record]")).to_have_count(1)
        expect(tablet.page.locator(f'a[data-record="{helped.hex}"]')).to_be_visible()
        find_at(desk, typed)
        expect(desk.row(helped)).to_contain_text(replaced)
    tablet.picture("dossiers-by-code")
    desk.picture("found-by-code")
    desk.open_dossier(helped)
    expect(desk.page.locator("#dossier-code")).to_contain_text(provisional)
    desk.picture("dossier-code")


def take(tablet: Device) -> UUID:
    """Take the shortest dossier there is."""
    form = read_forms()[SHORTEST]
    draft = tablet.start_dossier(SHORTEST, area="10441")
    Filling(tablet, form, draft).fill(form.complete({}))
    return tablet.seal(draft)


def code_on(tablet: Device) -> Locator:
    """Give the code of the open dossier."""
    return tablet.screen("dossier").locator("[data-code]")


def said(tablet: Device) -> str:
    """Read the code of the open dossier."""
    code = code_on(tablet).get_attribute("data-code")
    assert code
    assert code_on(tablet).inner_text() == code
    return code


def find_at(desk: Desk, words: str) -> None:
    """Look for something at the desk."""
    desk.page.goto(f"{desk.address}/desk/find")
    desk.page.locator("#find-words").fill(words)
    desk.page.locator("#find-button").click()
    expect(desk.page.locator("#found")).to_be_visible()

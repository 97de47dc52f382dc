"""Story: the desk gives a dossier to a helper, whose phone gets it, and takes it away again."""

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess, assert_discreet

CHILD = "Đinh Thị Ngọc Yến"
FATHER = "Đinh Hữu Phúc"
HELPER = "Lê Thị Tâm"
HOMETOWN = "Thôn Đục Khê, xã Hương Sơn, thành phố Hà Nội"


# What a phone does with the marks does not depend on the office's kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_helper_gets_a_dossier_by_assignment_and_loses_it_but_nothing_unsent(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    desk = new_desk("chi")
    of_an, of_tam, at_home = (new_device(name) for name in ("Máy xe 1", "Máy của Tâm", "Máy cũ"))
    for device, person in ((of_an, "an"), (of_tam, "tam"), (at_home, "tam")):
        device.enrol(desk)
        device.sign_in(person)
        device.wait_until_ready_offline()
    form = read_forms()[BIRTH_REGISTRATION]
    draft = of_an.start_dossier(BIRTH_REGISTRATION, area="10441")
    answers = {"child_full_name": CHILD, "applicant_full_name": FATHER}
    Filling(of_an, form, draft).fill(form.complete(answers))
    record = of_an.seal(draft)
    expect(of_an.place("received").first).to_be_visible()
    exchange(of_tam)
    assert_listed(of_tam, times=0)

    desk.assign(record, HELPER)
    desk.picture("assigned")
    for device in (of_tam, at_home):
        exchange(device)
        assert_listed(device, times=1)
    of_tam.open_dossier(record)
    expect(of_tam.answer("child_full_name")).to_contain_text(CHILD)
    of_tam.picture("assigned")

    at_home.page.context.set_offline(True)
    at_home.revise(record, "child", {"child_hometown": HOMETOWN}, "Gia đình báo lại")
    desk.take_away(record)
    exchange(of_tam)
    assert_listed(of_tam, times=0)
    # What was written without the network is sent first, and who wrote in a dossier holds it.
    assert_listed(at_home, times=1)
    at_home.page.context.set_offline(False)
    exchange(at_home)
    at_home.open_dossier(record)
    expect(at_home.answer("child_hometown")).to_contain_text(HOMETOWN)
    expect(at_home.place("received").first).to_be_visible()
    desk.open_dossier(record)
    expect(desk.page.locator("#dossier .form-side")).to_contain_text(HOMETOWN)
    assert_discreet(office, [CHILD, FATHER])


def exchange(device: Device) -> None:
    """Exchange with the office, and return when the answer has come."""
    with device.page.expect_response(lambda answer: "/sync/exchange" in answer.url):
        device.send_now()


def assert_listed(device: Device, *, times: int) -> None:
    """Pass if the device comes to list the dossier, or nothing at all."""
    device.go("#/dossiers")
    expect(device.screen("dossiers")).to_be_visible()
    expect(device.page.get_by_text(FATHER)).to_have_count(times)

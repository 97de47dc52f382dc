"""Story 2: two people edit one dossier apart from each other; the desk settles; both are told."""

import re

from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess, assert_discreet

AS_TAKEN = "Đinh Thị Ngọc Ánh"
AS_AN_WRITES = "Đinh Thị Ngọc Ảnh"
AS_BINH_WRITES = "Đinh Ngọc Ánh"
HOMETOWN = "Thôn Ải Rót, xã Hương Sơn, thành phố Hà Nội"
FACILITY = "Trạm y tế xã Phúc Sơn, thành phố Hà Nội"
REASON = "Theo bản giấy chứng sinh đã đối chiếu"


def test_the_desk_settles_what_two_tablets_disagree_on_and_both_are_told(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    desk = new_desk("chi")
    of_an, of_binh = new_device("Máy bảng xe 1"), new_device("Máy bảng xe 2")
    for tablet, person in ((of_an, "an"), (of_binh, "binh")):
        tablet.enrol(desk)
        tablet.sign_in(person)
        tablet.wait_until_ready_offline()

    form = read_forms()[BIRTH_REGISTRATION]
    draft = of_an.start_dossier(BIRTH_REGISTRATION, area="10441")
    Filling(of_an, form, draft).fill(form.complete({"child_full_name": AS_TAKEN}))
    record = of_an.seal(draft)
    expect(of_an.place("received").first).to_be_visible()
    of_binh.send_now()
    of_binh.open_dossier(record)
    expect(of_binh.answer("child_full_name")).to_contain_text(AS_TAKEN)

    office.stop()
    mine = {"child_full_name": AS_AN_WRITES, "child_hometown": HOMETOWN}
    of_an.revise(record, "child", mine, "Gia đình báo lại")
    theirs = {"child_full_name": AS_BINH_WRITES, "birth_facility_name": FACILITY}
    of_binh.revise(record, "child", theirs, "Đọc lại giấy chứng sinh")
    office.start()
    for tablet in (of_an, of_binh):
        tablet.send_now()
        tablet.open_dossier(record)
        expect(tablet.place("received").first).to_be_visible()
    of_an.picture("dossier-revised")
    in_conflict = of_binh.page.locator('[data-conflict="answers.child_full_name"]')
    for side in (AS_AN_WRITES, AS_BINH_WRITES):
        expect(in_conflict).to_contain_text(side)
    of_binh.picture("dossier-conflict")

    desk.open_dossier(record)
    for edit in (HOMETOWN, FACILITY):
        expect(desk.page.locator("#dossier .form-side")).to_contain_text(edit)
    desk.open_conflicts(record)
    expect(desk.conflicts).to_have_count(1)
    for side in (AS_AN_WRITES, AS_BINH_WRITES):
        expect(desk.conflicts).to_contain_text(side)
    desk.picture("conflict")
    desk.settle("answers.child_full_name", AS_BINH_WRITES, REASON)
    desk.open_dossier(record)
    expect(desk.page.locator("#conflict-banner")).to_have_count(0)
    desk.picture("settled")

    for tablet in (of_an, of_binh):
        tablet.send_now()
        tablet.open_dossier(record)
        expect(tablet.page.locator("[data-conflict]")).to_have_count(0)
        expect(tablet.answer("child_full_name")).to_contain_text(AS_BINH_WRITES)
        expect(tablet.answer("child_hometown")).to_contain_text(HOMETOWN)
        expect(tablet.answer("birth_facility_name")).to_contain_text(FACILITY)
        told = tablet.page.locator('[data-note="settlement"]')
        expect(told).to_contain_text(REASON)
        expect(told).to_contain_text(re.compile("Phạm Thu Chi"))
    of_binh.picture("dossier-settled")
    assert_discreet(office, [AS_TAKEN, AS_AN_WRITES, AS_BINH_WRITES])

"""Story: work that cannot go the usual way still gets to the office.

A profile folder is copied and both browsers work on; a tablet without a network hands its work over
in a file; and the desk takes such a file itself.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import SECRET, OfficeProcess
from tests.stories.test_photos import picture

SHORTEST = "2.000635"
"""The procedure with the fewest questions."""

PAPER = "extract_request"


DAMAGE = """async (record) => {
  for (const { name, version } of await indexedDB.databases()) {
    const opening = indexedDB.open(name, version);
    await new Promise((done) => { opening.onsuccess = done; });
    const rows = opening.result.transaction('records', 'readwrite').objectStore('records');
    const found = await new Promise((done) => {
      rows.getAll().onsuccess = ({ target }) => done(target.result);
    });
    const row = found.find(({ id }) => id.endsWith(record));
    row.sealed[row.sealed.length - 1] ^= 1;
    await new Promise((done) => { rows.put(row).onsuccess = done; });
    opening.result.close();
  }
}"""
"""Turns one bit of a record where it lies on the disk."""


def take_one(device: Device, photos: Sequence[Path] = (), **answers: str) -> UUID:
    """Take and seal the shortest dossier."""
    form = read_forms()[SHORTEST]
    draft = device.start_dossier(SHORTEST, area="10441")
    Filling(device, form, draft).fill(form.complete(answers))
    if photos:
        device.add_photos(draft, PAPER, list(photos))
    return device.seal(draft)


@contextmanager
def copy_of(device: Device, profile: Path) -> Iterator[Device]:
    """Copy the folder of a device that is switched off, and switch the copy on."""
    shutil.copytree(device.profile, profile, ignore=shutil.ignore_patterns("Singleton*"))
    twin = Device(device.playwright, device.program, device.address, profile, "Bản sao")
    twin.open()
    try:
        yield twin
    finally:
        twin.close()
    twin.witness.testify()


def is_damaged(tablet: Device, record: UUID, stays: UUID) -> None:
    """Damage a dossier on the disk: it is named, and hides no other."""
    tablet.page.evaluate(DAMAGE, record.hex)
    tablet.page.reload()
    tablet.go("#/")
    expect(tablet.page.locator('[data-damaged="records"]')).to_contain_text("1 hồ sơ")
    tablet.picture("today-damaged")
    tablet.go("#/dossiers")
    expect(tablet.page.locator(f'[data-record="{stays.hex}"]')).to_be_visible()
    expect(tablet.page.locator(f'[data-record="{record.hex}"]')).to_have_count(0)


def test_a_copied_profile_loses_nothing_of_either(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """FAULT-44: both work, both send, and both works are at the office.

    FAULT-19: meanwhile the disk of the first damages a dossier; it is named, and comes again.
    """
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    before = take_one(tablet)
    expect(tablet.place("received").first).to_be_visible()
    tablet.close()
    with copy_of(tablet, tmp_path / "copy") as twin:
        tablet.open()
        of_the_first = take_one(tablet)
        expect(tablet.place("received").first).to_be_visible()

        office.stop()
        is_damaged(tablet, before, stays=of_the_first)
        of_the_second = take_one(twin)
        office.start()
        tablet.send_now()
        expect(tablet.page.locator('[data-damaged="records"]')).to_have_count(0)
        tablet.open_dossier(before)
        twin.send_now()
        expect(twin.page.get_by_text("sổ việc trên máy khác").first).to_be_visible()
        twin.picture("outbox-parted")
        twin.page.get_by_role("link", name="Đăng nhập lại để nhận sổ mới").first.click()
        expect(twin.page.locator('[data-renew="log-forked"]')).to_be_visible()
        twin.picture("sign-in-parted")
        assert twin.page.locator('input[name="staff"]').input_value() == "an"
        twin.page.locator('input[name="secret"]').fill(SECRET)
        twin.page.get_by_role("button", name="Đăng nhập").click()
        expect(twin.screen("outbox")).to_be_visible()
        expect(twin.page.locator('[data-unsent="0"]')).to_be_visible()
        twin.open_dossier(of_the_second)
        expect(twin.place("received").first).to_be_visible()
        twin.open_dossier(of_the_first)

    for record in (before, of_the_first, of_the_second):
        desk.open_dossier(record)
    desk.page.goto(f"{desk.address}/desk/findings")
    fork = desk.page.locator('article[data-kind="fork"]')
    expect(fork).to_have_count(1)
    expect(fork).to_contain_text("đi tiếp")
    fork.locator("summary").click()
    desk.picture("fork")
    fork.locator("textarea").fill("Đã hỏi An: thư mục trình duyệt bị chép sang máy mới")
    fork.locator('button[value="seen"]').click()
    expect(fork).to_have_count(0)


def test_a_tablet_without_a_network_hands_its_work_over_in_a_file(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """The rescue file: made offline, carried by another tablet, and taken at the desk."""
    desk = new_desk("chi")
    lost, carrier = new_device("Máy mất mạng"), new_device("Máy chuyển hộ")
    for tablet, person in ((lost, "an"), (carrier, "binh")):
        tablet.enrol(desk)
        tablet.sign_in(person)
        tablet.wait_until_ready_offline()
    office.stop()
    record = take_one(lost, [picture(tmp_path, 1)])
    file = export(lost, tmp_path / "cứu.luudong")
    lost.kill()

    carrier.go("#/outbox")
    carrier.page.locator('input[name="rescueFile"]').set_input_files(file)
    expect(carrier.page.locator('[data-rescue-taken="imported"]')).to_be_visible()
    # One of text, and one of the photo.
    expect(carrier.page.locator('[data-carried="2"]')).to_be_visible()
    carrier.picture("outbox-carrying")
    office.start()
    carrier.send_now()
    expect(carrier.page.locator('[data-carried="0"]')).to_be_visible()
    desk.open_dossier(record)
    expect(desk.page.locator("#attachments a")).to_have_count(1)

    desk.page.goto(f"{desk.address}/desk/import")
    desk.picture("import")
    desk.page.locator("#import-file").set_input_files(file)
    desk.page.locator("#import-button").click()
    expect(desk.page.locator("#bundles")).to_contain_text("đã có đủ")
    expect(desk.page.locator("#bundles")).to_contain_text("đã có các ảnh")
    desk.picture("imported")

    lost.open()
    lost.open_dossier(record)
    lost.send_now()
    expect(lost.page.locator('[data-unsent="0"]')).to_be_visible()


def export(device: Device, path: Path) -> Path:
    """Make a rescue file, and save it."""
    device.go("#/outbox")
    device.page.get_by_role("button", name="Xuất tệp dự phòng").click()
    expect(device.page.locator('[data-rescue-made="exported"]')).to_be_visible()
    device.picture("outbox-rescue")
    with device.page.expect_download() as saved:
        device.page.get_by_role("button", name="Lưu vào máy").click()
    saved.value.save_as(path)
    return path

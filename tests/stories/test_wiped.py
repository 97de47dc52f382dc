"""Story: a tablet is revoked while it is away; it hands in what it has, and wipes itself.

Its last dossier waits for a person at the desk, and after a kill the tablet starts clean without
any network (FAULT-47).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from playwright.sync_api import Error, expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess
from tests.support.tus import photo_of

SHORTEST = "2.000635"
PAPER = "extract_request"
NAME = "Lý Thị Không Ai Biết"
LABEL = "Máy bảng xe 1"

EVERYTHING_KEPT: Final = """
async () => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      rows.push(...await new Promise((done) => { all.onsuccess = () => done(all.result); }));
    }
    database.close();
  }
  const text = (value) => value instanceof Uint8Array ? new TextDecoder().decode(value)
    : Array.isArray(value) ? value.map(text).join(' ')
    : value !== null && typeof value === 'object' ? Object.values(value).map(text).join(' ')
    : String(value);
  return rows.map(text).join(' ');
}
"""


def everything_kept(tablet: Device) -> str:
    """Read all that lies in the page's databases; once wiped, the page opens anew meanwhile."""
    try:
        return str(tablet.page.evaluate(EVERYTHING_KEPT))
    except Error as error:
        if "navigation" not in error.message:
            raise
    tablet.page.locator("[data-wiped]").wait_for()
    return str(tablet.page.evaluate(EVERYTHING_KEPT))


def take_one(device: Device, name: str, photos: Sequence[Path] = ()) -> UUID:
    """Take and seal the shortest dossier."""
    form = read_forms()[SHORTEST]
    draft = device.start_dossier(SHORTEST, area="10441")
    Filling(device, form, draft).fill(form.complete({"applicant_full_name": name}))
    if photos:
        device.add_photos(draft, PAPER, list(photos))
    return device.seal(draft)


def test_a_revoked_tablet_hands_in_and_is_clean(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    desk, tablet = new_desk("quan"), new_device(LABEL)
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    take_one(tablet, "Nguyễn Văn Mẫu")
    expect(tablet.place("received").first).to_be_visible()

    # Away: what is taken now cannot be sent before the desk has decided.
    tablet.page.context.set_offline(True)
    photo = tmp_path / "paper.png"
    photo.write_bytes(photo_of(side=400, format_="PNG"))
    last = take_one(tablet, NAME, [photo])
    expect(tablet.place("saved").first).to_be_visible()
    # What is said of the citizen is sealed; that something lies here can still be seen.
    assert last.hex in everything_kept(tablet)
    desk.page.goto(f"{desk.address}/desk/devices")
    listed = desk.page.locator("tr", has_text=LABEL)
    listed.locator("details.revoke > summary").click()
    desk.picture("devices-revoke")
    listed.locator('button[id^="revoke-"]').click()
    tablet.page.context.set_offline(False)

    expect(tablet.page.locator("[data-wiped]")).to_be_visible(timeout=60_000)
    tablet.picture("wiped")
    expect(tablet.page.locator("[data-wiped]")).not_to_contain_text("đã mất")
    assert last.hex not in everything_kept(tablet)
    desk.page.goto(f"{desk.address}/desk/findings")
    finding = desk.page.locator("article", has_text=NAME)
    desk.picture("findings")
    finding.locator("textarea").fill("Đã hỏi lại người nộp")
    finding.locator('button[value="admitted"]').click()
    expect(desk.page.locator("article", has_text=NAME)).to_have_count(0)
    desk.open_dossier(last)
    expect(desk.page.locator("#applicant-name")).to_have_text(NAME)
    # The photo was handed in before the wipe, while its dossier stood in quarantine.
    expect(desk.page.locator("#attachments a")).to_have_count(1)

    tablet.kill()
    office.stop()
    tablet.open()
    tablet.go("#/")
    expect(tablet.page.locator("[data-wiped]")).to_be_visible()
    assert last.hex not in everything_kept(tablet)
    office.start()

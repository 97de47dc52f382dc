"""Story 5: photos taken with no network follow the text, over a line that breaks."""

import hashlib
import io
import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import expect

from server.attachments.tables import held_attachments, named_attachments, uploads
from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.line import Line, open_line
from tests.stories.office import OfficeProcess
from tests.stories.records import connected

SHORTEST = "2.000635"
PAPER = "extract_request"

CAMERA = "Máy ảnh của Quách Văn Trường"
"""What a camera writes beside the picture; it must not leave the phone."""

SPOKEN_BYTES = 100_000
"""What is said beside the photos: requests, answers about the text, heads of pieces."""

GPS_TAG = 0x8825
ORIENTATION_TAG = 0x0112
MODEL_TAG = 0x0110
LYING_DOWN = 6
"""The camera was held upright; the picture lies on its side until a reader turns it."""


def test_three_photos_arrive_after_two_cuts_and_a_killed_browser(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """FAULT-12, FAULT-54, UX-37: the text first, each photo from where the office's copy ends."""
    with open_line(office.port) as line:
        desk = new_desk("chi")
        tablet = new_device("Máy bảng xe 1", line.port)
        tablet.enrol(desk)
        tablet.sign_in("an")
        tablet.wait_until_ready_offline()

        office.stop()
        form = read_forms()[SHORTEST]
        draft = tablet.start_dossier(SHORTEST, area="10441")
        Filling(tablet, form, draft).fill(form.complete({}))
        tablet.add_photos(draft, PAPER, [picture(tmp_path, seed) for seed in range(3)])
        tablet.picture("papers-with-photos")
        record = tablet.seal(draft)
        expect(tablet.page.locator('[data-photo="named"]')).to_have_count(3)
        tablet.picture("dossier-photos-waiting")
        tablet.go("#/outbox")
        expect(tablet.page.locator('[data-unsent-photos="3"]')).to_be_visible()
        tablet.picture("outbox-photos")

        office.start()
        cut_in_the_middle(tablet, line, 500_000)
        desk.open_dossier(record)
        expect(desk.page.locator("#attachments [data-digest]")).to_have_count(3)
        expect(desk.page.locator("#attachments a")).to_have_count(0)
        tablet.open_dossier(record)
        expect(tablet.place("received")).to_have_count(0)
        expect(tablet.place("sending").first).to_contain_text("0/3 ảnh")

        cut_in_the_middle(tablet, line, 500_000)
        tablet.kill()
        arrived = arrived_bytes(office)
        assert arrived > 0
        tablet.open()
        line.reset()
        tablet.open_dossier(record)
        expect(tablet.place("received").first).to_contain_text("3/3 ảnh", timeout=60_000)
        tablet.picture("dossier-photos-received")
        total = sum(size_by_digest(office).values())
        assert line.bytes_up < total - arrived + SPOKEN_BYTES, "what had arrived was sent again"

        add_one_more(tablet, tmp_path)
        expect(tablet.place("received").first).to_contain_text("4/4 ảnh", timeout=60_000)

    look_at_the_desk(desk, office, record.hex)


def add_one_more(tablet: Device, tmp_path: Path) -> None:
    """What was asked for later is added to the sealed dossier."""
    more = tablet.page.locator("[data-add-photos]")
    more.locator("summary").click()
    tablet.picture("dossier-add-photos")
    more.locator(f'input[name="supplement-{PAPER}"]').set_input_files(picture(tmp_path, 3))
    expect(tablet.page.locator("[data-photo]")).to_have_count(4, timeout=30_000)


def cut_in_the_middle(tablet: Device, line: Line, after: int) -> None:
    """Send, and break the line after so many bytes."""
    line.reset()
    line.cuts_after = after
    tablet.send_now()
    if not line.cut.wait(30):
        pytest.fail(f"the line was not needed so long: {line}")
    expect(tablet.page.locator("[data-exchange-outcome]")).to_be_visible()
    line.cuts_after = None


def look_at_the_desk(desk: Desk, office: OfficeProcess, record: str) -> None:
    """All are here, upright, and none says where or by what it was taken."""
    desk.page.reload()
    links = desk.page.locator("#attachments a")
    expect(links).to_have_count(4)
    desk.picture("dossier-with-photos")
    for link in links.all():
        answer = desk.page.request.get(f"{desk.address}{link.get_attribute('href')}")
        assert answer.status == 200
        body = answer.body()
        assert hashlib.sha256(body).hexdigest() in size_by_digest(office), record
        photo = Image.open(io.BytesIO(body))
        assert not photo.getexif()
        assert CAMERA.encode() not in body
        assert photo.height > photo.width, "it is upright"
        assert max(photo.size) == 2_400


def size_by_digest(office: OfficeProcess) -> dict[str, int]:
    """Give what the office has been told of photos."""
    with connected(office.database) as connection:
        rows = connection.execute(
            sa.select(named_attachments.c.digest, named_attachments.c.size)
        ).all()
    return {bytes(digest).hex(): size for digest, size in rows}


def arrived_bytes(office: OfficeProcess) -> int:
    """Count what the office holds of photos: whole, or begun."""
    with connected(office.database) as connection:
        counts = [
            connection.execute(sa.select(sa.func.coalesce(sa.func.sum(column), 0))).scalar_one()
            for column in (held_attachments.c.size, uploads.c.offset)
        ]
    return int(sum(counts))


def picture(folder: Path, seed: int) -> Path:
    """Take a photo that does not pack well, as papers in poor light do not."""
    grain = random.Random(seed).randbytes(600 * 450 * 3)
    small = Image.frombytes("RGB", (600, 450), grain)
    photo = small.resize((3_000, 2_250), Image.Resampling.NEAREST)
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = LYING_DOWN
    exif[MODEL_TAG] = CAMERA
    exif[GPS_TAG] = {1: "N", 2: (22.0, 39.0, 58.0), 3: "E", 4: (106.0, 15.0, 26.0)}
    path = folder / f"photo-{seed}.jpg"
    photo.save(path, quality=90, exif=exif)
    return path

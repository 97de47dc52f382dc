"""The field app over a line that spoils what goes over it: it says what is wrong, loses nothing.

The app itself comes over the same line; only what it says to the office is spoiled.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.campaigns.rough_line import Asked, RoughLine, open_rough_line
from tests.campaigns.tablet import join_tablet
from tests.campaigns.trouble import NONE, Trouble
from tests.stories.branches import read_forms
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess
from tests.stories.records import counts_of_record

SHORTEST = "2.000635"

# What the line does, and what the app must then say about its connection. Two neighbours never have
# the same said of them, so that nobody takes what was said before for an answer.
SAID = (
    (Trouble(portal="page"), "captive"),
    (Trouble(cut_up_at=100), "unreachable"),
    (Trouble(portal="redirect"), "captive"),
    (Trouble(cut_down_at=300), "unreachable"),
    (Trouble(portal="511"), "captive"),
    # Cut, and yet as long as it says that it is.
    (Trouble(shortened_to=100), "offline"),
    (Trouble(corrupt_up_at=200), "server-error"),
    (Trouble(cut_up_at=0), "unreachable"),
    (Trouble(is_stale=True), "server-error"),
    (Trouble(portal="page"), "captive"),
    # No answer, or one that is not the office's: that depends on what the spoiled byte was for.
    (Trouble(corrupt_down_at=100), re.compile("offline|unreachable|server-error")),
    (Trouble(is_doubled=True), "online"),
    (Trouble(delay_seconds=8.5), "weak"),
)


SAID_MS_MAX = 12_000


class Line:
    """A tablet at work behind a line whose next troubles the test chooses."""

    def __init__(self, device: Device, office: OfficeProcess) -> None:
        self.device = device
        self.office = office
        self.trouble = NONE

    def plan(self, asked: Asked) -> Trouble:
        return self.trouble if asked.path == "/sync/exchange" else NONE


@pytest.fixture
def tablet(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[Line]:
    """Give a tablet that has joined an office."""
    database = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    office = OfficeProcess(tmp_path / "office", database, more={"LUUDONG_BACKUP_HOUR": "off"})
    office.start()
    device = Device(playwright, chromium, "", tmp_path / "profile", "Máy bảng")
    here = Line(device, office)
    with open_rough_line(office.port, here.plan) as line:
        assert isinstance(line, RoughLine)
        device.address = f"http://localhost:{line.port}"
        device.open()
        try:
            join_tablet(device, office)
            yield here
        finally:
            device.close()
            office.kill()


def test_the_app_says_what_a_line_does_and_the_dossier_comes_through_once(tablet: Line) -> None:
    """FAULT-26, FAULT-27, FAULT-28, FAULT-29, FAULT-30."""
    device = tablet.device
    form = read_forms()[SHORTEST]
    tablet.trouble = Trouble(portal="page")
    draft = device.start_dossier(SHORTEST, area="10441")
    Filling(device, form, draft).fill(form.complete({}))
    record = device.seal(draft)

    chip = device.page.locator("[data-connection]").first
    for trouble, state in SAID:
        tablet.trouble = trouble
        device.send_now()
        expect(chip, trouble.name).to_have_attribute("data-connection", state, timeout=SAID_MS_MAX)
        device.open_dossier(record)
        arrived = state in ("online", "weak")
        expect(device.place("received")).to_have_count(1 if arrived else 0)
        expect(device.place("saved")).to_have_count(0 if arrived else 1)

    tablet.trouble = NONE
    device.send_now()
    device.open_dossier(record)
    expect(device.place("received").first).to_be_visible()
    assert counts_of_record(tablet.office.database, record) == (1, 1, 0)

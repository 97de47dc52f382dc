"""A phone with a network that leads to no office: an ended certificate, a dead name, a wrong date.

FAULT-31: a browser tells an app of all these only that it failed. What the app can know is said,
with whom to ask; what was taken stays, and goes up once the way is open.
"""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Playwright, expect

from tests.stories.conftest import NewDesk
from tests.stories.device import Device
from tests.stories.office import OfficeProcess
from tests.stories.secure_door import open_secure_door
from tests.stories.shortest import take_shortest

DEAD_NAME = "--host-resolver-rules=MAP localhost ~NOTFOUND"
LONG_AGO = "2023-03-01T08:00:00+07:00"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_says_what_it_can_know_and_keeps_what_was_taken(
    playwright: Playwright,
    program: str,
    office: OfficeProcess,
    new_desk: NewDesk,
    tmp_path: Path,
) -> None:
    with open_secure_door(office.port, tmp_path) as door:
        tablet = Device(playwright, program, door.address, tmp_path / "tablet", "Máy bảng xe 1")
        tablet.more = (door.trusting,)
        tablet.open()
        try:
            tablet.enrol(new_desk("chi"))
            tablet.sign_in("an")
            tablet.wait_until_ready_offline()

            # The certificate has ended, and nobody vouches for it any more.
            start_again(tablet)
            record = take_shortest(tablet)
            says_no_way(tablet, "unreachable", "KN-1")
            still_here(tablet, record)

            # The same, and the phone's date lies years before the office's last word.
            start_again(tablet)
            tablet.page.clock.set_fixed_time(LONG_AGO)
            says_no_way(tablet, "wrong-date", "KN-2")
            expect(tablet.page.locator("[data-wrong-date]")).to_contain_text("08:00, 01/03/2023")
            still_here(tablet, record)
            tablet.go("#/shift")
            clock = tablet.page.locator('[data-check="clock"]')
            expect(clock).to_have_attribute("data-answer", "todo")
            expect(clock).to_contain_text("08:00, 01/03/2023")

            # The certificate is good again; now nobody knows the name.
            start_again(tablet, door.trusting, DEAD_NAME)
            says_no_way(tablet, "unreachable", "KN-1")
            still_here(tablet, record)

            start_again(tablet, door.trusting)
            tablet.send_now()
            tablet.open_dossier(record)
            expect(tablet.place("received").first).to_be_visible()
        finally:
            tablet.close()
        tablet.witness.testify()


def start_again(tablet: Device, *words: str) -> None:
    """Start the browser anew: it comes up from what is on the phone."""
    tablet.close()
    tablet.more = words
    tablet.open()


def says_no_way(tablet: Device, state: str, code: str) -> None:
    tablet.send_now()
    chip = tablet.page.locator("[data-connection]")
    expect(chip).to_have_attribute("data-connection", state)
    if state == "unreachable":
        tablet.page.locator("details", has=tablet.page.locator("[data-no-way-code]")).click()
    expect(tablet.page.locator("[data-no-way-code]")).to_contain_text(code)
    expect(tablet.page.locator("[data-exchange-outcome]")).to_contain_text(code)
    tablet.picture(f"outbox-{state}")


def still_here(tablet: Device, record: UUID) -> None:
    tablet.open_dossier(record)
    expect(tablet.place("saved").first).to_be_visible()

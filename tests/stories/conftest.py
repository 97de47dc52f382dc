"""What a story may ask for: an office, desks and devices, all real."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.stories.desk import Desk, open_desk
from tests.stories.device import WAIT_MS, Device
from tests.stories.office import NO_BACKUPS, OfficeProcess
from tests.support.push_service import PushService, running_push_service

# Stories may run beside one another on two cores; what a page owes in time is measured elsewhere.
expect.set_options(timeout=WAIT_MS)

NewDesk = Callable[[str], Desk]


class NewDevice(Protocol):
    """Gives out a device with a label of its own."""

    def __call__(self, label: str, port: int | None = None, more: tuple[str, ...] = ()) -> Device:
        """Switch it on.

        `port` is that of a line to the office, if there is one; `more` are words for its browser.
        """


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[OfficeProcess]:
    """Run an office on a fresh database, once of each kind."""
    running = OfficeProcess(tmp_path / "office", database_url, more=NO_BACKUPS)
    running.start()
    yield running
    running.kill()
    # Shown by pytest when the story has failed.
    print(running.last_words())


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """Run a push service on this machine."""
    with running_push_service() as service:
        yield service


@pytest.fixture
def new_desk(browser: Browser, office: OfficeProcess) -> Iterator[NewDesk]:
    """Open desks at the office; none may have done what no page may do."""
    desks: list[Desk] = []

    def new(person: str) -> Desk:
        desks.append(open_desk(browser, office.address, person))
        return desks[-1]

    yield new
    for desk in desks:
        desk.page.context.close()
    for desk in desks:
        desk.witness.testify()


@pytest.fixture
def new_device(
    playwright: Playwright, program: str, office: OfficeProcess, tmp_path: Path
) -> Iterator[NewDevice]:
    """Give out devices, switched on; none may have done what no page may do."""
    devices: list[Device] = []

    def new(label: str, port: int | None = None, more: tuple[str, ...] = ()) -> Device:
        profile = tmp_path / f"profile-{len(devices)}"
        address = f"http://localhost:{port or office.port}"
        devices.append(Device(playwright, program, address, profile, label, more=more))
        devices[-1].open()
        return devices[-1]

    yield new
    for device in devices:
        device.close()
    for device in devices:
        device.witness.testify()

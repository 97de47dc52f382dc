"""Makes a browser one of an office's tablets, past the desk, so that no desk has to be opened."""

import sqlalchemy as sa
from playwright.sync_api import expect

from server.clock import now_ms
from server.devices.confirmation import confirm
from server.devices.links import make_link
from server.devices.tables import devices
from tests.stories.device import Device
from tests.stories.office import OfficeProcess
from tests.stories.records import connected


def join_tablet(device: Device, office: OfficeProcess) -> None:
    """Enrol, sign in, and wait until it can work without a network."""
    with connected(office.database) as connection, connection.begin():
        code = make_link(connection, None, now_ms())
    device.go(f"#/enrol/{code}")
    device.page.locator('input[name="label"]').fill(device.label)
    device.page.get_by_role("button", name="Ghép máy này").click()
    expect(device.page.locator("[data-words] li")).to_have_count(6)
    with connected(office.database) as connection, connection.begin():
        number = connection.execute(sa.select(sa.func.max(devices.c.number))).scalar_one()
        confirm(connection, number, 1, now_ms())
    expect(device.page.locator('[data-enrolment="confirmed"]')).to_be_visible()
    device.sign_in("an")
    device.wait_until_ready_offline()

"""Story 1: a birth is registered with the office gone, the browser dies, and nothing is lost."""

import gzip
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Response, expect

from sync.exchange import ExchangeRequest, read_envelope, read_message
from tests.stories.branches import read_forms
from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess, assert_discreet

# The core story runs in the very browser that people use.
pytestmark = pytest.mark.whole_browser

CHILD = "Quách Thị Bảo Quỳnh"
MISHEARD = "Quách Thị Bảo Quyên"
FATHER = "Quách Văn Trường"
MOTHER = "Bùi Thị Thuỳ Dương"

ANSWERS = {
    "child_full_name": MISHEARD,
    "father_full_name": FATHER,
    "mother_full_name": MOTHER,
    "applicant_full_name": FATHER,
}


SCREENS = {
    "today": "#/",
    "choose": "#/new",
    "dossiers": "#/dossiers",
    "outbox": "#/outbox",
    "settings": "#/settings",
}


def test_a_dossier_taken_without_network_survives_a_kill_and_reaches_the_open_desk(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """UX-2, UX-3, UX-30, UX-36: on the phone and said so, until the office has answered."""
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    desk.watch_arrivals()
    desk.picture("arrivals-empty")

    office.stop()
    record = take_a_birth_offline(tablet)
    kill_and_reopen(tablet)
    tablet.open_dossier(record)
    expect(tablet.answer("child_full_name")).to_contain_text(CHILD)
    expect(tablet.place("saved").first).to_have_text("Đã lưu trên máy, chờ gửi")
    expect(tablet.place("saved").first.locator("svg")).to_be_visible()
    expect(tablet.place("received")).to_have_count(0)

    exchanges: list[Response] = []
    tablet.page.on(
        "response",
        lambda answer: exchanges.append(answer) if "/sync/exchange" in answer.url else None,
    )
    office.start()
    tablet.send_now()
    tablet.open_dossier(record)
    expect(tablet.place("received").first).to_contain_text("Văn phòng đã nhận")
    # The sender may ask again for news, but one round trip has carried all that there was.
    assert {answer.status for answer in exchanges} == {200}
    assert sum(carries_work(answer) for answer in exchanges) == 1
    tablet.picture("dossier-received")

    # Nobody has touched the desk's page since before the office was stopped.
    expect(desk.row(record)).to_contain_text(FATHER)
    desk.picture("arrivals")
    desk.open_dossier(record)
    expect(desk.page.locator("#dossier")).to_contain_text(CHILD)
    desk.picture("dossier")
    look_around(tablet)
    assert_discreet(office, [CHILD, MISHEARD, FATHER, MOTHER])


def carries_work(answer: Response) -> bool:
    """Tell whether an exchange that was answered had handed in anything."""
    body = answer.request.post_data_buffer
    assert body
    packed = answer.request.headers.get("content-encoding") == "gzip"
    envelope = read_envelope(gzip.decompress(body) if packed else body)
    return bool(read_message(envelope, ExchangeRequest).batches)


def take_a_birth_offline(tablet: Device) -> UUID:
    """Start cold, fill the whole form, mend an answer, die, start cold again, and seal."""
    kill_and_reopen(tablet)
    tablet.go("#/")
    expect(tablet.screen("today")).to_be_visible()
    tablet.picture("today-offline")
    form = read_forms()[BIRTH_REGISTRATION]
    draft = tablet.start_dossier(BIRTH_REGISTRATION, area="10441")
    Filling(tablet, form, draft).fill(form.complete(ANSWERS))
    tablet.picture("papers")
    tablet.go(f"#/draft/{draft}")
    tablet.picture("tasks")

    tablet.go(f"#/draft/{draft}/section/child")
    child = child_on(tablet)
    child.fill(CHILD)
    child.press("Tab")
    # At the very moment when the screen says that it is saved, it must be.
    tablet.page.locator('[data-saved="saved"]').first.wait_for()
    kill_and_reopen(tablet)
    tablet.go(f"#/draft/{draft}/section/child")
    expect(child_on(tablet)).to_have_value(CHILD)
    tablet.picture("section")
    record = tablet.seal(draft)
    expect(tablet.place("saved").first).to_be_visible()
    tablet.picture("dossier-saved")
    return record


def child_on(tablet: Device) -> Locator:
    """Give the box for the child's name."""
    return tablet.page.locator('[name="answers.child_full_name"]')


def kill_and_reopen(tablet: Device) -> None:
    """Take the battery out, and put it in again."""
    tablet.kill()
    tablet.open()


def look_around(tablet: Device) -> None:
    """Open every other screen once: none may complain."""
    for name, route in SCREENS.items():
        tablet.go(route)
        expect(tablet.page.locator("h1")).to_be_visible()
        tablet.picture(name)

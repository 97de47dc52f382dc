"""A browser drops what the app kept: its database alone, then all of the origin (FAULT-9).

The phone cannot bring back what it never sent; it says so, with what is safe at the office, and the
office says where the old log ends to whoever signs in again under the old name, and to the desk.
"""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.shortest import take_shortest

LABEL = "Máy bảng xe 1"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_phone_that_lost_its_store_is_told_what_is_safe_and_what_may_be_lost(
    new_desk: NewDesk, new_device: NewDevice
) -> None:
    desk = new_desk("chi")
    tablet = new_device(LABEL)
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    sent = take_shortest(tablet)
    expect(tablet.place("received").first).to_be_visible()
    tablet.page.context.set_offline(True)
    lost = take_shortest(tablet)
    expect(tablet.page.locator("[data-connection] .waiting")).to_contain_text("1")

    drop(tablet, "indexeddb")
    tablet.load("#/")
    told = tablet.page.locator("[data-lost-store]")
    expect(told).to_contain_text(LABEL)
    expect(told).to_contain_text("vẫn nguyên ở văn phòng")
    expect(told).to_contain_text("còn chưa gửi: 1 việc, 0 ảnh, 0 bản nháp")
    tablet.picture("lost-store")

    tablet.page.context.set_offline(False)
    drop(tablet, "all")
    tablet.load("#/")
    expect(tablet.screen("today")).to_contain_text("Ghép máy này")
    expect(told).to_have_count(0)

    tablet.enrol(desk)
    tablet.sign_in("an")
    anew = tablet.page.locator("[data-begun-anew]")
    expect(anew).to_contain_text("Văn phòng giữ 1 hồ sơ")
    tablet.picture("begun-anew-today")
    tablet.page.get_by_role("link", name="Xem cần làm gì").click()
    expect(anew.locator('[data-sent-before="1"]')).to_be_visible()
    expect(anew).to_contain_text("Những gì nhận sau đó mà chưa gửi")
    tablet.picture("begun-anew")
    tablet.open_dossier(sent)
    tablet.load(f"#/dossier/{lost.hex}")
    expect(tablet.screen("dossier").locator("[data-place]")).to_have_count(0)

    desk.page.goto(f"{desk.address}/desk/findings")
    finding = desk.page.locator('[data-kind="begun-anew"]')
    expect(finding).to_contain_text("Một máy bắt đầu lại từ đầu")
    expect(finding).to_contain_text("máy cũ không còn gì chưa gửi")
    desk.picture("begun-anew")
    finding.locator("textarea").fill("Đã hỏi: nhận lại một hồ sơ")
    finding.locator('button[value="seen"]').click()
    expect(desk.page.locator('[data-kind="begun-anew"]')).to_have_count(0)
    tablet.send_now()
    expect(anew).to_have_count(0)


def drop(tablet: Device, kinds: str) -> None:
    """Let the browser drop what it keeps for the app, as it does where room runs out."""
    tablet.page.goto("about:blank")
    session = tablet.page.context.new_cdp_session(tablet.page)
    session.send("Storage.clearDataForOrigin", {"origin": tablet.address, "storageTypes": kinds})
    session.detach()

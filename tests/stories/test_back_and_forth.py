"""Story: what the office asks for, and the result that it gives, to the phone and back."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import WAIT_MS, Device
from tests.stories.filling import Filling
from tests.stories.measures import broken_measures
from tests.stories.office import OfficeProcess, assert_discreet
from tests.stories.signing import draw
from tests.stories.test_accessibility import broken_rules, open_anew
from tests.stories.test_photos import picture
from tests.stories.waking import Waking, turn_on, wakeable
from tests.support.push_service import PushService

# The engine alone takes no push.
pytestmark = pytest.mark.whole_browser

SHORTEST = "2.000635"
NUMBER = "applicant_personal_id"
PAPER = "extract_request"
APPLICANT = "Đào Thị Vân Khánh"
AS_REVISED = "Thôn Đồi Dùng, xã Mỹ Đức, thành phố Hà Nội"
REASON = "Tờ khai mờ, không đọc được trang hai"
MORE = "Giấy uỷ quyền của người nộp"
STOP = "Đình làng Yến Vĩ"
"""One of tomorrow: it is still to come if midnight passes while the story is told."""

RESULT = "Trích lục khai sinh"
RECEIVER = "Đào Duy Khang"
SECOND = "Bản sao có chứng thực"
WITNESS = "Lê Thị Ngoãn"


# What a dossier goes through does not depend on the office's kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_the_office_asks_for_and_gives_goes_by_the_field(
    office: OfficeProcess,
    new_desk: NewDesk,
    new_device: NewDevice,
    push_service: PushService,
    tmp_path: Path,
) -> None:
    """UX-1, UX-34, UX-54: asked while the phone was away and revised; both stand till it is given.

    UX-64: the office wakes the tablet with a kind and no more, past its lock.
    """
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    form = read_forms()[SHORTEST]
    draft = tablet.start_dossier(SHORTEST, area="10441")
    answers = form.complete({"applicant_full_name": APPLICANT})
    Filling(tablet, form, draft).fill(answers)
    leave_open(tablet, draft)
    record = tablet.seal(draft)
    expect(tablet.place("received").first).to_be_visible()
    waking = wakeable(tablet, push_service)
    turn_on(waking)
    measure(tablet, "#/settings")

    tablet.page.context.set_offline(True)
    chip = tablet.page.locator("[data-connection]")
    expect(chip).to_have_attribute("data-connection", "offline")
    answer = {"applicant_address": AS_REVISED}
    tablet.revise(record, "applicant", answer, "Người nộp báo lại")
    desk.open_dossier(record)
    ask(desk)
    tablet.lock()
    tablet.page.context.set_offline(False)
    said = waking.taken()
    assert said == {"kind": "supplement"}
    be_told(waking, said)
    tablet.unlock()
    expect(tablet.screen("outbox")).to_be_visible()
    expect(tablet.page.locator('[data-asked="1"]')).to_be_visible()
    tablet.picture("outbox-asked")
    answer_it(tablet, record, str(answers[NUMBER]))
    tablet.go("#/")
    tablet.page.locator('[data-asked="1"]').click()
    bring(tablet, tmp_path)

    desk.open_dossier(record)
    expect(desk.page.locator('#supplement [data-state="given"]')).to_contain_text("Nguyễn Văn An")
    expect(desk.page.locator("#dossier .form-side")).to_contain_text(AS_REVISED)
    expect(desk.page.locator("#attachments [data-digest]")).to_have_count(1)
    desk.picture("supplement-given")
    desk.page.goto(f"{desk.address}/desk/findings")
    told = desk.page.locator('[data-kind="supplied"]')
    expect(told).to_contain_text(APPLICANT)

    bring_result(desk, tablet, record)
    assert_discreet(office, [APPLICANT, RECEIVER])


def leave_open(tablet: Device, draft: str) -> None:
    """UX-35: her card lies at home: its number is skipped, with a reason."""
    tablet.go(f"#/draft/{draft}/section/applicant")
    tablet.page.locator(f'[name="answers.{NUMBER}"]').fill("")
    tablet.page.get_by_role("button", name="Tiếp tục").click()
    tablet.page.locator(f'[name="skip.answers.{NUMBER}"]').select_option("later")
    tablet.page.get_by_role("button", name="Tiếp tục").click()
    expect(tablet.page.locator(f'[name="answers.{NUMBER}"]')).to_have_count(0)


def answer_it(tablet: Device, record: UUID, number: str) -> None:
    """UX-35: the form for a revision says why it is open; the reason goes with the answer."""
    tablet.open_dossier(record)
    expect(tablet.page.locator("[data-passed]")).to_contain_text("Chưa trả lời")
    tablet.go(f"#/dossier/{record.hex}/section/applicant")
    expect(tablet.page.locator(f'[data-skipped="answers.{NUMBER}"]')).to_be_visible()
    tablet.picture("revise-skipped")
    assert broken_rules(tablet.page) == []
    tablet.revise(record, "applicant", {NUMBER: number}, "Đã mang thẻ đến")
    expect(tablet.page.locator("[data-passed]")).to_have_count(0)


def bring_result(desk: Desk, tablet: Device, record: UUID) -> None:
    """Hand its results back at a stop without a network; the office hears of it in the evening."""
    desk.open_dossier(record)
    give_result(desk, SECOND, 1)
    desk.open_dossier(record)
    give_result(desk, RESULT, 2)
    look_at_results(desk)
    tablet.send_now()
    tablet.go("#/")
    expect(tablet.page.locator('[data-results="2"]')).to_be_visible()
    tablet.page.context.set_offline(True)
    take_along(tablet)
    hand_back(tablet)
    tablet.page.context.set_offline(False)
    tablet.send_now()
    expect(tablet.page.get_by_text("Không còn gì chờ gửi")).to_be_visible()

    desk.open_dossier(record)
    results = desk.page.locator("#results")
    expect(results.locator('[data-step="delivered"]')).to_contain_text(RECEIVER)
    expect(results).to_contain_text("Đếm khác nhau: giao 2, nhận 1")
    signature = results.locator("img.signature")
    expect(signature).to_have_js_property("complete", value=True)
    assert signature.evaluate("picture => picture.naturalWidth") > 0
    desk.picture("result-handed-back")
    assert broken_rules(desk.page) == []
    give_back_at_two_places(desk, tablet, record)


def give_back_at_two_places(desk: Desk, tablet: Device, record: UUID) -> None:
    """The same is given back over the counter and, offline, at a stop: both stand, and are told."""
    tablet.page.context.set_offline(True)
    desk.page.locator("#hand-out > summary").click()
    desk.page.locator("#out-title").fill(SECOND)
    desk.page.locator("#out-receiver").fill(RECEIVER)
    desk.page.locator("#out-checked").check()
    desk.page.locator("#hand-out-button").click()
    expect(desk.page.locator('#results [data-step="recalled"]')).to_contain_text(SECOND)

    hand_back_by_thumbprint(tablet)
    tablet.page.context.set_offline(False)
    tablet.send_now()
    tablet.open_dossier(record)
    status = tablet.page.locator("[data-office-status]")
    expect(status).to_have_attribute("data-office-status", "returned")

    desk.open_dossier(record)
    twice = desk.page.locator('#results [data-step="twice"]')
    for said in (SECOND, APPLICANT, WITNESS):
        expect(twice).to_contain_text(said)
    expect(desk.page.locator(".step-handed_back")).to_be_visible()
    desk.picture("result-twice")
    assert broken_rules(desk.page) == []
    desk.page.goto(f"{desk.address}/desk/findings")
    told = desk.page.locator('[data-kind="hand-back"]')
    expect(told).to_contain_text("hai lần trả đều được giữ")
    desk.picture("finding-hand-back")


def hand_back_by_thumbprint(tablet: Device) -> None:
    """UX-41: whoever cannot write puts a thumb on paper, and somebody sees it, by name."""
    page = tablet.page
    tablet.go("#/results")
    with_us = page.locator('[data-step="taken"]').filter(has_text=SECOND)
    with_us.get_by_role("link", name="Trả kết quả").click()
    page.locator('input[name="relation"][value="applicant"]').check()
    expect(page.locator('input[name="receiver"]')).to_have_value(APPLICANT)
    page.locator('input[name="receiptChecked"]').check()
    page.locator('input[name="signing"][value="thumbprint"]').check()
    page.get_by_role("button", name="Ghi đã trả").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator('input[name="witness"]')).to_have_attribute("aria-invalid", "true")
    assert broken_rules(page) == []
    page.locator('input[name="witness"]').fill(WITNESS)
    tablet.picture("hand-back-thumbprint")
    page.get_by_role("button", name="Ghi đã trả").click()
    expect(page.locator(f'[data-handed="{APPLICANT}"]')).to_be_visible()


def give_result(desk: Desk, title: str, copies: int) -> None:
    """Give a result of the open dossier to the team of a stop."""
    desk.page.locator("#give > summary").click()
    desk.page.locator("#give-title").fill(title)
    desk.page.locator("#give-copies").fill(str(copies))
    stop = desk.page.locator("#give-to option", has_text=STOP)
    desk.page.locator("#give-to").select_option(stop.get_attribute("value"))
    desk.picture("result-giving")
    assert broken_rules(desk.page) == []
    desk.page.locator("#give-button").click()
    given = desk.page.locator('#results [data-step="ready"]').filter(has_text=title)
    expect(given).to_be_visible()
    desk.picture("result-given")


def look_at_results(desk: Desk) -> None:
    """See on the page of the trips what is out."""
    desk.page.goto(f"{desk.address}/desk/trips")
    expect(desk.page.locator("#results")).to_contain_text(RESULT)
    desk.picture("results-out")
    assert broken_rules(desk.page) == []


def take_along(tablet: Device) -> None:
    """Count what the office gave, without being told how much it says that it gave."""
    tablet.page.locator('[data-results="2"]').click()
    second = tablet.page.locator('[data-step="ready"]').filter(has_text=SECOND)
    second.locator('input[name="got"]').fill("1")
    second.get_by_role("button", name="Nhận mang đi").click()
    expect(second).to_have_count(0)
    ready = tablet.page.locator('[data-step="ready"]')
    expect(ready).to_contain_text(APPLICANT)
    ready.get_by_role("button", name="Nhận mang đi").click()
    expect(ready.get_by_role("alert")).to_be_visible()
    tablet.picture("results-ready")
    ready.locator('input[name="got"]').fill("1")
    ready.get_by_role("button", name="Nhận mang đi").click()
    taken = tablet.page.locator('[data-step="taken"]').filter(has_text=RESULT)
    expect(taken.locator("[data-differs]")).to_contain_text("2")
    tablet.picture("results")
    measure(tablet, "#/results")
    taken.get_by_role("link", name="Trả kết quả").click()
    expect(tablet.screen("hand-back")).to_be_visible()
    measure(tablet, tablet.page.url.partition("#")[2])
    leave_with_it(tablet)


def measure(tablet: Device, route: str) -> None:
    """UX-92: what the story of all screens cannot show, since nothing lies there."""
    open_anew(tablet, "#/nowhere")
    open_anew(tablet, route)
    assert broken_rules(tablet.page) + broken_measures(tablet.page) == []


def leave_with_it(tablet: Device) -> None:
    """Nobody comes: say why, and go on carrying it; who comes later gets it all the same."""
    page = tablet.page
    page.get_by_text("Không trả được").click()
    page.get_by_role("button", name="Ghi chưa trả được").click()
    expect(page.get_by_text("Chọn vì sao.")).to_be_visible()
    page.locator('input[name="reason"][value="absent"]').check()
    page.get_by_role("button", name="Ghi chưa trả được").click()
    expect(page.locator("[data-uncollected]")).to_contain_text("Người dân không đến")
    tablet.picture("hand-back-left")


def hand_back(tablet: Device) -> None:
    """Hand it back to somebody who comes for the applicant, against their signature."""
    page = tablet.page
    page.get_by_role("button", name="Ghi đã trả").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    tablet.picture("hand-back-lacks")
    assert broken_rules(page) == []
    page.locator('input[name="relation"][value="agent"]').check()
    page.locator('input[name="receiver"]').fill(RECEIVER)
    for check in ("receiptChecked", "authoritySeen"):
        page.locator(f'input[name="{check}"]').check()
    draw(page)
    expect(page.locator("[data-signed]")).to_be_visible()
    tablet.picture("hand-back")
    find_again_after_lock(tablet)
    page.get_by_role("button", name="Ghi đã trả").click()
    expect(page.locator(f'[data-handed="{RECEIVER}"]')).to_be_visible()
    tablet.picture("handed-back")
    assert broken_rules(page) == []


def find_again_after_lock(tablet: Device) -> None:
    """UX-46, UX-72: the half-filled form is there after unlocking, with its signature."""
    page = tablet.page
    tablet.lock()
    tablet.unlock()
    expect(page.locator('input[name="relation"][value="agent"]')).to_be_checked()
    expect(page.locator('input[name="receiver"]')).to_have_value(RECEIVER)
    for check in ("receiptChecked", "authoritySeen"):
        expect(page.locator(f'input[name="{check}"]')).to_be_checked()
    expect(page.locator('input[name="idChecked"]')).not_to_be_checked()
    expect(page.locator("[data-signed]")).to_be_visible()


def be_told(waking: Waking, said: dict[str, Any]) -> None:
    """See the notice, which says nothing of anybody, and press it."""
    [notice] = waking.deliver(said)
    assert notice == {
        "title": "Văn phòng cần bổ sung hồ sơ",
        "body": "Mở ứng dụng để xem cần bổ sung gì.",
        "tag": "luudong-supplement",
        "lang": "vi",
    }
    waking.press()
    expect(waking.tablet.page).to_have_url(f"{waking.tablet.address}/app/#/outbox")
    assert waking.shown(0, WAIT_MS // 100) == []


def ask(desk: Desk) -> None:
    """Ask on the open page: a paper, an answer, and something in words."""
    desk.page.locator("#ask > summary").click()
    desk.page.locator("#more-items > summary").click()
    desk.page.locator(f'input[name="item:papers.{PAPER}"]').check()
    desk.page.locator('input[name="item:answers.applicant_address"]').check()
    desk.page.locator("#more").fill(MORE)
    desk.page.locator("#supplement-reason").fill(REASON)
    desk.picture("supplement-asking")
    assert broken_rules(desk.page) == []
    desk.page.locator("#ask-button").click()
    expect(desk.page.locator('#supplement [data-state="waiting"]')).to_contain_text(REASON)
    desk.picture("supplement-asked")


def bring(tablet: Device, folder: Path) -> None:
    """Bring what the open dossier says is asked for, and say so."""
    asked = tablet.page.locator('[data-supplement][data-state="waiting"]')
    for said in (REASON, MORE):
        expect(asked).to_contain_text(said)
    expect(tablet.page.locator("[data-office-status]")).to_have_attribute(
        "data-office-status", "more_needed"
    )
    paper = asked.locator(f'[data-item="papers.{PAPER}"]')
    expect(paper).to_have_attribute("data-brought", "false")
    tablet.picture("dossier-asked")
    assert broken_rules(tablet.page) == []
    paper.locator("input[type=file]").set_input_files(picture(folder, 7))
    expect(paper).to_have_attribute("data-brought", "true", timeout=30_000)
    tablet.page.get_by_role("button", name="Báo văn phòng: đã bổ sung đủ").click()
    expect(tablet.page.locator('[data-supplement][data-state="given"]')).to_be_visible()
    expect(tablet.place("received").first).to_contain_text("1/1 ảnh", timeout=30_000)
    tablet.picture("dossier-supplied")

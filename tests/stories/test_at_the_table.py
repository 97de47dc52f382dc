"""Story 10: at an old woman's table: read back in large type, signed, told; a second matter."""

import re
import wave
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess
from tests.stories.signing import sign_by_hand
from tests.stories.test_accessibility import broken_rules

EXTRACT = "2.000635"
HEALTH_CARD = "1.001939"

LISTEN = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const playing = play.call(this);
  playing.then(() => { document.documentElement.dataset.heard = this.src; });
  return playing;
};
"""

AGREE_TO_THE_REST = """async () => {
  const next = () => document.querySelector('[data-citizen-view] .acts .main');
  for (let left = 100; left > 0 && next(); left -= 1) {
    next().click();
    await new Promise((resolve) => setTimeout(resolve));
  }
}"""

VOICE = """
const voice = {lang: 'vi-VN', localService: true, name: 'Lan', voiceURI: 'Lan', default: true};
window.spoken = [];
Object.defineProperty(window, 'speechSynthesis', {value: Object.assign(new EventTarget(), {
  getVoices: () => [voice], speak: (one) => window.spoken.push(one.text), cancel: () => undefined,
})});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


# What a phone shows a citizen does not depend on the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_old_woman_hears_it_and_signs(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """UX-33, UX-35, UX-41, UX-45, UX-58, UX-74: aloud, signed, a reason; nothing asked twice."""
    record_questions(office)
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.page.context.add_init_script(VOICE)
    tablet.enrol(desk)
    tablet.sign_in("an")
    form = read_forms()[EXTRACT]
    draft = tablet.start_dossier(EXTRACT, area="10441")
    Filling(tablet, form, draft).fill(form.complete({"subject_date_of_birth": "1959"}))
    give_a_reason(tablet, draft)
    tablet.go(f"#/draft/{draft}/check")
    read_back(tablet)
    sign_by_hand(tablet)
    tablet.page.get_by_role("button", name="Đã đọc cho dân nghe").click()
    expect(tablet.page.locator("[data-notice]")).to_contain_text("Nguyễn Văn An")
    expect(tablet.page.locator("[data-open-words]")).to_have_count(0)
    tablet.page.locator('[name="help.name"]').fill("Lê Thị Tâm")
    assert broken_rules(tablet.page) == []
    tablet.picture("attested")

    # Her hand shakes: a thumbprint instead; the drawing goes, all of it survives a killed browser.
    tablet.page.locator('[name="signing"][value="thumbprint"]').check()
    expect(tablet.page.locator("[data-signature]")).to_have_count(0)
    tablet.page.locator('[name="witness.0.name"]').fill("Lê Thị Sửu")
    expect(tablet.page.locator('[data-saved="saved"]').first).to_be_visible()
    fetch_recordings(tablet)
    tablet.kill()
    tablet.open()
    tablet.page.context.add_init_script(LISTEN)
    tablet.go(f"#/draft/{draft}/check")
    hear_a_recording(tablet)
    expect(tablet.page.locator('[name="witness.0.name"]')).to_have_value("Lê Thị Sửu")
    tablet.page.locator('[name="signing"][value="drawn"]').check()
    sign_by_hand(tablet)
    record = tablet.seal(draft)
    expect(tablet.page.locator("[data-passed]")).to_contain_text("Giấy tờ ghi đúng như vậy")
    tablet.picture("dossier-passed")
    expect(tablet.place("received").first).to_contain_text("1/1 ảnh", timeout=60_000)

    desk.open_dossier(record)
    told = desk.page.locator("#attested")
    expect(told).to_contain_text("Ký trên màn hình")
    expect(told).to_contain_text("Giấy tờ ghi đúng như vậy. Nguyễn Văn An")
    expect(told).to_contain_text("Lê Thị Tâm (tổ công nghệ số cộng đồng)")
    expect(desk.page.locator("#attachments")).to_contain_text("Chữ ký xác nhận")
    desk.picture("dossier-attested")
    take_another(tablet, str(form.complete({})["applicant_full_name"]))
    take_the_same_again(tablet, record)
    # After the battery was out: what a browser keeps of a setting may be some seconds old.
    ask_one_by_one(tablet, tablet.page.url.rsplit("#/draft/", 1)[1])


def ask_one_by_one(tablet: Device, draft: str) -> None:
    """UX-32: one question a page, error or reason at its field; to switch loses nothing."""
    page, name = tablet.page, tablet.page.locator('[name="answers.applicant_full_name"]')
    tablet.go(f"#/draft/{draft}/section/applicant")
    page.get_by_role("button", name="Từng câu").click()
    expect(page.locator("progress")).to_have_attribute("value", "1")
    expect(name).to_have_count(0)
    expect(page.locator('[id="field-answers.applicant_kind"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    said = name.input_value()
    name.fill("")
    name.press("Enter")
    expect(name).to_have_attribute("aria-invalid", "true")
    skip = page.locator('[name="skip.answers.applicant_full_name"]')
    expect(skip).to_be_visible()
    assert broken_rules(page) == []
    tablet.picture("one-by-one")
    skip.select_option("later")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("progress")).to_have_attribute("value", "3")
    page.get_by_role("button", name="Câu trước").click()
    expect(skip).to_have_value("later")
    name.fill(f"{said} Lan")
    page.get_by_role("button", name="Câu trước").click()
    expect(page.locator("progress")).to_have_attribute("value", "1")
    page.get_by_role("button", name="Cả phần").click()
    expect(name).to_have_value(f"{said} Lan")
    name.fill(said)
    expect(page.locator('[data-saved="saved"]').first).to_be_visible()
    ask_of_each(tablet)


def ask_of_each(tablet: Device) -> None:
    """UX-32: rows are asked about one by one too; the list of them is the section's last page."""
    page = tablet.page
    page.get_by_role("button", name="Từng câu").click()
    expect(page.locator("progress")).to_be_visible()
    draft = tablet.start_dossier(HEALTH_CARD, area="10441")
    tablet.go(f"#/draft/{draft}/section/members")
    page.get_by_role("button", name="Thêm").click()
    expect(page.locator("progress")).to_have_attribute("value", "1")
    inputs = page.locator("fieldset[data-row] input:not([type=radio])")
    expect(inputs).to_have_count(1)
    inputs.fill("Lê Thị Sửu")
    expect(page.locator('[data-saved="saved"]').first).to_be_visible()
    tablet.go(f"#/draft/{draft}/section/members?q=rows")
    expect(page.locator("fieldset[data-row]")).to_contain_text("Lê Thị Sửu")
    assert broken_rules(page) == []
    tablet.picture("one-by-one-rows")
    page.get_by_role("button", name=re.compile("^Bỏ .* 1$")).click()
    expect(page.locator("fieldset[data-row]")).to_have_count(0)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page).not_to_have_url(re.compile("/members"))


def give_a_reason(tablet: Device, draft: str) -> None:
    """Her number says another year than her papers: no error, and a reason lets it pass."""
    tablet.go(f"#/draft/{draft}/section/subject")
    go_on = tablet.page.get_by_role("button", name="Tiếp tục")
    go_on.click()
    summary = tablet.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Năm sinh trong số định danh khác")
    reason = tablet.page.locator('[name="pass.answers.subject_personal_id"]')
    expect(reason).to_be_visible()
    assert broken_rules(tablet.page) == []
    tablet.picture("odd")
    reason.select_option("on_paper")
    go_on.click()
    expect(tablet.page.locator('[name="answers.subject_personal_id"]')).to_have_count(0)


def take_another(tablet: Device, name: str) -> None:
    """She wants a second thing: who she is stands there, marked, until somebody looked at it.

    UX-5: what is to be looked at is tagged, what is done is plain.
    """
    tablet.page.locator("[data-same-person]").click()
    expect(tablet.screen("new").locator("[data-person]")).to_contain_text(name)
    tablet.picture("choose-for-person")
    tablet.page.locator(f'button[data-procedure="{HEALTH_CARD}"]').click()
    applicant = tablet.page.locator('[data-task="applicant"]')
    expect(applicant).to_have_attribute("data-state", "look")
    expect(applicant.locator(".tag")).to_be_visible()
    applicant.click()
    box = tablet.page.locator('[name="answers.applicant_full_name"]')
    expect(box).to_have_value(name)
    expect(tablet.page.locator('[data-from="dossier"]').first).to_be_visible()
    assert broken_rules(tablet.page) == []
    tablet.picture("taken-over")
    tablet.page.get_by_role("button", name="Tiếp tục").click()
    expect(tablet.page.locator('[name="answers.enrol_group"]').first).to_be_visible()
    tablet.page.get_by_role("link", name="Việc cần làm").first.click()
    expect(applicant).to_have_attribute("data-state", "done")
    expect(applicant.locator(".tag")).to_have_count(0)


def take_the_same_again(tablet: Device, record: UUID) -> None:
    """An open dossier of hers for the same is hinted at; another one is made all the same."""
    tablet.go(f"#/new?person={record.hex}")
    tablet.page.locator(f'button[data-procedure="{EXTRACT}"]').click()
    expect(tablet.page.locator(f'[data-twin="{record.hex}"]')).to_be_visible()
    assert broken_rules(tablet.page) == []
    tablet.picture("twin")
    tablet.page.get_by_role("button", name="Vẫn làm hồ sơ mới").click()
    expect(tablet.page.locator("[data-another-matter]")).to_be_visible()


def read_back(tablet: Device) -> None:
    """She agrees to each statement, hears one of them, and hands the tablet back."""
    tablet.page.get_by_role("button", name="Cho dân xem").click()
    view = tablet.page.locator("[data-citizen-view]")
    right = view.get_by_role("button", name="Đúng")
    assert broken_rules(tablet.page) == []
    tablet.picture("citizen-view")
    view.get_by_role("button", name="Nghe").click()
    assert tablet.page.evaluate("spoken.length") == 1
    box = right.bounding_box()
    assert box
    assert box["height"] >= 64, "a target for an old hand"
    right.click()
    expect(view.locator("[data-statement]")).to_contain_text("2 / ")
    tablet.page.evaluate(AGREE_TO_THE_REST)
    expect(view.get_by_text("Đã xem hết")).to_be_visible()
    view.get_by_role("button", name="Trả máy cho cán bộ").click()
    # Whoever held it sees no more: the officer's PIN is asked for.
    tablet.unlock()
    expect(tablet.page.locator("[data-read-back]")).to_contain_text("Nguyễn Văn An")


def record_questions(office: OfficeProcess) -> None:
    """Put a moment of silence into the office's folder, for all questions, and start it anew."""
    office.stop()
    folder = office.folder / "data" / "clips" / "vi"
    folder.mkdir(parents=True)
    for field in read_forms()[EXTRACT].fields:
        with wave.open(str(folder / f"{field}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8_000)
            sound.writeframes(bytes([128] * 800))
    office.start()


def fetch_recordings(tablet: Device) -> None:
    """Ask for the forms at the start of a shift; what was recorded comes with them."""
    tablet.go("#/shift")
    tablet.page.get_by_role("button", name="Tải bản mới").click()
    held = "caches.open('luudong-clips').then((one) => one.keys()).then((all) => all.length)"
    tablet.page.wait_for_function(f"() => {held}.then((held) => held > 0)")


def hear_a_recording(tablet: Device) -> None:
    """Where the phone has no voice, and no network, the branch's recording is heard."""
    page = tablet.page
    page.context.set_offline(True)
    page.get_by_role("button", name="Cho dân xem").click()
    hear = page.locator('[data-citizen-view] [data-speaker="clips"]')
    hear.click()
    expect(page.locator('html[data-heard^="blob:"]')).to_have_count(1)
    page.locator("[data-citizen-view]").get_by_role("button", name="Trả máy cho cán bộ").click()
    tablet.unlock()
    page.context.set_offline(False)

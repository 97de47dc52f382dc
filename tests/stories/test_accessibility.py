"""Every screen passes axe's rules of WCAG 2.2 A and AA, at the desk and on the device."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.crowded import MANY, crowd
from tests.stories.desk import SCREEN, Desk
from tests.stories.device import Device
from tests.stories.measures import USUAL, broken_measures
from tests.stories.office import OfficeProcess

AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"

# Of what passes, one place for each rule is enough to know that it was looked at.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}

CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}

LOOK = """async (rules) => {
  const { passes, violations } = await axe.run(rules);
  return { passes: passes.length, violations };
}"""

DEVICE_ROUTES = [
    *("#/", "#/new", "#/dossiers", "#/outbox", "#/settings", "#/shift", "#/queue", "#/originals"),
    *("#/results", "#/survey", "#/petition", "#/handover", "#/sign-in", "#/nowhere"),
]

DESK_PAGES = [
    *("/", "/desk", "/desk/devices", "/desk/findings", "/desk/import", "/desk/returned"),
    "/desk/trips",
]

SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


# What a screen looks like does not depend on the kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_screens_and_pages_break_no_rule(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """UX-10, UX-70, UX-71, UX-92: one h1 with the focus, targets, 320 px, text twice as large."""
    found: dict[str, list[str]] = {}
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    paste(tablet)
    tablet.sign_in("an")
    draft = tablet.start_dossier(BIRTH_REGISTRATION)
    rooms = ["", "/section/applicant", "/section/child", "/papers", "/check"]
    for route in [*DEVICE_ROUTES, *(f"#/draft/{draft}{room}" for room in rooms)]:
        open_anew(tablet, route)
        found[route.replace(draft, "ID")] = broken_rules(tablet.page) + broken_measures(tablet.page)
    found |= look_at_moods(tablet)
    found["after an error"] = meet_errors(tablet, draft)
    lose_nothing(tablet, draft)
    found |= hold_too_much(office, tablet)
    found |= look_at_desk(desk)
    desk.page.context.clear_cookies()
    desk.page.goto(f"{desk.address}/desk/sign-in")
    found["sign-in"] = broken_rules(desk.page)

    assert {place: broken for place, broken in found.items() if broken} == {}


def look_at_desk(desk: Desk) -> dict[str, list[str]]:
    """See each page by day on a desk, and by night on a phone, where nothing is cut off."""
    page = desk.page
    page.goto(f"{desk.address}/desk/trips")
    trip = page.locator('a[href^="/desk/trips/"]').first.get_attribute("href")
    found: dict[str, list[str]] = {}
    for path in [*DESK_PAGES, str(trip)]:
        page.goto(f"{desk.address}{path}")
        broken = broken_rules(page)
        page.set_viewport_size(USUAL)
        page.emulate_media(color_scheme="dark")
        broken += [f"on a phone, by night: {each}" for each in broken_rules(page)]
        beyond: int = page.evaluate(SIDEWAYS)
        found[path] = broken if beyond <= 0 else [*broken, f"{beyond} px wider than a phone"]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(SCREEN)
    return found


def paste(tablet: Device) -> None:
    """UX-72: signing in takes what is pasted, and a password manager finds its fields."""
    open_anew(tablet, "#/sign-in")
    staff, secret = (tablet.page.locator(f'input[name="{name}"]') for name in ("staff", "secret"))
    expect(staff).to_have_attribute("autocomplete", "username")
    expect(secret).to_have_attribute("autocomplete", "current-password")
    staff.fill("Mật khẩu dài 12")
    staff.press("ControlOrMeta+a")
    staff.press("ControlOrMeta+x")
    expect(staff).to_have_value("")
    secret.press("ControlOrMeta+v")
    expect(secret).to_have_value("Mật khẩu dài 12")
    secret.fill("")


def open_anew(tablet: Device, route: str) -> None:
    """Open a screen as a new page, and wait for what it reads by itself."""
    tablet.go(route)
    expect(tablet.page.locator("h1")).to_be_visible()
    tablet.page.evaluate("document.fonts.ready.then(() => true)")


def hold_too_much(office: OfficeProcess, tablet: Device) -> dict[str, list[str]]:
    """UX-12: hundreds of rows and names of 120 letters: in pages, found again, nothing cut off."""
    found: dict[str, list[str]] = {}
    record, stop = crowd(office, office.port)
    tablet.send_now()
    expect(tablet.page.locator("[data-exchange-outcome]")).not_to_be_empty()
    tablet.go("#/shift")
    tablet.page.locator(f'label[data-stop="{stop.hex}"]').click()
    tablet.page.get_by_role("button", name="Bắt đầu ca tại").click()
    expect(tablet.screen("today")).to_be_visible()
    rooms = ["", "/receipt", "/section/applicant", "/original"]
    full = ["#/", "#/dossiers", "#/originals", "#/queue", "#/handover"]
    for route in [*full, *(f"#/dossier/{record.hex}{room}" for room in rooms)]:
        open_anew(tablet, route)
        tablet.picture(f"much-{route.rsplit('/', 1)[-1][:9]}")
        broken = broken_rules(tablet.page) + broken_measures(tablet.page)
        found[f"too much at {route.replace(record.hex, 'ID')}"] = broken
    find_one(tablet, "#/dossiers", "search", "[data-record]")
    find_one(tablet, "#/originals", "find-original", "[data-original]")
    return found


def find_one(tablet: Device, route: str, box: str, rows: str) -> None:
    """Some rows at once, the next of them on a button, and any of them by its name."""
    open_anew(tablet, route)
    expect(tablet.page.locator(rows)).to_have_count(40)
    tablet.page.get_by_role("button", name="Xem thêm 40").click()
    expect(tablet.page.locator(rows)).to_have_count(80)
    tablet.page.locator(f"#{box}").fill(f"yen vi huong {MANY - 1}")
    expect(tablet.page.locator(rows)).to_have_count(1)


def look_at_moods(tablet: Device) -> dict[str, list[str]]:
    """UX-65: dark, forced colours, more contrast, sun mode: every text can be read in each."""
    found: dict[str, list[str]] = {}
    page = tablet.page
    open_anew(tablet, "#/settings")
    moving = "getComputedStyle(document.querySelector('button')).transitionDuration"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) != "0s"
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate(moving) == "0s"
    found["dark"] = broken_rules(page)
    page.emulate_media(color_scheme="light", contrast="more")
    found["contrast"] = broken_rules(page)
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--grey')") == (
        page.evaluate("getComputedStyle(document.body).getPropertyValue('--ink')")
    )
    page.emulate_media(contrast="no-preference", forced_colors="active")
    found["forced"] = broken_rules(page)
    page.emulate_media(forced_colors="none")
    page.locator('main [name="sun"]').check()
    found["sun"] = broken_rules(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.locator('main [name="sun"]').uncheck()
    return found


def meet_errors(tablet: Device, draft: str) -> list[str]:
    """UX-10, UX-35: the title says so first; the summary has the focus and leads to the field."""
    tablet.go(f"#/draft/{draft}/section/child")
    tablet.page.get_by_role("button", name="Tiếp tục").click()
    summary = tablet.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert tablet.page.title().startswith("Lỗi: ")
    broken = broken_rules(tablet.page)
    summary.get_by_role("link").first.click()
    field = tablet.page.locator('[name="answers.child_full_name"]')
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    return broken


def lose_nothing(tablet: Device, draft: str) -> None:
    """UX-11, UX-14, UX-73, UX-82: an answer stays, whatever is composed, switched or gone back."""
    page = tablet.page
    name = page.locator('[name="answers.child_full_name"]')
    session = page.context.new_cdp_session(page)
    name.focus()
    composing = {"text": "Ddaof", "selectionStart": 5, "selectionEnd": 5}
    session.send("Input.imeSetComposition", composing)
    session.send("Input.insertText", {"text": "Đào Thị Lê"})
    session.detach()
    expect(name).to_have_value("Đào Thị Lê")
    expect(page.locator('[data-saved="saved"]').first).to_be_visible()
    said = page.locator('p[role="status"][aria-live="polite"].visually-hidden')
    expect(said).to_contain_text("Đã lưu trên máy")

    page.get_by_role("button", name="Hiển thị").click()
    panel = page.locator("dialog[open]")
    expect(panel).to_contain_text("024.1022")
    panel.locator('[value="en"]').check()
    panel.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    expect(name).to_have_value("Đào Thị Lê")
    page.get_by_role("link", name="What is left to do").first.click()
    page.go_back()
    tablet.wait_until_loaded()
    expect(name).to_have_value("Đào Thị Lê")
    tablet.go("#/settings")
    page.locator('main [name="language"][value="vi"]').check()
    leave_by_name(tablet, draft)


def leave_by_name(tablet: Device, draft: str) -> None:
    """UX-16, UX-61: what is dropped is named; whether the browser keeps it all is said."""
    expect(tablet.page.locator("dd[data-kept]")).not_to_be_empty()
    tablet.go(f"#/draft/{draft}")
    tablet.page.get_by_role("button", name="Xoá nháp này").click()
    question = tablet.page.locator("dialog[open]")
    expect(question.get_by_role("button", name="Xoá nháp này")).to_be_visible()
    assert broken_rules(tablet.page) == []
    question.get_by_role("button").first.click()
    expect(tablet.screen("draft")).to_be_visible()


def broken_rules(page: Page) -> list[str]:
    """Name each rule that the page breaks, and where."""
    looked, broken = run_axe(page, RULES)
    assert looked, "axe looked at nothing"
    return broken


def unreadable(page: Page) -> list[str]:
    """Name what stands out too little from what is behind it."""
    return run_axe(page, CONTRAST)[1]


def run_axe(page: Page, rules: Mapping[str, list[str]]) -> tuple[int, list[str]]:
    """Let axe look at the page as it stands: how much passes, and each that is broken, where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    # Only what is asked for: all that axe knows is much to carry out of the browser.
    outcome: dict[str, Any] = page.evaluate(LOOK, rules)
    return outcome["passes"], [
        f"{broken['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for broken in outcome["violations"]
        for node in broken["nodes"]
    ]

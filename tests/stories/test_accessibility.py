"""Every screen passes axe's rules of WCAG 2.1 A and AA, at the desk and on the device."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.stories.citizens import BIRTH_REGISTRATION
from tests.stories.conftest import NewDesk, NewDevice

AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

DEVICE_ROUTES = ["#/", "#/new", "#/dossiers", "#/outbox", "#/settings"]

SHOWN_WITHIN_MS = 500
"""Whatever a screen shows by then is what is looked at."""

DESK_PAGES = ["/", "/desk", "/desk/devices"]


# What a screen looks like does not depend on the kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_screens_and_pages_break_no_rule(new_desk: NewDesk, new_device: NewDevice) -> None:
    found: dict[str, list[str]] = {}
    desk = new_desk("chi")
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    draft = tablet.start_dossier(BIRTH_REGISTRATION)
    rooms = ["", "/section/applicant", "/papers", "/check"]
    for route in [*DEVICE_ROUTES, *(f"#/draft/{draft}{room}" for room in rooms)]:
        tablet.go(route)
        tablet.page.wait_for_timeout(SHOWN_WITHIN_MS)
        found[route.replace(draft, "ID")] = broken_rules(tablet.page)
    for path in DESK_PAGES:
        desk.page.goto(f"{desk.address}{path}")
        found[path] = broken_rules(desk.page)
    desk.page.context.clear_cookies()
    desk.page.goto(f"{desk.address}/desk/sign-in")
    found["sign-in"] = broken_rules(desk.page)

    assert {place: broken for place, broken in found.items() if broken} == {}


def broken_rules(page: Page) -> list[str]:
    """Name each rule that the page breaks, and where."""
    page.evaluate(AXE.read_text())
    outcome: dict[str, Any] = page.evaluate("rules => axe.run(rules)", RULES)
    assert outcome["passes"], "axe looked at nothing"
    return [
        f"{broken['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for broken in outcome["violations"]
        for node in broken["nodes"]
    ]

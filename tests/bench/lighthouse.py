"""Lighthouse's points for the first screens of the field app, on a mid phone.

Lighthouse brings 114 packages (176 MB), which nobody needs to build or test: they stand in a folder
of their own with a lock of their own, installed by the first run.
"""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Playwright

from tests.bench.table import Figure, Goal, middle
from tests.stories.desk import open_desk
from tests.stories.device import PIN, Device
from tests.stories.office import OfficeProcess
from tests.support.chromium import launch_options

AUDIT: Final = Path(__file__).parent / "audit"

ROUNDS: Final = 5
POINTS_MIN: Final = Goal(95)

INSTALL_SECONDS_MAX: Final = 900
AUDIT_SECONDS_MAX: Final = 900


def measure(
    office: OfficeProcess, playwright: Playwright, chromium: str, folder: Path
) -> list[Figure]:
    """Audit the sign-in of a device that has joined, its lock, and "Hôm nay" behind it."""
    _install()
    browser = playwright.chromium.launch(**launch_options(chromium))
    desk = open_desk(browser, office.address, "chi")
    device = Device(playwright, chromium, office.address, folder / "audited", "Máy bảng xe 1")
    device.open()
    device.enrol(desk)
    device.close()
    browser.close()
    sign_in = _audit(device, "#/sign-in")
    device.open()
    device.sign_in("an")
    device.close()
    *lock, today = _audit(device, "#/", PIN)
    return [
        *_figures("sign-in", sign_in),
        *_figures("lock", lock),
        *_figures("Hôm nay", [today]),
    ]


def _install() -> None:
    """Install what is not there yet."""
    if not (AUDIT / "node_modules" / ".package-lock.json").exists():
        command = ["npm", "ci", "--ignore-scripts", "--loglevel=error", "--no-progress"]
        subprocess.run(command, cwd=AUDIT, check=True, timeout=INSTALL_SECONDS_MAX)


def _audit(device: Device, route: str, pin: str = "") -> list[dict[str, Any]]:
    options = launch_options(device.program)
    sandbox = [] if options["chromium_sandbox"] else ["--no-sandbox"]
    asked = {
        "chromium": device.program,
        "arguments": [*options["args"], *sandbox],
        "profile": str(device.profile),
        "address": f"{device.address}/app/{route}",
        "rounds": ROUNDS,
        "pin": pin,
    }
    done = subprocess.run(
        ["node", "audit.mjs", json.dumps(asked)],
        cwd=AUDIT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=AUDIT_SECONDS_MAX,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _figures(screen: str, rounds: list[dict[str, Any]]) -> list[Figure]:
    """Give the middle of each kind of points, and say what cost some."""
    for audited in rounds:
        print(f"  {screen}: {json.dumps(audited)}")
    return [
        Figure(
            f"Lighthouse, {kind}, {screen}",
            middle(audited[kind] for audited in rounds),
            "points",
            rounds=len(rounds),
            goal=POINTS_MIN,
            is_score=True,
        )
        for kind in ("performance", "accessibility")
        if kind in rounds[0]
    ]

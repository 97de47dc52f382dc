"""Finds the Chromium that the stories run in, and starts it as a phone or a desk would.

Most need its engine alone: the same pages, workers, keys and storage, without a browser's own
windows and services, for a quarter less of the processor. What asks for more names the browser.
"""

import os
import re
import shutil
import subprocess
from typing import Any

from tests.support.memory import is_roomy

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)

ENGINE_NAMES = ("chromium-headless-shell", "chrome-headless-shell")

ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Nothing that would look for a foreign host by itself."""

DRIVER_DISABLES = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying"),
    *("AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn"),
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
"""What Playwright switches off: of two lists on one command line Chromium heeds the last alone."""

HIDDEN_PAGES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Pages for an address bar that nobody sees; they cost a second of a processor at every start."""

MISSING = (
    "The stories need Chromium or Chrome. Install one (Debian: apt-get install chromium; "
    "others: https://www.chromium.org) so that one of these is on the PATH: " + ", ".join(NAMES)
)


class NoBrowser(Exception):
    """This machine has no browser to run the stories in."""


def find_chromium() -> str:
    """Find the browser's program; raises NoBrowser with what to do about it."""
    for name in NAMES:
        if program := shutil.which(name):
            return program
    raise NoBrowser(MISSING)


def find_engine(browser: str) -> str:
    """Find the program that is a browser's engine alone; where none is, the browser has to do."""
    for name in ENGINE_NAMES:
        # Another version would have another engine than the browser that people use.
        if (program := shutil.which(name)) and version_of(program) == version_of(browser):
            return program
    return browser


def version_of(program: str) -> str:
    """Ask a browser for its version, the number alone."""
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    assert found, f"{program} does not say its version: {said}"
    return found[0]


def launch_options(program: str, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give Playwright's `launch` and `launch_persistent_context` what this machine needs.

    `without` are words of Playwright's own that the browser is not to be started with.
    """
    # Where memory is short, Playwright lets pages share theirs through files on the disk.
    slow = ("--disable-dev-shm-usage",) if is_roomy() else ()
    return {
        "executable_path": program,
        # Chromium refuses its sandbox to root.
        "chromium_sandbox": os.geteuid() != 0,
        "args": [*ARGUMENTS, f"--disable-features={','.join((*DRIVER_DISABLES, *HIDDEN_PAGES))}"],
        "ignore_default_args": [*without, *slow],
        "headless": True,
    }

"""Finds the Chromium that the stories run in, and starts it as a phone or a desk would."""

import os
import shutil
from typing import Any

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)

ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Nothing that would look for a foreign host by itself."""

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


def launch_options(program: str) -> dict[str, Any]:
    """Give Playwright's `launch` and `launch_persistent_context` what this machine needs."""
    return {
        "executable_path": program,
        # Chromium refuses its sandbox to root.
        "chromium_sandbox": os.geteuid() != 0,
        "args": list(ARGUMENTS),
        "headless": True,
    }

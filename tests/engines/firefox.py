"""Firefox with a profile of its own, without a screen; it can be killed like a dead battery."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.engines.marionette import Marionette
from tests.engines.missing import NoEngine
from tests.engines.page import Page
from tests.engines.wire import RESIZE

NAMES: Final = ("firefox-esr", "firefox")

MISSING: Final = (
    "The core story needs Firefox (one of these on the PATH: " + ", ".join(NAMES) + "). "
    "As root on Debian `make test-engines` installs it; else: apt-get install firefox-esr"
)

SETTINGS: Final = """\
user_pref("marionette.port", 0);
user_pref("intl.accept_languages", "vi");
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("extensions.systemAddon.update.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.startup.max_resumed_crashes", -1);
"""
"""Nothing that would look for a foreign host by itself or greet us after a kill."""

START_SECONDS_MAX: Final = 120


class Firefox:
    """One phone with Firefox."""

    keeps_profile: Final = True
    """What it has kept is there again after its end."""

    def __init__(self, folder: Path) -> None:
        """Find the browser; raises NoEngine with what to do about it."""
        found = next(filter(None, map(shutil.which, NAMES)), None)
        if found is None:
            raise NoEngine(MISSING)
        self._program = found
        self._profile = folder / "profile"
        self._profile.mkdir(parents=True)
        (self._profile / "user.js").write_text(SETTINGS, "utf-8")
        self._log = folder / "firefox.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: Marionette | None = None

    def open(self) -> Page:
        """Start it."""
        told = self._profile / "MarionetteActivePort"
        told.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._program, "--headless", "--no-remote", "--marionette"),
                    *("--profile", str(self._profile), "about:blank"),
                ],
                env=os.environ | {"TZ": "Asia/Ho_Chi_Minh", "MOZ_CRASHREPORTER_DISABLE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own: what it starts dies with it.
                start_new_session=True,
            )
        self._wire = self._connect(told)
        self._wire.ask(RESIZE, width=390, height=844)
        return Page(self._wire)

    def reopen(self) -> Page:
        """Take the battery out (SIGKILL), and put it in again."""
        self.kill()
        return self.open()

    def kill(self) -> None:
        """End it with all that it has started, between two instructions."""
        if self._wire:
            self._wire.close()
        if self._process:
            with suppress(ProcessLookupError):  # it was dead already
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._wire = self._process = None

    def last_words(self) -> str:
        """Give the end of what it said, for whoever has to find out what went wrong."""
        return self._log.read_text("utf-8", errors="replace")[-4000:]

    def _connect(self, told: Path) -> Marionette:
        assert self._process
        deadline = time.monotonic() + START_SECONDS_MAX
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError, ValueError):  # not written yet, or in part, or nobody there yet
                return Marionette(int(told.read_text("ascii")))
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"Firefox did not start:\n{self.last_words()}")

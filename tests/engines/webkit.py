"""WebKitGTK in its MiniBrowser, on a screen of its own that nobody sees.

Under a driver it keeps everything in memory: what is written is lost when it ends. So its dead
battery is a page that dies: the window is closed, and a new one opened.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx

from tests.engines.missing import NoEngine
from tests.engines.page import Page
from tests.engines.webdriver import WebDriver
from tests.engines.wire import CLOSE_WINDOW, NEW_WINDOW, RESIZE, SWITCH
from tests.stories.office import free_port

DRIVER: Final = "WebKitWebDriver"
SCREEN: Final = "Xvfb"
BROWSERS: Final = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"

MISSING: Final = (
    f"The core story needs WebKitGTK ({DRIVER} and {SCREEN} on the PATH, and {BROWSERS}). "
    "As root on Debian `make test-engines` installs it; else: apt-get install "
    "webkit2gtk-driver xvfb"
)

START_SECONDS_MAX: Final = 120


class WebKit:
    """One phone with WebKitGTK."""

    keeps_profile: Final = False
    """What it has kept is gone with its end."""

    def __init__(self, folder: Path) -> None:
        """Find the browser; raises NoEngine with what to do about it."""
        browsers = sorted(Path("/").glob(BROWSERS.removeprefix("/")))
        if not (browsers and shutil.which(DRIVER) and shutil.which(SCREEN)):
            raise NoEngine(MISSING)
        self._browser = str(browsers[-1])
        self._home = folder
        self._home.mkdir(parents=True)
        self._log = folder / "webkit.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._wire: WebDriver | None = None

    def open(self) -> Page:
        """Start it."""
        screen = self._start_screen()
        port = free_port()
        self._start(
            [DRIVER, f"--port={port}"],
            DISPLAY=screen,
            # Its sandbox needs rights that a container has not; it opens our own pages alone.
            WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS="1",
            NO_AT_BRIDGE="1",
        )
        address = f"http://127.0.0.1:{port}"
        self._wait_for(address)
        browser = {"binary": self._browser, "args": ["--automation"]}
        self._wire = WebDriver(address, {"webkitgtk:browserOptions": browser})
        self._wire.ask(RESIZE, width=390, height=844)
        return Page(self._wire)

    def reopen(self) -> Page:
        """Close the window, and open another."""
        assert self._wire
        new = self._wire.ask(NEW_WINDOW, type="window")
        self._wire.ask(CLOSE_WINDOW)
        self._wire.ask(SWITCH, handle=new["handle"])
        return Page(self._wire)

    def kill(self) -> None:
        """End it with all that it has started."""
        if self._wire:
            self._wire.close()
        for process in reversed(self._processes):
            with suppress(ProcessLookupError):  # it was dead already
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._wire = None
        self._processes = []

    def last_words(self) -> str:
        """Give the end of what it said, for whoever has to find out what went wrong."""
        return self._log.read_text("utf-8", errors="replace")[-4000:]

    def _start_screen(self) -> str:
        """Answer the name of a display that was free."""
        ours, its = os.pipe()
        self._start(
            [SCREEN, "-displayfd", str(its), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[its],
        )
        os.close(its)
        with os.fdopen(ours, "rb") as told:
            number = told.readline().decode().strip()
        assert number, f"Xvfb did not start:\n{self.last_words()}"
        return f":{number}"

    def _start(self, command: list[str], pass_fds: list[int] | None = None, **more: str) -> None:
        own = {"TZ": "Asia/Ho_Chi_Minh", "LANG": "C.UTF-8", "HOME": str(self._home)}
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=os.environ | own | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds or (),
                # A group of its own: what it starts dies with it.
                start_new_session=True,
            )
        self._processes.append(process)

    def _wait_for(self, address: str) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while self._processes[-1].poll() is None and time.monotonic() < deadline:
            with suppress(httpx.HTTPError):  # nobody there yet
                httpx.get(f"{address}/status", trust_env=False).raise_for_status()
                return
            time.sleep(0.05)
        raise AssertionError(f"WebKitWebDriver did not start:\n{self.last_words()}")

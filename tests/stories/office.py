"""A real office: the server in a process of its own, with its own folder, port and database.

It can be stopped, killed and started again on the same port. What it logged is kept, so that a
story that fails can show it, and one that passes can prove that no citizen is named in it.

It is forked from a process that has read its code already (`tests/support/nursery.py`), unless its
code is another, or it is told to start cold.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import BinaryIO, Final

from server.settings import REQUESTS_A_MINUTE_MAX
from tests.support.nursery import Nursling, nursery

REPOSITORY: Final = Path(__file__).parents[2]

SECRET: Final = "luudong-demo"
"""The password of every demo sign-in."""

NO_BACKUPS: Final[Mapping[str, str]] = {"LUUDONG_BACKUP_HOUR": "off"}
"""A new office makes one at once, in a process of its own: for stories that are not about it."""

START_SECONDS_MAX: Final = 120
STOP_SECONDS_MAX: Final = 60


class OfficeDidNotStart(Exception):
    """The server ended, or did not answer in time; the message is the end of its log."""


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class OfficeProcess:
    """One office. `start` may be called again after `stop` or `kill`."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | Nursling | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Settings beside those that every office here has."""
    code: Path = REPOSITORY
    """Where its program lies, and the built app beside it."""

    is_cold: bool = False
    """Whether its program is read anew at each start, as where that or its memory is measured."""

    @property
    def address(self) -> str:
        """Where browsers find it; localhost, because only that is a secure context."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """All that it has written since it was first started."""
        path = self.folder / "log"
        return path.read_text("utf-8", errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start it and return when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            if self.is_cold or self.code != REPOSITORY:
                self.process = self._start_cold(log)
            else:
                self.process = nursery().start_office(self._environment(), log)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise OfficeDidNotStart(self.last_words())
            time.sleep(0.05)

    def _start_cold(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "server.cli", "run"],
            cwd=self.code,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A group of its own: its workers die with it.
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ask it to end, and return when it has."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None

    def kill(self) -> None:
        """End it and all that it started, as a power cut would (SIGKILL)."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):  # it was dead already
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def answers(self) -> bool:
        """Whether somebody is there."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def run(self, *words: str) -> str:
        """Run a command of the office (`rebuild`, `link`) beside or without the server."""
        done = subprocess.run(
            [sys.executable, "-m", "server.cli", *words],
            cwd=REPOSITORY,
            env=self._environment(),
            capture_output=True,
            check=False,
            text=True,
            timeout=START_SECONDS_MAX,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def last_words(self, lines: int = 40) -> str:
        """Give the end of the log, for whoever has to find out what went wrong."""
        return "\n".join(self.log.splitlines()[-lines:])

    def _environment(self) -> dict[str, str]:
        passed_on = ("PATH", "HOME", "LANG", "LUUDONG_BACKUP_HOUR")
        kept = {key: os.environ[key] for key in passed_on if key in os.environ}
        return kept | {
            "LUUDONG_MODE": "demo",
            "LUUDONG_DATA": str(self.folder / "data"),
            "LUUDONG_DATABASE": self.database,
            "LUUDONG_PORT": str(self.port),
            # Tests ask more in a minute than any phone does in a day.
            "LUUDONG_REQUESTS_A_MINUTE": str(REQUESTS_A_MINUTE_MAX),
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }


def assert_discreet(office: OfficeProcess, citizens: list[str]) -> None:
    """Pass if the office has logged no fault of its own and no citizen's name."""
    log = office.log
    assert "Traceback (most recent call last)" not in log, (
        f"a fault is logged\n{office.last_words()}"
    )
    folded = log.casefold()
    named = [name for name in citizens if name.casefold() in folded]
    assert not named, f"the office's log names {named}"

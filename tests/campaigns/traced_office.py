"""An office whose every write to its database is recorded by `strace`, and how it loses its power.

The recording is begun while nobody has the database open, so that it holds all that happens.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.campaigns.disk_trace import NOT_UNDERSTOOD, UNDERSTOOD
from tests.stories.office import START_SECONDS_MAX, OfficeDidNotStart, OfficeProcess

BYTES_MAX: Final = 70_000
"""Of one write: more than SQLite's greatest page."""

TAIL_BYTES: Final = 400


class NoStrace(Exception):
    """The recorder is not there; the message says how to get it."""


def start_recorded(office: OfficeProcess, database: Path, trace: Path) -> None:
    """Start an office as `OfficeProcess.start` does, with its database's files recorded."""
    strace = shutil.which("strace")
    if strace is None:
        raise NoStrace("power cuts are made from a recording: apt-get install strace")
    files = (database, Path(f"{database}-wal"), Path(f"{database}-journal"), database.parent)
    with (office.folder / "log").open("ab") as log:
        office.process = subprocess.Popen(
            # -D: the office is our own child, and the recorder its; so it hears our signals.
            [strace, "-D", "-f", "--seccomp-bpf", "-y", "-ttt", "-T", "-xx"]
            + ["-s", str(BYTES_MAX), "-o", str(trace)]
            + ["-e", "trace=" + ",".join((*UNDERSTOOD, *NOT_UNDERSTOOD))]
            + [word for file in files for word in ("-P", str(file))]
            + [sys.executable, "-m", "server.cli", "run"],
            cwd=office.code,
            env=office._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS_MAX
    while not office.answers():
        if office.process.poll() is not None or time.monotonic() > deadline:
            office.kill()
            raise OfficeDidNotStart(office.last_words())
        time.sleep(0.05)


def cut_power(office: OfficeProcess, trace: Path) -> None:
    """End the office between two of its instructions, and wait until its last call is recorded."""
    assert office.process
    os.kill(office.process.pid, signal.SIGKILL)
    last = f"\n{office.process.pid} ".encode()
    deadline = time.monotonic() + START_SECONDS_MAX
    while not (last in (tail := _tail(trace)) and b"+++ killed" in tail.rpartition(last)[2]):
        if time.monotonic() > deadline:
            raise OfficeDidNotStart("its recorder does not end")
        time.sleep(0.05)
    office.kill()


def _tail(trace: Path) -> bytes:
    with trace.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        return file.read()

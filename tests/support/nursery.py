"""Starts offices from a process that has read their code already: each is a fork of it.

Reading the modules takes most of an office's start, and the tests start some hundred. All else of
such an office is its own: settings, folder, port, log, session, and how it ends.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

REPOSITORY: Final = Path(__file__).parents[2]

REQUEST_BYTES_MAX: Final = 65_536


class Nursling:
    """A process that was forked for us; it is waited for like one that we started."""

    def __init__(self, pid: int, pidfd: int) -> None:
        """Take its number, and the descriptor that says when it has ended."""
        self.pid = pid
        self._pidfd = pidfd

    def __del__(self) -> None:
        """Let go of the descriptor."""
        os.close(self._pidfd)

    def poll(self) -> str | None:
        """Say whether it has ended."""
        return "ended" if self._is_ended(0) else None

    def wait(self, timeout: float | None = None) -> None:
        """Return when it has ended; raises TimeoutExpired."""
        if not self._is_ended(timeout):
            raise subprocess.TimeoutExpired(f"office {self.pid}", timeout or 0)

    def terminate(self) -> None:
        """Ask it to end."""
        signal.pidfd_send_signal(self._pidfd, signal.SIGTERM)

    def _is_ended(self, seconds: float | None) -> bool:
        waiting = select.poll()
        waiting.register(self._pidfd, select.POLLIN)
        return bool(waiting.poll(None if seconds is None else seconds * 1000))


class Nursery:
    """The process that offices are forked from."""

    def __init__(self) -> None:
        """Start it; it ends when we do."""
        self._turn = threading.Lock()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forking", str(theirs.fileno())],
                cwd=REPOSITORY,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def start_office(self, environment: Mapping[str, str], log: BinaryIO) -> Nursling:
        """Fork an office with these settings; what it says goes to the log."""
        with self._turn:
            socket.send_fds(self._line, [json.dumps(dict(environment)).encode()], [log.fileno()])
            pid, descriptors, *_ = socket.recv_fds(self._line, REQUEST_BYTES_MAX, 1)
        assert pid, "the nursery has ended"
        return Nursling(int(pid), descriptors[0])


@cache
def nursery() -> Nursery:
    """Give the one nursery of this process."""
    return Nursery()

"""Who works on an office's folder: one server, or one restore, never both; one backup at a time.

The lock is the kernel's: a process that dies, however, lets go of it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.settings import SettingsRefused


@contextmanager
def claim(data: Path) -> Iterator[None]:
    """Hold the folder while the context is open; raises SettingsRefused if somebody else does."""
    said = f"Another office serves from {data}, or is being restored. Stop it first."
    with _locked(data / "serving.lock", said):
        yield


@contextmanager
def claim_backups(backups: Path) -> Iterator[None]:
    """Be the only one who makes a backup there; raises SettingsRefused if somebody else is."""
    with _locked(backups / "making.lock", f"A backup is being made in {backups} already."):
        yield


@contextmanager
def _locked(path: Path, said: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsRefused(said) from None
        yield

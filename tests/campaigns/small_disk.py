"""A disk that can be filled and freed while an office writes to it.

As root it is a tmpfs of a given size, so that writes fail by ENOSPC as on any full disk. Without
root the kernel's limit on the size of files does it: every write beyond it fails in the office's
own process, wherever it goes.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from tests.stories.office import OfficeProcess

DISK_BYTES: Final = 48 * 1024 * 1024

PIECE: Final = bytes(64 * 1024)


class SmallDisk(Protocol):
    """What a test sees of it."""

    def fill(self, leave: int) -> None:
        """Leave so many bytes."""

    def free(self) -> None:
        """Give the room back."""


@dataclass
class Tmpfs:
    """A small file system of its own, with a file in it that takes the room."""

    folder: Path

    def fill(self, leave: int) -> None:
        """Write until nothing goes in any more, then give back a little."""
        with self._filler.open("ab", buffering=0) as file:
            with suppress(OSError):  # that is how a disk says that it is full
                while file.write(PIECE):
                    pass
            file.truncate(max(0, file.tell() - leave))

    def free(self) -> None:
        """Remove the file."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextmanager
def mounted(folder: Path) -> Iterator[Tmpfs]:
    """Mount a small file system; only root can."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={DISK_BYTES},mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
    try:
        yield Tmpfs(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@dataclass
class SizeLimit:
    """The office's process may make no file longer than this; what is longer cannot grow."""

    office: OfficeProcess
    _before: tuple[int, int] = field(default=(resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def fill(self, leave: int) -> None:
        """Let files grow so far, and no further."""
        assert self.office.process
        limit = (leave, self._before[1])
        self._before = resource.prlimit(self.office.process.pid, resource.RLIMIT_FSIZE, limit)

    def free(self) -> None:
        """Take the limit away."""
        assert self.office.process
        resource.prlimit(self.office.process.pid, resource.RLIMIT_FSIZE, self._before)


IS_ROOT: Final = os.geteuid() == 0

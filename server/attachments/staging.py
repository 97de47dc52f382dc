"""Uploads that are not whole yet: a file each, whose bytes are on the disk before they count.

1. Bytes are written at an offset and synced before that offset is told to anybody; what a crash
   leaves behind it is written over.
2. The database knows how far an upload is; the file only has to have at least that much.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.attachments.rules import StorageBusy

HASH_BYTES_AT_ONCE: Final = 1024 * 1024


class Staging:
    """The folder of unfinished uploads. Its deeds wait for the disk: never on the event loop."""

    def __init__(self, folder: Path) -> None:
        """Work in this folder; it is made when first written to."""
        self.folder = folder

    def path(self, upload: str) -> Path:
        """Say where the bytes of an upload are."""
        return self.folder / upload

    def size(self, upload: str) -> int:
        """Say how many bytes lie there, 0 if the file is gone."""
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, upload: str, offset: int, piece: bytes) -> None:
        """Write a piece and wait until it is on the disk; raises StorageBusy."""
        try:
            is_new = offset == 0
            if is_new:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | (os.O_CREAT if is_new else 0)
            with os.fdopen(os.open(self.path(upload), flags, 0o600), "wb") as file:
                file.seek(offset)
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self.folder)
        except OSError:
            raise StorageBusy from None

    def digest(self, upload: str, length: int) -> bytes:
        """Hash the file up to its length, and cut off what a crash may have left behind it."""
        hashing = hashlib.sha256()
        with self.path(upload).open("r+b") as file:
            file.truncate(length)
            while piece := file.read(HASH_BYTES_AT_ONCE):
                hashing.update(piece)
        return hashing.digest()

    def remove(self, upload: str) -> None:
        """Forget the bytes of an upload, if they are there."""
        self.path(upload).unlink(missing_ok=True)

    def names_before(self, moment_ms: int) -> Iterator[str]:
        """Name the uploads that nobody has written to since."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.stat().st_mtime * 1000 < moment_ms:
                yield path.name


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

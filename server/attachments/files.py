"""Attachments as files below the data folder: `attachments/<shard>/<record>/<digest>`."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.attachments.rules import AttachmentName, StorageBusy
from server.attachments.staging import sync_folder

PIECE_BYTES: Final = 64 * 1024


class FileStorage:
    """Whole files alone: what is being written has another name until it is on the disk."""

    def __init__(self, folder: Path) -> None:
        """Keep everything below this folder."""
        self.folder = folder

    def keep(self, name: AttachmentName, source: Path) -> None:
        """Copy, sync, rename, and sync the folder that knows the name."""
        path = self._path(name)
        beside = path.with_name(f".{name.hex}.{secrets.token_hex(4)}")
        try:
            _make_folder(path.parent)
            try:
                with source.open("rb") as read, beside.open("xb") as written:
                    shutil.copyfileobj(read, written)
                    written.flush()
                    os.fsync(written.fileno())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
            sync_folder(path.parent)
        except OSError:
            raise StorageBusy from None

    def size(self, name: AttachmentName) -> int | None:
        """Ask the disk."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, name: AttachmentName) -> Iterator[bytes]:
        """Read the file."""
        with self._path(name).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def remove(self, name: AttachmentName) -> None:
        """Unlink the file; what the disk does with its blocks is the disk's."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError:
            raise StorageBusy from None

    def _path(self, name: AttachmentName) -> Path:
        # A UUIDv7 begins with the time: its end spreads records over 256 folders.
        record = str(name.record)
        return self.folder / record[-2:] / record / name.hex


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, and have their names on the disk too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)

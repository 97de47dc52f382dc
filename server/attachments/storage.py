"""The port to where whole attachments lie: files on a disk, or a bucket that speaks S3.

1. What `keep` has returned for is there after a power cut.
2. Everything lies under its record. The same bytes in two records lie there twice, so neither
   time nor answer can tell of one what is in the other.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from server.attachments.files import FileStorage
from server.attachments.rules import AttachmentName


class Storage(Protocol):
    """What everybody above sees. Deeds wait for disk or network, and may raise StorageBusy."""

    def keep(self, name: AttachmentName, source: Path) -> None:
        """Copy the bytes of a file, whole or not at all; keeping them again changes nothing."""

    def size(self, name: AttachmentName) -> int | None:
        """Say how many bytes are kept under this name, if any are."""

    def read(self, name: AttachmentName) -> Iterator[bytes]:
        """Give the bytes in pieces; they must be there."""

    def remove(self, name: AttachmentName) -> None:
        """Let go of what is kept under this name; nothing there is as good."""


def open_storage(address: str, data: Path) -> Storage:
    """Open what the settings name: nothing is the data folder, else `s3://bucket/prefix`."""
    if not address:
        return FileStorage(data / "attachments")
    from server.attachments.bucket import open_bucket  # noqa: PLC0415 -- few offices need it

    return open_bucket(address)

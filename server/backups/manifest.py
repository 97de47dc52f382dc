"""What a backup says of itself, and where backups lie.

    backups/20261122T020000.000Z/    a folder gets this name only after it has been verified
        office.sqlite3               every table, whatever database the office runs on
        attachments/…                if the office has any
        manifest.json                hash and size of every file, counts, ends of all logs
        manifest.mac                 under the office's secret, which is not in the backup

Without the secret nobody can change a backup and its manifest unseen.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from server.keys import OfficeKeys

FORMAT: Final = 1

DATABASE: Final = "office.sqlite3"
ATTACHMENTS: Final = "attachments"
MANIFEST: Final = "manifest.json"
MAC: Final = "manifest.mac"

_NAME: Final = "%Y%m%dT%H%M%S"
_READ_AT_ONCE: Final = 1024 * 1024


class NotABackup(Exception):
    """A folder that holds no backup which this program can read."""


class FileFacts(msgspec.Struct, frozen=True):
    """A file as it was when the backup was made."""

    bytes: int
    sha256: str


class LogEnd(msgspec.Struct, frozen=True, array_like=True):
    """How far a seat's log goes; the head in hex."""

    seat: int
    last: int
    head: str


class Manifest(msgspec.Struct, frozen=True):
    """The whole of it. `revision` is that of the schema, `key` names the office's key."""

    format: int
    office: str
    key: str
    epoch: int
    made_at: int
    revision: str
    version: str
    origin: str
    files: dict[str, FileFacts]
    counts: dict[str, int]
    logs: list[LogEnd]


@dataclass(frozen=True)
class Backup:
    """A folder with its manifest, read but not yet believed."""

    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The SQLite file that holds every table."""
        return self.folder / DATABASE


def name_of(made_at: int) -> str:
    """Give the name of a backup made then; names sort by time."""
    seconds, ms = divmod(made_at, 1000)
    return f"{datetime.fromtimestamp(seconds, tz=UTC).strftime(_NAME)}.{ms:03}Z"


def find_made_at(name: str) -> int | None:
    """Read the time out of a name; nothing if it is no name of a finished backup."""
    whole, _, ms = name.partition(".")
    if len(ms) != len("000Z") or not ms.endswith("Z") or not ms[:-1].isdecimal():
        return None
    try:
        at = datetime.strptime(whole, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp()) * 1000 + int(ms[:-1])


def read_backup(folder: Path) -> Backup:
    """Read a backup's manifest; raises NotABackup."""
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(text, type=Manifest)
    except OSError:
        raise NotABackup(f"{folder} holds no backup: there is no {MANIFEST}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotABackup(f"{folder / MANIFEST} cannot be read") from None
    if manifest.format != FORMAT:
        raise NotABackup(f"{folder} is of format {manifest.format}; this program reads {FORMAT}")
    return Backup(folder, manifest)


def finished(backups: Path) -> list[tuple[int, Path]]:
    """List the backups that were verified when they were made, the oldest first."""
    if not backups.is_dir():
        return []
    found = [(find_made_at(path.name), path) for path in backups.iterdir() if path.is_dir()]
    return sorted((made_at, path) for made_at, path in found if made_at is not None)


def find_newest(backups: Path) -> Backup | None:
    """Read the newest backup; nothing if there is none, or if it is unreadable."""
    listed = finished(backups)
    if not listed:
        return None
    try:
        return read_backup(listed[-1][1])
    except NotABackup:
        return None


def facts_of(path: Path) -> FileFacts:
    """Weigh and hash a file."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while part := file.read(_READ_AT_ONCE):
            digest.update(part)
            size += len(part)
    return FileFacts(size, digest.hexdigest())


def files_in(folder: Path) -> Iterator[str]:
    """Name the files that a manifest speaks of, by their paths within the backup."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (MANIFEST, MAC):
            yield name


def mac_of(keys: OfficeKeys, manifest: bytes) -> bytes:
    """Give what proves that the office itself wrote this manifest."""
    return hmac.digest(keys.sealing_key, b"luudong/backup\0" + manifest, "sha256")

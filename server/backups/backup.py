"""Makes a backup and proves it; only a proven one gets its name, and only then `safe` moves.

copy under a temporary name → manifest → flush → verify → rename → cover → drop old ones
"""

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

import msgspec

from server.backups.claiming import claim_backups
from server.backups.copying import copy_database, open_copy, revision_of
from server.backups.manifest import (
    ATTACHMENTS,
    DATABASE,
    FORMAT,
    MAC,
    MANIFEST,
    Backup,
    Manifest,
    facts_of,
    files_in,
    finished,
    mac_of,
    name_of,
    read_backup,
)
from server.backups.rules import kept
from server.backups.verification import count_rows, epoch_of, log_ends, verify
from server.database import is_sqlite
from server.keys import OfficeKeys, write_privately
from server.settings import Settings

UNFINISHED = ".unfinished"
REFUSED = ".refused"


class BackupRefused(Exception):
    """A backup was made and is no good: what it was made from, or the disk, needs a look."""

    def __init__(self, folder: Path, faults: list[str]) -> None:
        """Build the sentence, with the first faults."""
        told = "\n  ".join(faults[:10])
        super().__init__(f"The new backup does not hold; it lies in {folder}:\n  {told}")
        self.faults = faults


def make_backup(
    settings: Settings,
    keys: OfficeKeys,
    now: int,
    copy: Callable[[str, Path], None] = copy_database,
) -> Backup:
    """Make and verify a backup.

    Raises BackupRefused if it does not hold, OSError or sqlite3.Error where the disk is full, and
    SettingsRefused while another is being made.
    """
    with claim_backups(settings.backups_folder):
        _clear(settings.backups_folder)
        return _make(settings, keys, now, copy)


def drop_old(backups: Path) -> None:
    """Delete the backups that the rule does not keep; call it only after a new one is proven."""
    listed = finished(backups)
    stays = kept(made_at for made_at, _ in listed)
    for made_at, folder in listed:
        if made_at not in stays:
            shutil.rmtree(folder)


def _make(
    settings: Settings, keys: OfficeKeys, now: int, copy: Callable[[str, Path], None]
) -> Backup:
    backups = settings.backups_folder
    made = backups / f"{name_of(now)}{UNFINISHED}"
    made.mkdir(mode=0o700)
    copy(settings.database, made / DATABASE)
    (made / DATABASE).chmod(0o600)
    _flush(made / DATABASE)
    # After the database: what it speaks of is there by then.
    _copy_attachments(settings.data / ATTACHMENTS, made / ATTACHMENTS, backups)
    manifest = msgspec.json.format(msgspec.json.encode(_manifest(settings, keys, made, now)))
    write_privately(made / MANIFEST, manifest)
    write_privately(made / MAC, mac_of(keys, manifest))
    _flush(made)
    faults = verify(made, keys)
    if faults:
        refused = made.rename(backups / f"{name_of(now)}{REFUSED}")
        raise BackupRefused(refused, faults)
    finished_as = made.rename(backups / name_of(now))
    _flush(backups)
    return read_backup(finished_as)


def _clear(backups: Path) -> None:
    """Delete what an interrupted backup left, and the last one that was refused.

    They would fill the disk: what failed is tried again every quarter of an hour.
    """
    for path in backups.iterdir():
        if path.suffix in (UNFINISHED, REFUSED):
            shutil.rmtree(path)


def _manifest(settings: Settings, keys: OfficeKeys, made: Path, now: int) -> Manifest:
    with closing(open_copy(made / DATABASE)) as opened:
        return Manifest(
            format=FORMAT,
            office=settings.office,
            key=keys.name,
            epoch=epoch_of(opened),
            made_at=now,
            revision=revision_of(opened),
            version=version("luudong"),
            origin="sqlite" if is_sqlite(settings.database) else "postgresql",
            files={name: facts_of(made / name) for name in files_in(made)},
            counts=count_rows(opened),
            logs=log_ends(opened),
        )


def _copy_attachments(source: Path, target: Path, backups: Path) -> None:
    """Copy photographs and scans; one that the backup before holds is linked, not copied.

    They are named by their own hash and never written again, so two names may share the bytes.
    """
    if not source.is_dir():
        return
    before = [folder / ATTACHMENTS for _, folder in finished(backups)[-1:]]
    for path in sorted(source.rglob("*")):
        if not path.is_file():
            continue
        within = path.relative_to(source)
        into = target / within
        into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = next((old / within for old in before if (old / within).is_file()), None)
        if known and known.stat().st_size == path.stat().st_size:
            os.link(known, into)
            continue
        with suppress(FileNotFoundError):  # an upload that ended while we looked
            shutil.copyfile(path, into)
            _flush(into)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The operator's commands: `luudong backup | verify | restore | drill | returned`.

Each prints what it did and gives the status for the shell: 0 well, 1 found faulty, 2 refused.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from server.backups.backup import BackupRefused, drop_old, make_backup
from server.backups.covering import cover
from server.backups.drill import drill as drill_backup
from server.backups.manifest import Backup, NotABackup, finished, read_backup
from server.backups.restoring import Restored
from server.backups.restoring import restore as restore_backup
from server.backups.returned import brought
from server.backups.returned import returned as list_returned
from server.backups.verification import verify as find_faults
from server.clock import now_ms
from server.database import in_one_transaction
from server.dossiers.findings import count_open
from server.keys import OfficeKeys, load_or_make_keys
from server.settings import Settings, SettingsRefused

NICE = 10
"""A backup may always wait for whoever is being served."""


def backup(settings: Settings, _named: Path | None) -> int:
    """Make a backup, verify it, and only then let receipts say `safe`."""
    _require_office(settings)
    os.nice(NICE)
    keys = load_or_make_keys(settings)
    try:
        made = make_backup(settings, keys, now_ms())
    except BackupRefused as refused:
        return _complain(str(refused))
    except (OSError, sqlite3.Error) as error:  # mostly a full disk; it names no row
        return _complain(f"No backup could be made: {error}")
    covered = in_one_transaction(
        settings.database, lambda connection: cover(connection, made.manifest)
    )
    drop_old(settings.backups_folder)
    _say(f"{made.folder}\nVerified: {_facts(made)}. {covered} changes are safe by it.")
    return 0


def verify(settings: Settings, named: Path | None) -> int:
    """Walk a backup from end to end and say what is wrong with it."""
    found = _chosen(settings, named)
    keys = _find_keys(settings)
    if keys is None:
        _say("The office's keys are not here: its own proof of the manifest is not checked.")
    faults = find_faults(found.folder, keys)
    if faults:
        return _complain("\n".join([f"{found.folder} does not hold:", *faults]))
    _say(f"{found.folder} holds: {_facts(found)}.")
    return 0


def restore(settings: Settings, named: Path | None) -> int:
    """Put a backup in the place of the present database, under a new epoch."""
    found = _chosen(settings, named)
    keys = _find_keys(settings)
    if keys is None:
        raise SettingsRefused(
            f"{settings.data / 'office.key'} is missing. Put back the office's own key first: by "
            "another one its devices would not know it."
        )
    done = restore_backup(settings, keys, found, now_ms())
    _say(f"Restored {found.folder}: {_facts(found)}.")
    _say(f"The database that was here lies in {done.aside}.")
    _say(f"A new epoch begins: {done.epoch}. Start the server; devices offer their logs again.")
    _say_lost(done)
    return 0


def drill(settings: Settings, named: Path | None) -> int:
    """Restore a backup beside the running office, and compare."""
    found = _chosen(settings, named)
    drilled = drill_backup(settings, found, now_ms())
    if drilled.faults:
        return _complain("\n".join([f"{found.folder}: the drill failed.", *drilled.faults]))
    _say(
        f"{found.folder}: restored beside the office and compared. {drilled.rows} rows, "
        f"{drilled.logs} logs, {drilled.records} records are as they were."
    )
    return 0


def returned(settings: Settings, _named: Path | None) -> int:
    """Say what came back since the epoch began, and from whom."""
    listed, others, open_decisions = in_one_transaction(
        settings.database,
        lambda connection: (
            list_returned(connection),
            brought(connection),
            count_open(connection, "returned-decision"),
        ),
    )
    if not listed and not others:
        _say("Nothing has come since this epoch began, and nothing is known to be missing.")
    for one in listed:
        _say(
            f"seat {one.seat}, {one.person} on {one.device}: held {one.held_then}, came back "
            f"{one.came_back}, new {one.new}, still missing {one.missing}"
        )
    for other in others:
        which = f" ({', '.join(map(str, other.numbers))})" if other.numbers else ""
        _say(
            f"device {other.device}, {other.label}, brought back: "
            f"{other.count} {_BROUGHT[other.kind]}{which}"
        )
    if open_decisions:
        _say(f"{open_decisions} decisions of the desk wait to be looked at: /desk/returned")
    return 0


_BROUGHT: Mapping[str, str] = {
    "device": "of its enrolment",
    "seat": "of its seats",
    "revocation": "of those who were shut out",
    "state": "records as it held them",
    "decision": "decisions, applied again by a person",
}


Command = Callable[[Settings, Path | None], int]

COMMANDS: Mapping[str, Command] = {
    "backup": backup,
    "verify": verify,
    "restore": restore,
    "drill": drill,
    "returned": returned,
}


def _chosen(settings: Settings, named: Path | None) -> Backup:
    if named is None:
        listed = finished(settings.backups_folder)
        if not listed:
            raise SettingsRefused(f"There is no backup in {settings.backups_folder}.")
        named = listed[-1][1]
    try:
        return read_backup(named)
    except NotABackup as refused:
        raise SettingsRefused(str(refused)) from None


def _require_office(settings: Settings) -> None:
    if not (settings.data / "epoch").exists():
        raise SettingsRefused(f"There is no office in {settings.data} yet: start it once.")


def _find_keys(settings: Settings) -> OfficeKeys | None:
    return load_or_make_keys(settings) if (settings.data / "office.key").exists() else None


def _facts(found: Backup) -> str:
    manifest = found.manifest
    at = datetime.fromtimestamp(manifest.made_at / 1000, tz=UTC).astimezone()
    changes = sum(end.last for end in manifest.logs)
    records = manifest.counts.get("records", 0)
    made = at.isoformat(sep=" ", timespec="seconds")
    return f"{records} records, {changes} changes in {len(manifest.logs)} logs, as of {made}"


def _say_lost(done: Restored) -> None:
    if done.missing:
        total = sum(done.missing.values())
        _say(f"{total} changes were held after this backup. They come back from their devices:")
        for seat, count in done.missing.items():
            _say(f"  seat {seat}: {count}")
        _say("What the desk decided after the backup does not come back by itself.")
        _say("See what has returned with: luudong returned")
    for number, label in done.carried.joined.items():
        _say(f"Device {number} ({label}) joined after this backup: compare its words again.")
    for seat, label in done.carried.seated.items():
        _say(f"Seat {seat} on {label} was taken after this backup: it is known again.")
    for number, label in done.carried.revoked.items():
        _say(f"Device {number} ({label}) was shut out after this backup: it stays so.")
    if done.carried.left:
        _say(f"People who left after this backup stay out: {len(done.carried.left)}.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _complain(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1

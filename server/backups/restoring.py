"""Puts a backup back, into a new epoch.

1. Nothing is put in that has not been verified just now, and nothing is deleted.
2. The folder's epoch is raised first. Should we die at any moment after that, the next start finds
   database and folder in disagreement and begins a new epoch by itself, before any door opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from server.backups.carrying import Carried, Present, carry_over, read_present
from server.backups.claiming import claim
from server.backups.covering import keep_ends
from server.backups.manifest import ATTACHMENTS, Backup, find_newest, name_of
from server.backups.placing import put_attachments, put_in, require_nobody
from server.backups.verification import verify
from server.database import open_database
from server.devices.tables import seats
from server.epoch import settle_epoch
from server.keys import OfficeKeys, write_privately
from server.migration import migrate
from server.records.tables import epoch_ends
from server.settings import Settings, SettingsRefused


@dataclass(frozen=True)
class Restored:
    """What a restore did, for the person who ran it."""

    epoch: int
    aside: str
    covered: int
    missing: Mapping[int, int]
    """By seat: how many changes are known to have been held before and are not now."""

    carried: Carried
    """Who joined, signed in or was revoked after the backup, as far as the old database told."""


def restore(settings: Settings, keys: OfficeKeys, backup: Backup, now: int) -> Restored:
    """Put a backup in the place of the present database.

    Raises SettingsRefused where somebody serves, where the backup does not hold, or where it is
    not of the office whose keys are here: its devices would not believe this one.
    """
    if keys.name != backup.manifest.key:
        raise SettingsRefused(
            f"This backup is of an office with another key than {settings.data / 'office.key'}. "
            "Put back the key that belongs to it, and its LUUDONG_SECRET; nothing is changed."
        )
    with claim(settings.data):
        require_nobody(settings.database)
        faults = verify(backup.folder, keys)
        if faults:
            told = "\n  ".join(faults[:10])
            raise SettingsRefused(f"This backup does not hold; nothing is changed.\n  {told}")
        present = read_present(settings.database)
        known = _known_ends(settings, present)
        _raise_epoch(settings, backup, present)
        aside = put_in(settings.database, backup.database, name_of(now).replace(".", "_"))
        put_attachments(backup.folder / ATTACHMENTS, settings.data / ATTACHMENTS)
        migrate(settings.database)
        database = open_database(settings.database)
        try:
            with database.engine.begin() as connection:
                epoch, covered = _settle(connection, settings, backup, now)
                carried = carry_over(connection, keys, present, now)
                _note_expected(connection, known)
                missing = _missing(connection)
        finally:
            database.close()
    return Restored(epoch, aside, covered, missing, carried)


def _settle(
    connection: sa.Connection,
    settings: Settings,
    backup: Backup,
    now: int,
) -> tuple[int, int]:
    epoch = settle_epoch(connection, settings.data / "epoch", now)
    # It was verified a moment ago, and this database is its content: that much is safe.
    covered = keep_ends(connection, backup.manifest.logs, backup.manifest.made_at)
    return epoch, covered


def _note_expected(connection: sa.Connection, known: Mapping[int, int]) -> None:
    """Note how far logs are known to have come, those of seats that were carried over too."""
    nothing = sa.literal(0)
    fresh = sa.select(seats.c.number, nothing.label("last"), nothing.label("expected")).where(
        seats.c.number.not_in(sa.select(epoch_ends.c.seat))
    )
    columns = ["seat", "last", "expected"]
    connection.execute(sa.insert(epoch_ends).from_select(columns, fresh))
    for seat, last in known.items():
        more = sa.update(epoch_ends).where(epoch_ends.c.seat == seat, epoch_ends.c.last < last)
        connection.execute(more.values(expected=last))


def _raise_epoch(settings: Settings, backup: Backup, present: Present) -> None:
    path = settings.data / "epoch"
    in_folder = int(path.read_text("ascii")) if path.exists() else 0
    newest = find_newest(settings.backups_folder)
    in_backups = max(backup.manifest.epoch, newest.manifest.epoch if newest else 0)
    write_privately(path, str(max(in_folder, in_backups, present.epoch) + 1).encode())


def _known_ends(settings: Settings, present: Present) -> dict[int, int]:
    """Tell how far each log had come, by all that is left: the present database, a newer backup."""
    ends = dict(present.ends)
    newest = find_newest(settings.backups_folder)
    for end in newest.manifest.logs if newest else []:
        ends[end.seat] = max(end.last, ends.get(end.seat, 0))
    return ends


def _missing(connection: sa.Connection) -> dict[int, int]:
    lost = epoch_ends.c.expected - epoch_ends.c.last
    rows = connection.execute(
        sa.select(epoch_ends.c.seat, lost.label("lost"))
        .join(seats, seats.c.number == epoch_ends.c.seat)
        .where(lost > 0)
        .order_by(epoch_ends.c.seat)
    )
    return {row.seat: row.lost for row in rows}

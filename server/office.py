"""One running office: its settings, database, keys and listeners, opened together."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.attachments.storage import Storage, open_storage
from server.backups.covering import is_behind
from server.backups.manifest import find_newest
from server.clock import now_ms
from server.database import Database, open_database
from server.devices.seats import make_office_seat
from server.epoch import settle_epoch
from server.keys import OfficeKeys, load_or_make_keys
from server.live import Live
from server.migration import migrate
from server.procedures.areas import keep_areas
from server.procedures.reference import Reference, make_reference
from server.settings import Settings
from server.staff.demo import make_demo_staff


@dataclass(frozen=True)
class Office:
    """What every door is given."""

    settings: Settings
    database: Database
    keys: OfficeKeys
    epoch: int
    live: Live
    reference: Reference
    storage: Storage

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self.live.close()
        self.database.close()


def open_office(settings: Settings) -> Office:
    """Bring keys and database up to date and open the office; nothing is served before.

    Raises SettingsRefused where the keys do not fit the secret.
    """
    keys = load_or_make_keys(settings)
    migrate(settings.database)
    database = open_database(settings.database)
    epoch = _prepare(database.engine, settings, keys)
    storage = open_storage(settings.attachments, settings.data)
    return Office(settings, database, keys, epoch, Live(), make_reference(keys), storage)


def _prepare(engine: sa.Engine, settings: Settings, keys: OfficeKeys) -> int:
    now = now_ms()
    with engine.begin() as connection:
        newest = find_newest(settings.backups_folder)
        behind = is_behind(connection, newest.manifest if newest else None)
        epoch = settle_epoch(connection, settings.data / "epoch", now, is_behind=behind)
        keep_areas(connection)
        make_office_seat(connection, keys, settings.office_name, now)
        if settings.is_demo:
            make_demo_staff(connection)
    return epoch

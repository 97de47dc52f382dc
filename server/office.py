"""One running office: its settings, database, keys and listeners, opened together."""

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from server.attachments.storage import Storage, open_storage
from server.backups.covering import is_behind
from server.backups.manifest import find_newest
from server.clock import now_ms
from server.database import Database, open_database
from server.deadlines.calendar import keep_calendar, office_calendar
from server.deadlines.days import Calendar
from server.devices.revocations import keep_revocations
from server.devices.seats import make_office_seat
from server.epoch import epoch_in_folder, settle_epoch
from server.erasures.dropping import Gone, remove_files
from server.erasures.erasure import keeper_of, run_again
from server.keys import OfficeKeys, load_or_make_keys
from server.live import Live
from server.migration import migrate
from server.procedures.areas import keep_areas
from server.procedures.clips import Clip, office_clips
from server.procedures.reference import Branch, Reference, make_reference
from server.push.pushing import Pushing
from server.rates import Rates
from server.records.packed_runs import PackedRuns
from server.settings import Settings
from server.staff.demo import make_demo_staff


@dataclass(frozen=True)
class Office:
    """What every door is given."""

    settings: Settings
    database: Database
    keys: OfficeKeys
    live: Live
    reference: Reference
    clips: dict[str, Clip]
    storage: Storage
    rates: Rates
    calendar: Calendar
    push: Pushing
    runs: PackedRuns = field(default_factory=PackedRuns)

    @property
    def branch(self) -> Branch:
        """Name the office as its papers do."""
        return branch_of(self.settings)

    @property
    def epoch_path(self) -> Path:
        """Give the file that says which life of the database this folder belongs to."""
        return self.settings.data / "epoch"

    @property
    def epoch(self) -> int:
        """Give the epoch as the folder has it. A transaction reads its own (`server/facts.py`)."""
        return epoch_in_folder(self.epoch_path)

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self.live.close()
        self.database.close()


def open_office(settings: Settings) -> Office:
    """Bring keys and database up to date and open the office; nothing is served before.

    Raises SettingsRefused where the keys do not fit the secret, or the office's own calendar
    (BadCalendar) or recordings (BadClip) cannot be read.
    """
    keys = load_or_make_keys(settings)
    calendar = office_calendar(settings.data)
    migrate(settings.database)
    database = open_database(settings.database)
    gone = _prepare(database.engine, settings, keys, calendar)
    storage = open_storage(settings.attachments, settings.data)
    remove_files(storage, gone)
    rates = Rates(settings.requests_a_minute)
    clips = office_clips(settings.data)
    reference = make_reference(keys, calendar, branch_of(settings), clips)
    push = Pushing(settings, keys, database)
    by_digest = {clip.digest: clip for clip in clips}
    return Office(
        settings, database, keys, Live(), reference, by_digest, storage, rates, calendar, push
    )


def branch_of(settings: Settings) -> Branch:
    """Name the office as its papers do."""
    amber, red = settings.unsent_hours
    return Branch(settings.office_name, settings.office_parent, settings.hotline, amber, red)


def _prepare(engine: sa.Engine, settings: Settings, keys: OfficeKeys, calendar: Calendar) -> Gone:
    now = now_ms()
    with engine.begin() as connection:
        newest = find_newest(settings.backups_folder)
        behind = is_behind(connection, newest.manifest if newest else None)
        settle_epoch(connection, settings.data / "epoch", now, is_behind=behind)
        keep_areas(connection)
        keep_calendar(connection, calendar, now)
        make_office_seat(connection, keys, settings.office_name, now)
        keep_revocations(connection, keys, settings.office, now)
        gone = run_again(connection, keeper_of(settings, keys), now)
        if settings.is_demo:
            make_demo_staff(connection)
    return gone

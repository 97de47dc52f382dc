"""A backup is one moment of every table, taken while people write."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.backups.backup import BackupRefused, drop_old, make_backup
from server.backups.copying import copy_database
from server.backups.covering import cover
from server.backups.drill import drill
from server.backups.manifest import find_made_at, finished, name_of
from server.backups.verification import verify
from server.clock import now_ms
from server.records.tables import changes, logs, records
from server.settings import Settings
from tests.server.backups.conftest import Branch, copy_of, live_a_little
from tests.support.phone import Phone, PhoneSeat


def test_it_holds_every_row_and_passes(branch: Branch) -> None:
    live_a_little(branch)

    made = branch.backup()

    assert verify(made.folder, branch.office.office.keys) == []
    assert verify(made.folder, None) == []
    assert made.manifest.counts["changes"] == len(branch.office.rows(changes)) > 5
    assert made.manifest.counts["records"] == len(branch.office.rows(records))
    assert (made.folder.stat().st_mode & 0o777, made.database.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_it_holds_no_secret_of_the_office(branch: Branch) -> None:
    made = branch.backup()

    assert {path.name for path in made.folder.iterdir()} == {
        "office.sqlite3",
        "manifest.json",
        "manifest.mac",
    }
    everything = b"".join(path.read_bytes() for path in made.folder.iterdir())
    assert (branch.settings.data / "office.key").read_bytes() not in everything
    assert branch.settings.secret is not None
    assert branch.settings.secret.encode() not in everything


def test_fault_40_it_is_one_moment_while_a_writer_writes(branch: Branch) -> None:
    """FAULT-40: a backup taken during writes."""
    first, an, _, _ = live_a_little(branch)
    writer = Writer(first, an)

    def copy_in_the_middle(url: str, target: Path) -> None:
        writer.started.wait(10)
        copy_database(url, target)
        writer.copied.set()

    writer.start()
    made = make_backup(branch.settings, branch.office.office.keys, now_ms(), copy_in_the_middle)
    during = writer.sent
    writer.ended.set()
    writer.join()

    assert during > 2
    assert verify(made.folder, branch.office.office.keys) == []
    ends = {end.seat: end.last for end in made.manifest.logs}
    assert ends[an.number] <= an.held
    assert branch.office.run(lambda connection: cover(connection, made.manifest)) > 0
    first.exchange(an)
    assert first.receipts[an.number].safe == ends[an.number] < first.receipts[an.number].held


def test_safe_moves_only_after_verification_and_never_beyond(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    assert first.receipts[an.number].safe == 0

    def copy_and_spoil(url: str, target: Path) -> None:
        copy_database(url, target)
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("UPDATE changes SET body = CAST(body || x'00' AS BLOB) WHERE seq = 1")
            copy.commit()

    with pytest.raises(BackupRefused, match="do not give its head"):
        make_backup(branch.settings, branch.office.office.keys, now_ms(), copy_and_spoil)
    first.exchange(an)
    assert first.receipts[an.number].safe == 0
    assert finished(branch.settings.backups_folder) == []

    made = make_backup(branch.settings, branch.office.office.keys, now_ms())
    first.exchange(an)
    assert first.receipts[an.number].safe == 0, "verified, but not counted yet"
    covered = an.last
    branch.office.run(lambda connection: cover(connection, made.manifest))
    first.take_dossier(an)
    first.exchange(an)
    assert first.receipts[an.number].safe == covered
    assert first.receipts[an.number].held == covered + 1


def test_a_backup_of_another_life_moves_nothing(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    made = make_backup(branch.settings, branch.office.office.keys, now_ms())
    branch.stop()
    (branch.settings.data / "epoch").write_text("7")
    branch.start()

    covered = branch.office.run(lambda connection: cover(connection, made.manifest))

    first.exchange(an)
    assert covered == 0
    assert first.receipts[an.number].safe == 0


def test_a_log_that_parted_from_the_backup_is_not_covered(branch: Branch) -> None:
    first, an, second, binh = live_a_little(branch)
    made = make_backup(branch.settings, branch.office.office.keys, now_ms())
    elsewhere = changes.update().where(changes.c.seat == an.number, changes.c.seq == an.last)
    branch.office.run(lambda connection: connection.execute(elsewhere.values(head=b"x" * 32)))

    branch.office.run(lambda connection: cover(connection, made.manifest))

    first.exchange(an)
    second.exchange(binh)
    assert first.receipts[an.number].safe == 0
    assert second.receipts[binh.number].safe == binh.last


def test_attachments_go_along_and_are_shared_between_backups(branch: Branch) -> None:
    photo = branch.settings.data / "attachments" / "ab" / "abcd"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photograph")

    first = branch.backup()
    second = make_backup(branch.settings, branch.office.office.keys, now_ms() + 1)

    copies = [made.folder / "attachments" / "ab" / "abcd" for made in (first, second)]
    assert [copy.read_bytes() for copy in copies] == [b"a photograph"] * 2
    assert copies[0].stat().st_ino == copies[1].stat().st_ino != photo.stat().st_ino
    assert verify(second.folder, None) == []
    copies[1].unlink()
    assert verify(second.folder, None) == ["attachments/ab/abcd: the file is missing"]


def test_old_backups_go_by_the_rule_and_the_newest_never(
    branch: Branch, settings: Settings
) -> None:
    day = 86_400_000
    for ago in range(40):
        (settings.backups_folder / name_of(now_ms() - ago * day)).mkdir(parents=True)
    made = branch.backup()

    drop_old(settings.backups_folder)

    left = [path for _, path in finished(settings.backups_folder)]
    assert 8 <= len(left) <= 11
    assert made.folder in left


def test_names_tell_the_time_and_nothing_else_is_a_backup() -> None:
    assert name_of(1_795_312_800_123) == "20261122T000000.123Z" or find_made_at(
        name_of(1_795_312_800_123)
    )
    assert find_made_at(name_of(1_795_312_800_123)) == 1_795_312_800_123
    for name in ("x", "20261122T000000.123Z.unfinished", "20261122T000000Z", "lost+found"):
        assert find_made_at(name) is None


def test_the_drill_restores_beside_the_running_office(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    made = branch.backup()
    first.take_dossier(an)
    first.exchange(an)

    drilled = drill(branch.settings, made, now_ms())

    assert drilled.faults == []
    assert drilled.records == made.manifest.counts["records"] > 0
    assert drilled.logs == len(made.manifest.logs) == len(branch.office.rows(logs))


def test_a_drill_leaves_nothing_behind(branch: Branch) -> None:
    live_a_little(branch)
    made = branch.backup()
    schemas = sa.inspect(branch.office.office.database.engine).get_schema_names()
    if len(schemas) > 1:  # PostgreSQL: what an interrupted one left goes too
        branch.office.run(lambda connection: connection.exec_driver_sql("CREATE SCHEMA drill_x"))

    assert drill(branch.settings, made, now_ms()).faults == []

    assert sa.inspect(branch.office.office.database.engine).get_schema_names() == schemas


def test_the_drill_says_what_the_office_lost_since(branch: Branch) -> None:
    live_a_little(branch)
    made = branch.backup()
    branch.office.run(lambda connection: connection.execute(records.update().values(state=b"x")))
    branch.office.run(lambda connection: connection.execute(changes.delete()))

    faults = drill(branch.settings, made, now_ms()).faults

    assert any("does not hold it so" in fault for fault in faults)
    assert any("does not hold change" in fault for fault in faults)
    with closing(copy_of(made.folder)) as copy:
        assert copy.execute("SELECT count(*) FROM changes").fetchone()[0] > 0


class Writer(threading.Thread):
    """Takes and sends dossiers until told to stop."""

    def __init__(self, phone: Phone, seat: PhoneSeat) -> None:
        super().__init__(daemon=True)
        self.phone, self.seat = phone, seat
        self.started, self.copied, self.ended = (threading.Event() for _ in range(3))
        self.sent = 0

    def run(self) -> None:
        after = 0
        while not self.ended.is_set() or after < 2:
            self.phone.take_dossier(self.seat)
            self.phone.exchange(self.seat)
            self.sent += 1
            after += self.copied.is_set()
            if self.sent == 3:
                self.started.set()

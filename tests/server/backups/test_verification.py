"""Verifying catches what was changed, also by somebody who mends the manifest afterwards."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from server.backups.manifest import Backup, read_backup
from server.backups.verification import verify
from server.settings import read_settings
from tests.server.backups.conftest import Branch, Forger, live_a_little

FLIP = "UPDATE {table} SET {column} = {flipped} WHERE rowid = (SELECT min(rowid) FROM {table})"


@pytest.fixture(scope="module")
def original(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[tuple[Branch, Backup]]:
    """Make one backup for all: it is the same kind of file, whatever it was made from."""
    folder = tmp_path_factory.mktemp("original")
    shutil.copyfile(sqlite_template, folder / "office.sqlite3")
    environ = {
        "LUUDONG_MODE": "demo",
        "LUUDONG_DATA": str(folder),
        "LUUDONG_SECRET": "for tests alone, and long enough to be one",
    }
    branch = Branch(read_settings(environ))
    branch.start()
    live_a_little(branch)
    yield branch, branch.backup()
    branch.stop()


@pytest.fixture
def forger(original: tuple[Branch, Backup], tmp_path: Path) -> Forger:
    """Give a backup to spoil."""
    branch, backup = original
    return Forger(branch, read_backup(shutil.copytree(backup.folder, tmp_path / "spoiled")))


def faults_of(forger: Forger) -> list[str]:
    return verify(forger.backup.folder, forger.branch.office.office.keys)


def flip(table: str, column: str) -> str:
    """Turn the last byte of a value into another."""
    last = f"substr({column}, length({column}), 1)"
    other = f"CASE {last} WHEN x'00' THEN x'01' ELSE x'00' END"
    flipped = f"CAST(substr({column}, 1, length({column}) - 1) || {other} AS BLOB)"
    return FLIP.format(table=table, column=column, flipped=flipped)


def test_without_mending_any_changed_byte_shows(forger: Forger) -> None:
    forger.tamper("UPDATE staff SET name = name || ' ' WHERE id = 7", mend=False)

    assert any(
        "content has changed" in fault or "bytes and should" in fault for fault in faults_of(forger)
    )


def test_the_secret_is_needed_to_mend_the_manifest(forger: Forger) -> None:
    forger.tamper("UPDATE staff SET name = name || ' ' WHERE id = 7", mend=False)
    forger.write(lambda manifest: manifest, prove=False)

    assert faults_of(forger) == ["the manifest is not proven by this office's secret"]
    assert verify(forger.backup.folder, None) == [], "nobody else can tell"


TAMPERINGS = {
    "a flipped byte of a skeleton": (
        [flip("changes", "skeleton")],
        "do not give its head",
    ),
    "a flipped byte of a body": ([flip("changes", "body")], "do not give its head"),
    "a flipped byte of a head": ([flip("changes", "head")], "do not give its head"),
    "a flipped byte of a state": (
        [flip("records", "state")],
        "its state is not what its changes give",
    ),
    "text where bytes should be": (
        ["UPDATE changes SET body = 'abc' WHERE seq = 1"],
        "values of body are no bytes",
    ),
    "a missing change in the middle": (
        ["DELETE FROM changes WHERE seq = 1 AND seat = (SELECT max(seat) FROM changes)"],
        "changes 1 to 1 are missing",
    ),
    "a missing change at the end": (
        ["DELETE FROM changes WHERE rowid = (SELECT max(rowid) FROM changes WHERE seat > 1)"],
        "not as its end says",
    ),
    "a log end put forward": (
        ["UPDATE logs SET last = last + 1 WHERE seat > 1"],
        "its end is not the one in the manifest",
    ),
    "another key of a seat": (
        [flip("seats", "public_key").replace("min(", "max(")],
        "do not give its head",
    ),
    "a column that contradicts its change": (
        ["UPDATE changes SET at_ms = at_ms + 1 WHERE seq = 1"],
        "its columns are not what it says itself",
    ),
    "a record that is gone": (
        ["DELETE FROM records WHERE rowid = (SELECT min(rowid) FROM records)"],
        "it has changes and is missing",
    ),
    "a record of nothing": (
        [
            """INSERT INTO records SELECT x'00112233445566778899aabbccddeeff', kind, area, state,
               hidden, turns, applied, first_received, first_seat, last_received
               FROM records LIMIT 1"""
        ],
        "records, and changes of",
    ),
    "a quarantined change that is let in": (
        ["UPDATE changes SET effect = 'applied' WHERE effect = 'quarantined'"],
        "is not what its changes give",
    ),
    "changes in another order": (
        ["UPDATE changes SET turn = 5 - turn WHERE turn IN (2, 3)"],
        "record",
    ),
    "a row missing in a feed": (
        ["DELETE FROM feeds WHERE number = (SELECT max(number) FROM feeds)"],
        "missing in the feeds",
    ),
    "a feed beyond its counter": (
        ["UPDATE area_counters SET number = number - 1"],
        "beyond the counter",
    ),
    "a left mark that is not true": (
        ['UPDATE feeds SET "left" = 1'],
        "its record is not where it says",
    ),
    "a holder that is missing": (["DELETE FROM holders"], "a holder of it is missing"),
    "a holder who has lost it": (
        ["UPDATE holders SET held = 0"],
        "others hold it than its changes say",
    ),
    "a holder whom nobody made one": (
        ["INSERT INTO holders SELECT id, 'staff:5', 1 FROM records"],
        "others hold it than its changes say",
    ),
    "a dossier missing at the desk": (["DELETE FROM dossiers"], "missing in the desk's list"),
    "another epoch": (
        ["UPDATE office_facts SET value = '9' WHERE name = 'epoch'"],
        "its epoch is 9 and should be 1",
    ),
    "another schema": (
        ["UPDATE alembic_version SET version_num = '0000'"],
        "its schema is 0000",
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_it_catches(kind: str, forger: Forger) -> None:
    statements, told = TAMPERINGS[kind]
    forger.tamper(*statements)

    faults = faults_of(forger)

    assert any(told in fault for fault in faults), faults


def test_it_catches_a_truncated_file(forger: Forger) -> None:
    os.truncate(forger.backup.database, forger.backup.database.stat().st_size // 2)

    faults = faults_of(forger)
    assert any("bytes and should have" in fault for fault in faults)

    forger.write(lambda manifest: manifest)
    assert any("damaged" in fault or "cannot be read" in fault for fault in faults_of(forger))


def test_it_catches_a_swapped_file(forger: Forger) -> None:
    branch = forger.branch
    branch.phones[0].take_dossier(branch.phones[0].seats[min(branch.phones[0].seats)])
    branch.phones[0].exchange()
    newer = branch.backup()
    shutil.copyfile(forger.backup.database, newer.database)

    faults = verify(newer.folder, branch.office.office.keys)

    assert any(fault.startswith("office.sqlite3: ") for fault in faults)
    assert any("table changes has" in fault for fault in faults)
    assert any("its end is not the one in the manifest" in fault for fault in faults)


def test_it_catches_a_wrong_manifest(forger: Forger) -> None:
    forger.write(lambda told: msgspec.structs.replace(told, counts={**told.counts, "changes": 1}))
    assert any("table changes has" in fault for fault in faults_of(forger))

    forger.write(lambda told: msgspec.structs.replace(told, logs=told.logs[1:]))
    assert any("not the one in the manifest" in fault for fault in faults_of(forger))


def test_it_catches_files_that_nobody_knows_or_that_are_gone(forger: Forger) -> None:
    stray = forger.backup.folder / "stray"
    stray.write_bytes(b"x")
    assert faults_of(forger) == ["stray: the manifest does not know this file"]
    stray.unlink()

    forger.backup.database.unlink()
    assert faults_of(forger) == ["office.sqlite3: the file is missing"]

    (forger.backup.folder / "manifest.json").write_bytes(b"{")
    assert "cannot be read" in faults_of(forger)[0]


def test_no_fault_tells_what_a_citizen_said(forger: Forger) -> None:
    forger.tamper(flip("records", "state"), flip("changes", "body"), "DELETE FROM dossiers")

    told = " ".join(faults_of(forger))

    assert told
    assert "Nguyễn" not in told

"""The campaign's recording is read right, and its disk loses what was not synced, and only that.

The campaign itself needs `strace`; what it rests on needs nothing, and is shown here: FAULT-33.
"""

import random
import sqlite3
from contextlib import closing
from math import inf
from pathlib import Path

import pytest

from tests.campaigns.cut_disk import Disk, draw_fate
from tests.campaigns.disk_trace import NotUnderstood, Operation, read_trace

FOLDER = Path("/data")
SEEDS = range(200)

TEN = b"0123456789"
ELSEWHERE = Path("/elsewhere/file")


def hexed(text: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text)


def fd(name: str) -> str:
    return f"4<{hexed(str(FOLDER / name).encode())}>"


def write(name: str, at: float, offset: int, data: bytes) -> Operation:
    return Operation("write", name, at, at + 0.5, offset, data)


def sync(name: str, at: float) -> Operation:
    return Operation("sync", name, at, at + 0.5)


def cuts(disk: Disk, *under_way: Operation) -> list[dict[str, bytes]]:
    return [disk.after_cut(draw_fate(random.Random(seed)), under_way) for seed in SEEDS]


def test_a_call_that_another_thread_interrupted_is_put_together() -> None:
    lines = [
        f'7 10.5 pwrite64({fd("db")}, "{hexed(TEN)}", 10, 512 <unfinished ...>',
        f"8 10.625 fdatasync({fd('db')}) = 0 <0.125000>",
        "7 11.5 <... pwrite64 resumed>) = 10 <1.000000>",
        f"8 12.0 ftruncate({fd('db-wal')}, 0) = 0 <0.250000>",
        "8 13.0 +++ killed by SIGKILL +++",
    ]

    early, late, cut = read_trace(lines, FOLDER)

    assert early == Operation("sync", "db", 10.625, 10.75)
    assert late == Operation("write", "db", 10.5, 11.5, 512, TEN), "it ended after the sync"
    assert cut == Operation("truncate", "db-wal", 12.0, 12.25)


def test_what_failed_has_not_happened_and_what_never_returned_may_have() -> None:
    wal = hexed(str(FOLDER / "db-wal").encode())
    lines = [
        f"7 1.0 fdatasync({fd('db')}) = -1 EIO (Input/output error) <0.1>",
        f'7 2.0 openat(AT_FDCWD<\\x2f>, "{wal}", O_RDWR|O_CREAT, 0600) = 4<{wal}> <0.1>',
        f'7 3.0 pwrite64({fd("db")}, "{hexed(TEN)}", 10, 0) = 4 <0.1>',
        f'7 4.0 pwrite64(9<{hexed(str(ELSEWHERE).encode())}>, "\\x00", 1, 0) = 1 <0.1>',
        f'7 5.0 pwrite64({fd("db-shm")}, "\\x00", 1, 0) = 1 <0.1>',
        f'7 6.0 unlink("{wal}") = 0 <0.1>',
        f"7 7.0 fsync(5<{hexed(str(FOLDER).encode())}>) = 0 <0.1>",
        f'8 8.0 pwrite64({fd("db")}, "{hexed(TEN)}", 10, 0 <unfinished ...>',
        f"9 8.5 fdatasync({fd('db')} <unfinished ...>",
    ]

    done = read_trace(lines, FOLDER)

    assert [(one.kind, one.name) for one in done] == [
        ("create", "db-wal"),
        ("write", "db"),
        ("unlink", "db-wal"),
        ("sync", ""),
        ("write", "db"),
        ("sync", "db"),
    ]
    assert done[1].data == TEN[:4], "a full disk took a part"
    assert [one.ended for one in done[-2:]] == [inf, inf]


@pytest.mark.parametrize(
    "line",
    [
        f'7 1.0 write({fd("db")}, "\\x00", 1) = 1 <0.1>',
        f'7 1.0 pwrite64({fd("db")}, "\\x00"..., 90000, 0) = 90000 <0.1>',
        "strace: something that is no call",
    ],
)
def test_a_recording_that_cannot_be_followed_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood):
        read_trace([line], FOLDER)


def test_what_was_synced_is_always_there_and_the_rest_sometimes() -> None:
    disk = Disk({"db": bytes(1024)})
    disk.note(write("db", 1, 0, b"a" * 512))
    disk.note(sync("db", 2))
    disk.note(write("db", 3, 512, b"b" * 512))

    left = [files["db"] for files in cuts(disk)]

    assert all(image[:512] == b"a" * 512 for image in left)
    assert {b"b" * 512, bytes(512)} <= {image[512:] for image in left}
    assert any(0 < image[512:].count(b"b") < 512 for image in left), "a sector is torn"
    assert not disk.is_settled


def test_a_sync_covers_what_had_been_written_when_it_began() -> None:
    disk = Disk({"db": b""})
    disk.note(Operation("write", "db", 1.0, 3.0, 0, TEN))
    disk.note(Operation("sync", "db", 2.0, 4.0))
    assert any(files["db"] != TEN for files in cuts(disk))

    disk.note(Operation("sync", "db", 3.5, 5.0))
    assert disk.is_settled
    assert all(files["db"] == TEN for files in cuts(disk))


def test_sectors_come_in_any_order_and_a_file_ends_anywhere() -> None:
    disk = Disk({"wal": b""})
    for place in range(8):
        disk.note(write("wal", place, place * 4096, b"w" * 4096))

    left = [files["wal"] for files in cuts(disk)]

    assert any(image[:4096] != b"w" * 4096 and image[-4096:] == b"w" * 4096 for image in left)
    assert len({len(image) for image in left}) > 20
    assert disk.files()["wal"] == b"w" * 8 * 4096, "programs see all while there is power"


def test_a_truncation_and_a_write_under_way_may_have_come_or_not() -> None:
    disk = Disk({"wal": b"w" * 4096})
    disk.note(Operation("truncate", "wal", 1, 2))
    under_way = write("wal", 3, 0, b"n" * 512)

    left = [files["wal"] for files in cuts(disk, under_way)]

    assert {b"", b"w" * 4096, b"n" * 512} <= set(left)


def test_names_come_and_go_with_the_folder() -> None:
    disk = Disk({"db": b"", "old": TEN})
    disk.note(Operation("create", "wal", 1, 1))
    disk.note(write("wal", 2, 0, TEN))
    disk.note(sync("wal", 3))
    disk.note(Operation("unlink", "old", 4, 4))
    assert {frozenset(files) for files in cuts(disk)} == {
        frozenset({"db", "old"}),
        frozenset({"db", "old", "wal"}),
        frozenset({"db", "wal"}),
    }

    disk.note(sync("", 5))
    assert all(files == {"db": b"", "wal": TEN} for files in cuts(disk))


def test_sqlite_keeps_what_it_synced_and_loses_what_it_did_not(tmp_path: Path) -> None:
    """A real log of writes, whose commits are noted one by one; the control sees the loss."""
    before, commits = record_commits(tmp_path)
    synced, unsynced = Disk(before), Disk(before)
    for number, one in enumerate(commits):
        for disk in (synced, unsynced):
            disk.note(one)
        synced.note(sync(one.name, number + 0.6))
    last = write(commits[-1].name, 100, commits[-1].offset + len(commits[-1].data), b"?" * 4120)

    kept = [
        rows_in(tmp_path / f"kept-{at}", left) for at, left in enumerate(cuts(synced, last)[:60])
    ]
    lost = [rows_in(tmp_path / f"lost-{at}", left) for at, left in enumerate(cuts(unsynced)[:60])]

    assert set(kept) == {len(commits)}
    assert min(lost) == 0
    assert len(set(lost)) > 2, "some commits came, and those after them did not"


def record_commits(folder: Path) -> tuple[dict[str, bytes], list[Operation]]:
    """Give the files before, and what each of some commits added to SQLite's log."""
    path, wal = folder / "office", folder / "office-wal"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").close()
        connection.execute("CREATE TABLE kept (value BLOB)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        before = {one.name: one.read_bytes() for one in (path, wal)}
        commits: list[Operation] = []
        for number in range(6):
            known = wal.stat().st_size
            connection.execute("INSERT INTO kept VALUES (randomblob(3000))")
            commits.append(write(wal.name, number, known, wal.read_bytes()[known:]))
        return before, commits


def rows_in(folder: Path, files: dict[str, bytes]) -> int:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with closing(sqlite3.connect(folder / "office")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM kept").fetchone()[0])

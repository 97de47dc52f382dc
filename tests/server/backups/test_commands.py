"""The operator's commands, as they are typed; and the first backup of a server that was started."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.backups.commands import COMMANDS
from server.backups.manifest import find_newest
from server.backups.nightly import environ_of
from server.cli import BACKUP_COMMANDS, main
from server.settings import Settings
from tests.server.backups.conftest import Branch, live_a_little
from tests.support.desk import Desk, text_of


@pytest.fixture
def typed(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> Branch:
    """Let the command line find the office by its environment."""
    for name, value in environ_of(branch.settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    return branch


def test_the_command_line_knows_them_all() -> None:
    assert set(BACKUP_COMMANDS) == set(COMMANDS)


def test_a_whole_round(typed: Branch, capsys: pytest.CaptureFixture[str]) -> None:
    first, an, _, _ = live_a_little(typed)

    assert main(["verify"]) == 2
    assert "There is no backup" in capsys.readouterr().err
    assert main(["backup"]) == 0
    assert "changes are safe by it" in capsys.readouterr().out
    first.take_dossier(an)
    first.exchange(an)
    assert first.receipts[an.number].safe == an.last - 1
    assert main(["verify"]) == 0
    assert "holds: 3 records" in capsys.readouterr().out
    assert main(["drill"]) == 0
    assert "restored beside the office and compared" in capsys.readouterr().out
    assert main(["restore"]) == 2
    assert "Stop the server" in capsys.readouterr().err
    typed.stop()
    assert main(["restore"]) == 0
    said = capsys.readouterr().out
    assert f"seat {an.number}: 1" in said
    assert "A new epoch begins" in said
    typed.start()
    assert main(["returned"]) == 0
    assert "still missing 1" in capsys.readouterr().out
    first.exchange(an)
    first.exchange(an)
    assert main(["returned"]) == 0
    assert "came back 1, new 0, still missing 0" in capsys.readouterr().out


def test_a_spoiled_backup_gives_a_status_and_names_the_fault(
    typed: Branch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = typed.backup()
    made.database.write_bytes(b"")

    assert main(["verify", str(made.folder)]) == 1
    assert "it has 0 bytes and should have" in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == 2
    assert "holds no backup" in capsys.readouterr().err


def test_without_the_offices_key_nothing_is_restored(
    typed: Branch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed.backup()
    typed.stop()
    key = typed.settings.data / "office.key"
    kept = key.read_bytes()
    key.unlink()

    assert main(["restore"]) == 2
    assert "office.key is missing" in capsys.readouterr().err
    assert not key.exists(), "no other key was made instead"
    assert main(["verify"]) == 0
    assert "proof of the manifest is not checked" in capsys.readouterr().out
    key.write_bytes(kept)
    assert main(["restore"]) == 0
    typed.start()


def test_the_desk_shows_the_age_of_the_last_verified_backup(branch: Branch) -> None:
    desk = Desk(branch.office.http)
    desk.sign_in("chi")
    before = text_of(desk.get("/desk/devices"), "backup-age")

    branch.backup()

    after = text_of(desk.get("/desk/devices"), "backup-age")
    assert "Chưa có bản sao lưu" in before
    assert "Cần xem lại" in before
    assert "Bản sao lưu gần nhất đã kiểm tra" in after
    assert "chưa đến 1 giờ" in after
    assert "Cần xem lại" not in after


def test_a_server_makes_its_first_backup_by_itself(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, **environ_of(settings), "LUUDONG_PORT": str(port)}
    serving = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "run"], env=environ, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while find_newest(settings.backups_folder) is None and time.monotonic() < deadline:
            assert serving.poll() is None
            time.sleep(0.2)
        second = subprocess.run(
            [sys.executable, "-m", "server.cli", "restore"],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0

    assert find_newest(settings.backups_folder) is not None
    assert second.returncode == 2
    assert "Stop it first" in second.stderr

"""The commands of an office beside `run` (that one: `test_serving.py`)."""

import pytest
import sqlalchemy as sa

from server import cli
from server.database import open_database
from server.devices.tables import enrolment_links
from server.settings import SECRET_CHARACTERS_MIN, Settings


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the commands of our office."""
    monkeypatch.setenv("LUUDONG_MODE", "demo")
    monkeypatch.setenv("LUUDONG_DATA", str(settings.data))
    monkeypatch.setenv("LUUDONG_DATABASE", settings.database)
    monkeypatch.setenv("LUUDONG_URL", "https://branch8.example.vn")
    monkeypatch.delenv("LUUDONG_SECRET", raising=False)


def test_migrate_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert [cli.main(["migrate"]), cli.main(["migrate"])] == [0, 0]
    assert "newest schema" in capsys.readouterr().out


def test_link_prints_an_address_and_keeps_only_a_hash(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["link"]) == 0

    address = capsys.readouterr().out.split()[0]
    assert address.startswith("https://branch8.example.vn/app/#/enrol/")
    database = open_database(settings.database)
    with database.engine.begin() as connection:
        (kept,) = connection.execute(sa.select(enrolment_links.c.code_hash)).scalars()
    database.close()
    assert address.rsplit("/", 1)[1].encode() not in bytes(kept)


def test_rebuild_says_how_much_it_folded(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rebuild"]) == 0
    assert capsys.readouterr().out.startswith("0 records")


def test_secret_makes_another_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["secret"])
    cli.main(["secret"])

    first, second = capsys.readouterr().out.split()
    assert first != second
    assert len(first) >= SECRET_CHARACTERS_MIN


def test_a_database_that_does_not_answer_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = "postgresql+psycopg://office:hidden@127.0.0.1:1/office"
    monkeypatch.setenv("LUUDONG_DATABASE", nobody)

    assert cli.main(["migrate"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("The database does not answer: ")
    assert "hidden" not in told


def test_production_without_a_secret_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LUUDONG_MODE", "production")

    assert cli.main(["run"]) == 2
    assert "luudong secret" in capsys.readouterr().err


def test_a_new_bundle_key_stands_beside_the_older_ones(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [cli.main(["bundle-key"]), cli.main(["bundle-key"])] == [0, 0]

    assert "from the next start on" in capsys.readouterr().out
    kept = sorted(path.name for path in (settings.data / "bundle-keys").iterdir())
    assert kept == ["1.key", "2.key", "3.key"]

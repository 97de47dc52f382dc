"""Where attachments lie: what every storage must do, for files and for a bucket alike."""

import errno
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from moto.server import ThreadedMotoServer

from server.attachments.files import FileStorage
from server.attachments.rules import AttachmentName, StorageBusy
from server.attachments.storage import Storage, open_storage
from tests.support.phone import new_record


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on this machine; gives the address of its server."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    assert httpx.put(f"{address}/papers").status_code == 200
    yield address
    server.stop()


def use_bucket(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Say in the environment where the bucket is."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "binh")


@pytest.fixture(params=["files", "s3"])
def storage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Storage:
    """Open one of each kind."""
    if request.param == "files":
        return open_storage("", tmp_path)
    use_bucket(monkeypatch, request.getfixturevalue("bucket"))
    return open_storage(f"s3://papers/{secrets.token_hex(4)}", tmp_path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of some pieces."""
    path = tmp_path / "source"
    path.write_bytes(os.urandom(200_000))
    return path


def name_of(record: UUID | None = None, digest: bytes = b"d" * 32) -> AttachmentName:
    """Name an attachment."""
    return AttachmentName(record or new_record(), digest)


def test_what_is_kept_is_there(storage: Storage, source: Path) -> None:
    name = name_of()
    assert storage.size(name) is None

    storage.keep(name, source)

    assert storage.size(name) == 200_000
    assert b"".join(storage.read(name)) == source.read_bytes()
    assert source.exists(), "who keeps a copy takes nothing away"


def test_keeping_again_changes_nothing(storage: Storage, source: Path) -> None:
    name = name_of()

    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(lambda _: storage.keep(name, source), range(8)))

    assert b"".join(storage.read(name)) == source.read_bytes()


def test_one_record_tells_nothing_of_another(storage: Storage, source: Path) -> None:
    """THREAT-9."""
    name = name_of()
    storage.keep(name, source)

    assert storage.size(name_of(digest=name.digest)) is None
    assert storage.size(name_of(name.record, b"e" * 32)) is None


def test_a_file_is_whole_or_not_there(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULT-34: a full disk."""
    storage, name = FileStorage(tmp_path / "kept"), name_of()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as on_a_full_disk:
        on_a_full_disk.setattr("server.attachments.files.os.fsync", full)
        with pytest.raises(StorageBusy):
            storage.keep(name, source)

    assert storage.size(name) is None
    assert not [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    storage.keep(name, source)
    assert storage.size(name) == 200_000


def test_files_are_synced_before_they_have_their_name(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, name = FileStorage(tmp_path / "kept"), name_of()
    synced: list[str] = []
    sync = os.fsync

    def noting(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append("folder" if path.is_dir() else path.name[:1])
        sync(descriptor)
        if path.is_file():
            assert storage.size(name) is None, "it has its name too early"

    monkeypatch.setattr("server.attachments.files.os.fsync", noting)
    storage.keep(name, source)

    assert synced[-2:] == [".", "folder"]
    assert synced.count("folder") == 4, "of each folder that is new, and of the file's"


def test_a_bucket_that_is_away_is_busy(
    bucket: str, tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bucket(monkeypatch, bucket)
    storage = open_storage("s3://no-such-bucket", tmp_path)

    with pytest.raises(StorageBusy):
        storage.keep(name_of(), source)

"""A real office over real connections: a public tus client, cut lines, a killed server."""

import io
import re
import shutil
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from tusclient.client import TusClient

from server.clock import now_ms
from server.database import open_database
from server.devices.confirmation import confirm
from tests.stories.office import OfficeProcess
from tests.support.phone import Phone
from tests.support.tus import DOOR, Uploader, attach, digest_of, photo_of, uploader

STEP_BYTES = 256 * 1024
PHOTO = photo_of(1, 1_400)
assert len(PHOTO) > 2 * STEP_BYTES


class Line:
    """An office that serves, and An's phone with a dossier that names two photos."""

    def __init__(self, office: OfficeProcess, database_url: str) -> None:
        """Join, sign in, take the dossier."""
        self.office = office
        self.http = httpx.Client(base_url=office.address, timeout=30)
        phone = Phone(self.http)
        code = re.search(r"#/enrol/(\S+)", office.run("link"))
        assert code
        phone.enrol(code[1])
        database = open_database(database_url)
        with database.engine.begin() as connection:
            confirm(connection, phone.device, 7, now_ms())
        database.close()
        an = phone.sign_in("an")
        self.record: UUID = phone.take_dossier(an)
        attach(phone, an, self.record, PHOTO, photo_of(2))
        self.sending: Uploader = uploader(phone, an)
        self._phone, self._an = phone, an

    def take_another(self) -> None:
        """Go on with a new dossier, which waits for the same photos."""
        self.record = self._phone.take_dossier(self._an)
        attach(self._phone, self._an, self.record, PHOTO, photo_of(2))
        self._phone.exchange(self._an)

    def begin(self) -> str:
        """Begin an upload of the large photo, for a dossier of its own."""
        self.take_another()
        return str(self.sending.create(self.record, PHOTO).headers["location"])

    def open_patch(self, address: str, offset: int, size: int) -> socket.socket:
        """Open a connection and announce a piece on it."""
        line = socket.create_connection(("127.0.0.1", self.office.port), timeout=20)
        told = (
            f"PATCH {address} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Bearer {self.sending.token}\r\nUpload-Offset: {offset}\r\n"
            f"Content-Type: application/offset+octet-stream\r\nContent-Length: {size}\r\n\r\n"
        )
        line.sendall(told.encode())
        return line

    def offset(self, address: str) -> int:
        """Ask how far an upload is."""
        return int(self.sending.head(address).headers["upload-offset"])

    def is_here(self) -> bool:
        """Whether the whole photo can be read."""
        return self.sending.read(self.record, digest_of(PHOTO)).content == PHOTO


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Line]:
    """Start an office and stand on the other end; what lines do is no database's concern."""
    folder = tmp_path_factory.mktemp("lines")
    shutil.copyfile(sqlite_template, folder / "office.sqlite3")
    yield from _serve(folder, f"sqlite:///{folder / 'office.sqlite3'}")


@pytest.fixture
def own_line(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """Start an office that may be killed, over each kind of database."""
    yield from _serve(tmp_path, database_url)


@pytest.mark.parametrize("with_checksum", [False, True])
def test_a_public_client_sends_a_photo(line: Line, with_checksum: bool) -> None:
    line.take_another()
    photo = io.BytesIO(PHOTO)
    client = TusClient(
        f"{line.office.address}{DOOR}", headers={"Authorization": f"Bearer {line.sending.token}"}
    )
    metadata = {"record": str(line.record), "digest": digest_of(PHOTO), "type": "image/jpeg"}

    public = client.uploader(
        file_stream=photo, chunk_size=300_000, metadata=metadata, upload_checksum=with_checksum
    )
    public.upload_chunk()  # type: ignore[no-untyped-call]  # the client ships no types
    address = str(public.url)
    # Another run of the program goes on where this one ended.
    resumed = client.uploader(
        file_stream=photo, url=address, chunk_size=300_000, upload_checksum=with_checksum
    )
    assert resumed.offset == 300_000
    resumed.upload()

    assert line.is_here()


def test_cut_lines_keep_what_they_brought(line: Line) -> None:
    """FAULT-12, FAULT-30: an upload through 20 cuts, some of them hard."""
    address, offset, sent = line.begin(), 0, 0
    portion = len(PHOTO) // 20
    for cut in range(20):
        patching = line.open_patch(address, offset, len(PHOTO) - offset)
        patching.sendall(PHOTO[offset : offset + portion])
        sent += portion
        if cut % 2:  # the battery is out: no goodbye
            _wait_until_read()
            patching.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        patching.close()
        _wait_until_read()
        offset = line.offset(address)

    answer = line.sending.patch(address, offset, PHOTO[offset:])

    assert answer.status_code == 204
    assert line.is_here()
    assert sent + len(PHOTO) - offset < 1.05 * len(PHOTO)


def test_a_line_that_hangs_makes_way_for_the_next(line: Line) -> None:
    address = line.begin()
    hanging = line.open_patch(address, 0, len(PHOTO))
    hanging.sendall(PHOTO[:100_000])
    _wait_until_read()

    offset = line.offset(address)

    assert offset == 100_000
    assert line.sending.patch(address, offset, PHOTO[offset:]).status_code == 204
    assert line.is_here()
    hanging.close()


def test_a_killed_office_goes_on_where_its_disk_is(own_line: Line) -> None:
    """FAULT-6, FAULT-32."""
    line = own_line
    address = line.begin()
    patching = line.open_patch(address, 0, len(PHOTO))
    patching.sendall(PHOTO[: STEP_BYTES + 50_000])
    _wait_until_read()
    line.office.kill()
    patching.close()
    line.office.start()

    offset = line.offset(address)

    assert offset >= STEP_BYTES
    assert line.sending.patch(address, offset, PHOTO[offset:]).status_code == 204
    assert line.is_here()


def test_a_refusal_is_heard_on_a_real_line(line: Line) -> None:
    address = line.begin()

    assert line.sending.patch(address, 7, PHOTO[:100]).status_code == 409
    wrong = {"Upload-Checksum": "sha1 AAAA"}
    assert line.sending.patch(address, 0, PHOTO[:100], **wrong).status_code == 460
    assert line.sending.head(f"{DOOR}nothing").status_code == 404
    assert line.http.head(f"{DOOR}{line.record}/{digest_of(PHOTO)}").status_code == 401
    assert line.sending.upload(line.record, photo_of(2)).status_code == 204
    asked = line.sending.ask("HEAD", f"{DOOR}{line.record}/{digest_of(photo_of(2))}")
    assert asked.status_code == 200
    assert asked.headers["content-length"] == str(len(photo_of(2)))
    assert asked.headers["content-type"] == "image/jpeg"
    assert line.sending.read(line.record, digest_of(photo_of(2))).content == photo_of(2)


def _serve(folder: Path, database_url: str) -> Iterator[Line]:
    office = OfficeProcess(folder / "office", database_url)
    office.start()
    try:
        line = Line(office, database_url)
        yield line
        line.http.close()
        office.stop()
        assert "Traceback" not in office.log, office.last_words()
    finally:
        office.kill()


def _wait_until_read() -> None:
    """Give the office time to take in what is on the line."""
    time.sleep(0.3)

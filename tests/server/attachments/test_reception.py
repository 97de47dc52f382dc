"""Bytes come in through cuts, crashes and crowds: none is lost that was counted, none is wrong."""

import errno
import io
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from PIL import Image

from server.attachments.rules import OPEN_UPLOADS_MAX
from server.attachments.tables import held_attachments, uploads
from server.dossiers.findings import open_findings
from server.live import Live
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat
from tests.support.tus import DOOR, Uploader, attach, digest_of, photo_of, uploader

PHOTO = photo_of()


class Scene:
    """An with a dossier, and photos to name in it."""

    def __init__(self, office: OpenOffice) -> None:
        """Take the dossier."""
        self.office = office
        self.phone: Phone = office.phone()
        self.an: PhoneSeat = self.phone.sign_in("an")
        self.record: UUID = self.phone.take_dossier(self.an)
        self.sending = self.name(PHOTO)

    def name(self, *photos: bytes) -> Uploader:
        """Name photos, and get a token."""
        attach(self.phone, self.an, self.record, *photos)
        return uploader(self.phone, self.an)

    def begin(self, photo: bytes = PHOTO) -> str:
        """Begin an upload; gives its address."""
        created = self.sending.create(self.record, photo)
        assert created.status_code == 201, created.text
        return str(created.headers["location"])

    def offset(self, address: str) -> int:
        """Ask how far it is."""
        return int(self.sending.head(address).headers["upload-offset"])

    def is_here(self, photo: bytes = PHOTO) -> bool:
        """Whether the whole photo can be read."""
        return self.sending.read(self.record, digest_of(photo)).content == photo


@pytest.fixture
def scene(office: OpenOffice) -> Scene:
    """Set it."""
    return Scene(office)


def once(failing: Callable[..., object]) -> Callable[..., object]:
    """Fail at the first call, as a process that is killed there."""
    calls: list[int] = []

    def fail(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("killed here")
        return failing(*args, **kwargs)

    return fail


def test_killed_between_disk_and_offset_the_bytes_do_not_count(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULT-6: what lies behind the offset is written over."""
    from server.attachments import reception  # noqa: PLC0415 -- for this test alone

    address = scene.begin()
    monkeypatch.setattr(reception, "move_offset", once(reception.move_offset))

    assert scene.sending.patch(address, 0, b"\xff" * 500).status_code == 500
    assert scene.offset(address) == 0
    assert scene.sending.patch(address, 0, PHOTO[:100]).status_code == 204
    assert scene.sending.patch(address, 100, PHOTO[100:]).status_code == 204
    assert scene.is_here()


def test_killed_before_linking_only_the_last_step_is_sent_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.attachments import reception  # noqa: PLC0415 -- for this test alone

    address = scene.begin()
    scene.sending.patch(address, 0, PHOTO[:100])
    monkeypatch.setattr(reception, "link", once(reception.link))

    assert scene.sending.patch(address, 100, PHOTO[100:]).status_code == 500
    assert not scene.is_here()
    assert scene.offset(address) == 100
    assert scene.sending.patch(address, 100, PHOTO[100:]).status_code == 204
    assert scene.is_here()
    assert len(scene.office.rows(held_attachments)) == 1
    assert not list((scene.office.office.settings.data / "uploads").iterdir())


def test_a_large_photo_comes_in_pieces_and_steps(scene: Scene) -> None:
    photo = photo_of(5, 2_200)
    assert len(photo) > 1024 * 1024
    sending = scene.name(photo)
    address = scene.begin(photo)

    offset = 0
    while offset < len(photo):
        answer = sending.patch(address, offset, photo[offset : offset + 700_000])
        assert answer.status_code == 204
        offset = int(answer.headers["upload-offset"])

    assert scene.is_here(photo)


def test_two_uploads_of_one_photo_at_once(scene: Scene) -> None:
    addresses = [scene.begin() for _ in range(4)]

    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(lambda a: scene.sending.patch(a, 0, PHOTO), addresses))

    assert {answer.status_code for answer in answers} == {204}
    assert {scene.offset(address) for address in addresses} == {len(PHOTO)}
    assert len(scene.office.rows(held_attachments)) == 1
    assert scene.is_here()


def test_one_piece_twice_at_once_counts_once(scene: Scene) -> None:
    """FAULT-55."""
    for place in range(3):
        photo = photo_of(20 + place)
        scene.sending = scene.name(photo)
        address = scene.begin(photo)

        with ThreadPoolExecutor(4) as at_once:
            answers = list(
                at_once.map(lambda _, a=address, p=photo: scene.sending.patch(a, 0, p), range(4))
            )

        statuses = sorted(answer.status_code for answer in answers)
        # Asked to leave by one that came later, it kept what it had: nothing or everything.
        assert set(statuses) <= {204, 409, 499}
        assert statuses.count(204) <= 1
        while (offset := scene.offset(address)) < len(photo):
            assert scene.sending.patch(address, offset, photo[offset:]).status_code == 204
        assert scene.is_here(photo)


def test_a_lost_disk_ends_the_upload(scene: Scene) -> None:
    """FAULT-39: the database remembers more than the disk."""
    address = scene.begin()
    scene.sending.patch(address, 0, PHOTO[:100])
    shutil.rmtree(scene.office.office.settings.data / "uploads")

    answer = scene.sending.patch(address, 100, PHOTO[100:])

    assert (answer.status_code, answer.json()["code"]) == (410, "expired-upload")
    assert scene.sending.head(address).status_code == 404
    assert scene.sending.upload(scene.record, PHOTO).status_code == 204


def test_attachments_that_the_storage_lost_are_asked_for_again(scene: Scene) -> None:
    """FAULT-39."""
    scene.sending.upload(scene.record, PHOTO)
    shutil.rmtree(scene.office.office.settings.data / "attachments")

    asked = scene.sending.ask("HEAD", f"{DOOR}{scene.record}/{digest_of(PHOTO)}")

    assert asked.status_code == 404
    assert scene.office.rows(held_attachments) == []
    assert scene.sending.upload(scene.record, PHOTO).status_code == 204
    assert scene.is_here()


def test_a_full_disk_is_an_honest_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULT-34."""
    address = scene.begin()
    scene.sending.patch(address, 0, PHOTO[:100])

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as on_a_full_disk:
        on_a_full_disk.setattr("server.attachments.staging.os.fsync", full)
        answer = scene.sending.patch(address, 100, PHOTO[100:])

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "30"
    assert scene.offset(address) == 100
    assert scene.sending.patch(address, 100, PHOTO[100:]).status_code == 204
    assert scene.is_here()


def test_a_photo_that_tells_a_place_is_refused_for_good(scene: Scene) -> None:
    """THREAT-15."""
    made, written = Image.Exif(), io.BytesIO()
    made.get_ifd(0x8825).update({1: "N", 2: (20.0, 43.0, 1.0)})
    Image.new("RGB", (8, 8)).save(written, "JPEG", exif=made)
    photo = written.getvalue()
    sending = scene.name(photo)

    answer = sending.upload(scene.record, photo)

    assert (answer.status_code, answer.json()["code"]) == (415, "refused-content")
    assert answer.json()["detail"] == "the content is refused: location"
    assert scene.office.rows(uploads) == scene.office.rows(held_attachments) == []
    assert not list((scene.office.office.settings.data / "uploads").iterdir())
    sending.upload(scene.record, photo)
    raised = scene.office.run(lambda connection: open_findings(connection, record=scene.record))
    assert [(one.kind, one.seat, one.detail) for one in raised] == [
        ("refused-photo", scene.an.number, {"reason": "refused-content"})
    ]


def test_open_pages_hear_of_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Live, "announce", lambda _self, topic: heard.append(topic))
    address = scene.begin()

    scene.sending.patch(address, 0, PHOTO[:100])
    assert heard == []
    scene.sending.patch(address, 100, PHOTO[100:])
    assert heard == ["dossiers", f"dossier:{scene.record}"]


def test_a_device_cannot_fill_the_disk_with_beginnings(scene: Scene) -> None:
    addresses = [scene.begin() for _ in range(OPEN_UPLOADS_MAX)]

    answer = scene.sending.create(scene.record, PHOTO)

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert answer.headers["retry-after"] == "60"
    scene.sending.ask("DELETE", addresses[0])
    assert scene.sending.create(scene.record, PHOTO).status_code == 201


def test_what_is_no_upload_is_not_found(scene: Scene, office: OpenOffice) -> None:
    http: TestClient[Litestar] = office.http
    for upload in ("x", "0" * 32, "..", "%2e%2e%2fsecret", "a" * 300, "%00", "%ff"):
        answer = scene.sending.head(f"{DOOR}{upload}")
        assert answer.status_code in (404, 405), upload
    assert http.get(DOOR).status_code == 405

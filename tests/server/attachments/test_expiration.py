"""Uploads that nobody goes on with: told, refused, swept."""

import asyncio
import os
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.attachments import expiration
from server.attachments.staging import Staging
from server.attachments.tables import uploads
from server.clock import now_ms
from tests.server.conftest import OpenOffice
from tests.support.tus import Uploader, attach, digest_of, photo_of, uploader

PHOTO = photo_of()
DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def begun(office: OpenOffice) -> tuple[Uploader, UUID, str]:
    """An upload of which some bytes have come."""
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, PHOTO)
    sending = uploader(phone, an)
    address = sending.create(record, PHOTO).headers["location"]
    sending.patch(address, 0, PHOTO[:100])
    return sending, record, address


def sweep(office: OpenOffice, now: int) -> int:
    """Sweep at that time."""
    staging = Staging(office.office.settings.data / "uploads")
    return asyncio.run(expiration.sweep(office.office.database, staging, now, DAY_MS))


def files(office: OpenOffice) -> list[Path]:
    """List unfinished files."""
    return list((office.office.settings.data / "uploads").iterdir())


def test_an_expired_upload_is_gone_and_a_new_one_may_begin(
    office: OpenOffice, begun: tuple[Uploader, UUID, str]
) -> None:
    """FAULT-55."""
    sending, record, address = begun
    expire = sa.update(uploads).values(expires_at=now_ms() - 1)
    office.run(lambda connection: connection.execute(expire))

    assert sending.head(address).status_code == 410
    assert sending.patch(address, 100, PHOTO[100:]).status_code == 410
    assert sweep(office, now_ms()) == 1
    assert sending.head(address).status_code == 404
    assert not files(office)
    assert not office.rows(uploads)
    assert sending.upload(record, PHOTO).status_code == 204


def test_every_piece_puts_the_end_off(
    office: OpenOffice, begun: tuple[Uploader, UUID, str]
) -> None:
    sending, record, address = begun
    early = sa.update(uploads).values(expires_at=now_ms() + 60_000)
    office.run(lambda connection: connection.execute(early))

    sending.patch(address, 100, PHOTO[100:200])

    assert sweep(office, now_ms() + DAY_MS - 60_000) == 0
    sending.patch(address, 200, PHOTO[200:])
    assert sweep(office, now_ms() + 2 * DAY_MS) == 1
    assert sending.read(record, digest_of(PHOTO)).content == PHOTO, "what came whole stays"


def test_what_a_crash_left_behind_is_swept_when_it_is_old(
    office: OpenOffice, begun: tuple[Uploader, UUID, str]
) -> None:
    folder = office.office.settings.data / "uploads"
    for name, age_ms in (("old", 2 * DAY_MS), ("young", 0)):
        path = folder / name
        path.write_bytes(b"x")
        seconds = (now_ms() - age_ms) / 1000
        os.utime(path, (seconds, seconds))

    assert sweep(office, now_ms()) == 0

    assert len(files(office)) == 2
    assert not (folder / "old").exists()
    sending, _, address = begun
    assert sending.patch(address, 100, PHOTO[100:]).status_code == 204


def test_it_is_swept_by_itself(
    office: OpenOffice, begun: tuple[Uploader, UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiration, "SWEEP_SECONDS", 0.01)
    office.run(lambda connection: connection.execute(sa.update(uploads).values(expires_at=1)))
    staging = Staging(office.office.settings.data / "uploads")

    async def wait() -> None:
        async with expiration.sweeping(office.office.database, staging, DAY_MS):
            for _ in range(500):
                if not files(office):
                    return
                await asyncio.sleep(0.01)

    asyncio.run(wait())

    assert not files(office)
    assert not office.rows(uploads)

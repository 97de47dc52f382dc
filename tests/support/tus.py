"""A device's uploads by tus 1.0, for tests: each request by itself, so that each can go wrong."""

import hashlib
import io
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from tests.support.phone import Phone, PhoneSeat

DOOR = "/sync/attachments/"
VERSION = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Uploader:
    """A phone's way of sending and reading attachments, with the token of its last exchange."""

    http: httpx.Client
    token: str

    def create(
        self, record: UUID, photo: bytes, media_type: str = "image/jpeg", **headers: str
    ) -> httpx.Response:
        """Ask for an upload."""
        metadata = metadata_of(
            record=str(record), digest=hashlib.sha256(photo).hexdigest(), type=media_type
        )
        asked = {"Upload-Length": str(len(photo)), "Upload-Metadata": metadata, **headers}
        return self.ask("POST", DOOR, b"", **asked)

    def patch(self, address: str, offset: int, piece: bytes, **headers: str) -> httpx.Response:
        """Send a piece."""
        sent = {**PIECE, "Upload-Offset": str(offset), **headers}
        return self.ask("PATCH", address, piece, **sent)

    def head(self, address: str) -> httpx.Response:
        """Ask how far an upload is."""
        return self.ask("HEAD", address)

    def upload(self, record: UUID, photo: bytes, media_type: str = "image/jpeg") -> httpx.Response:
        """Send an attachment in one piece; gives the answer to it."""
        created = self.create(record, photo, media_type)
        assert created.status_code == 201, created.text
        return self.patch(created.headers["location"], 0, photo)

    def read(self, record: UUID | str, digest: str) -> httpx.Response:
        """Ask for an attachment."""
        return self.ask("GET", f"{DOOR}{record}/{digest}")

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> httpx.Response:
        """Send any request with the token and the version, unless the headers say otherwise."""
        sent = {**VERSION, "Authorization": f"Bearer {self.token}", **headers}
        content = body if method in ("PATCH", "POST") else None
        return self.http.request(method, address, content=content, headers=sent)


def uploader(phone: Phone, seat: PhoneSeat) -> Uploader:
    """Exchange, and take the token that the answer brings."""
    token = phone.exchange(seat).token
    assert token is not None
    return Uploader(phone.http, token)


def attach(phone: Phone, seat: PhoneSeat, record: UUID, *photos: bytes, **told: Any) -> None:
    """Name photos in a change of a record, as the app does before it sends them."""
    phone.set(
        seat,
        record,
        {
            f"attachments.{digest_of(photo)}": {
                "document": "D1",
                "size": len(photo),
                "type": "image/jpeg",
                "taken": "2026-11-22T08:30:00+07:00",
                **told,
            }
            for photo in photos
        },
    )


def metadata_of(**told: str) -> str:
    """Write `Upload-Metadata`."""
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())


def digest_of(photo: bytes) -> str:
    """Give the digest as it stands in fields and addresses."""
    return hashlib.sha256(photo).hexdigest()


@cache
def photo_of(colour: int = 0, side: int = 64, format_: str = "JPEG") -> bytes:
    """Draw a picture that differs by its colour; noise, so that it has some weight."""
    image = Image.effect_noise((side, side), 80).convert("RGB")
    image.putpixel((0, 0), (colour % 256, colour // 256 % 256, 7))
    written = io.BytesIO()
    image.save(written, format_)
    return written.getvalue()

"""An upload begins: of an attachment that a record names, by somebody who holds that record."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.attachments.handing_in import find_naming_seat, find_stored
from server.attachments.listing import find_held, is_named
from server.attachments.rights import Bearer, holds
from server.attachments.rules import (
    OPEN_UPLOADS_MAX,
    Announced,
    AttachmentName,
    ExpiredUpload,
    TooManyUploads,
    UnknownAttachment,
    UnknownUpload,
)
from server.attachments.tables import uploads


@dataclass(frozen=True, slots=True)
class Upload:
    """How far an upload is, and what it shall become."""

    id: str
    name: AttachmentName
    type: str
    length: int
    offset: int
    seat: int
    expires_at: int

    @property
    def is_whole(self) -> bool:
        """Whether everything has come, and is linked to its record."""
        return self.offset == self.length


def create_upload(
    connection: sa.Connection, bearer: Bearer, wanted: Announced, now: int, expires_at: int
) -> Upload:
    """Begin an upload; what is here already needs no bytes, so its upload is born whole.

    Raises UnknownAttachment, whatever the reason, or TooManyUploads.
    """
    name = wanted.name
    seat = _sending_seat(connection, bearer, name)
    if seat is None:
        raise UnknownAttachment
    held = (find_held if bearer.person else find_stored)(connection, name)
    if held is None and _open_count(connection, bearer.device, now) >= OPEN_UPLOADS_MAX:
        raise TooManyUploads
    # What is held has its own length; whatever this client believed, it need send nothing.
    length, offset = (wanted.length, 0) if held is None else (held.size, held.size)
    upload = Upload(secrets.token_hex(16), name, wanted.type, length, offset, seat, expires_at)
    connection.execute(
        sa.insert(uploads).values(
            id=upload.id,
            record=name.record.bytes,
            digest=name.digest,
            type=upload.type,
            length=upload.length,
            offset=upload.offset,
            seat=seat,
            device=bearer.device,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return upload


def get_upload(connection: sa.Connection, bearer: Bearer, upload: str, now: int) -> Upload:
    """Give an upload of this device; raises UnknownUpload or ExpiredUpload."""
    # NUL is nothing that PostgreSQL could even look for.
    mine = sa.select(uploads).where(uploads.c.id == upload, uploads.c.device == bearer.device)
    row = connection.execute(mine).first() if upload.isalnum() else None
    if row is None:
        raise UnknownUpload
    found = Upload(
        row.id,
        AttachmentName(UUID(bytes=row.record), row.digest),
        row.type,
        row.length,
        row.offset,
        row.seat,
        row.expires_at,
    )
    # The right may have gone since the upload began.
    if not _may_go_on(connection, bearer, found.name):
        raise UnknownUpload
    if found.expires_at <= now:
        raise ExpiredUpload
    return found


def forget_upload(connection: sa.Connection, upload: str) -> None:
    """Forget that there ever was such an upload; an attachment that came by it stays."""
    connection.execute(sa.delete(uploads).where(uploads.c.id == upload))


def _sending_seat(connection: sa.Connection, bearer: Bearer, name: AttachmentName) -> int | None:
    """Give the seat that an attachment comes from; nobody where it may not come."""
    if bearer.person is None:
        return find_naming_seat(connection, bearer.device, name)
    may = holds(connection, bearer, name.record) and is_named(connection, name)
    return bearer.seat if may else None


def _may_go_on(connection: sa.Connection, bearer: Bearer, name: AttachmentName) -> bool:
    if bearer.person is None:
        return find_naming_seat(connection, bearer.device, name) is not None
    return holds(connection, bearer, name.record)


def _open_count(connection: sa.Connection, device: int, now: int) -> int:
    counted = sa.select(sa.func.count()).where(
        uploads.c.device == device,
        uploads.c.offset < uploads.c.length,
        uploads.c.expires_at > now,
    )
    return int(connection.execute(counted).scalar_one())

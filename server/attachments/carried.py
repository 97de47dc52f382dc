"""Attachments that came in a bundle: taken as if their own device had sent them.

What a change of that device names is kept, and nothing else: knowing a record is no right. The
bytes are looked into like any others, outside of every transaction.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from server.attachments.handing_in import find_naming_seat, find_stored
from server.attachments.held import Arrival
from server.attachments.inspection import find_fault
from server.attachments.rules import (
    ENDING_BY_TYPE,
    AttachmentName,
    RefusedContent,
    UnknownAttachment,
    UnsupportedType,
)
from server.attachments.staging import Staging
from server.attachments.storage import Storage
from sync.bundle import CarriedAttachment


@dataclass(frozen=True)
class Carried:
    """An attachment that is wanted, and not here; `seat` named it."""

    name: AttachmentName
    type: str
    seat: int
    data: bytes

    @property
    def arrival(self) -> Arrival:
        """Give it as it is once its bytes are here."""
        return Arrival(self.name, self.type, len(self.data), self.seat)


def find_carried(connection: sa.Connection, device: int, came: CarriedAttachment) -> Carried | None:
    """Say as what the office wants these bytes; nothing where it has them.

    Raises UnknownAttachment where no change of this device names them, or none has come yet, and
    UnsupportedType.
    """
    name = AttachmentName(UUID(bytes=came.record), sha256(came.data).digest())
    if came.type not in ENDING_BY_TYPE:
        raise UnsupportedType(f"an attachment is one of {', '.join(ENDING_BY_TYPE)}")
    seat = find_naming_seat(connection, device, name)
    if seat is None:
        raise UnknownAttachment
    if find_stored(connection, name) is not None:
        return None
    return Carried(name, came.type, seat, came.data)


def keep_carried(staging: Staging, storage: Storage, carried: Carried) -> None:
    """Look into the bytes and put them where attachments lie; it takes a while.

    Raises RefusedContent or StorageBusy.
    """
    upload = secrets.token_hex(16)
    try:
        staging.write(upload, 0, carried.data)
        path = staging.path(upload)
        fault = find_fault(path, carried.type)
        if fault is not None:
            raise RefusedContent(fault)
        storage.keep(carried.name, path)
    finally:
        staging.remove(upload)

"""What a revoked device may still send: exactly what changes of its own log name.

Its changes stand in quarantine, where they name nothing; a person decides about them later, and by
then the device is wiped. So its photos come first, and are shown once its changes are admitted.
"""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.attachments.listing import Held
from server.attachments.naming import FIELD
from server.attachments.rules import AttachmentName
from server.attachments.tables import held_attachments
from server.devices.tables import seats
from server.records.changes import MERGED
from server.records.tables import changes
from sync.change import read_skeleton


def find_naming_seat(connection: sa.Connection, device: int, name: AttachmentName) -> int | None:
    """Find the seat of this device that named the attachment in what it handed in."""
    own = _changes_of(name).join(seats, seats.c.number == changes.c.seat)
    return _seat_naming(connection, own.where(seats.c.device == device), name)


def is_still_named(connection: sa.Connection, name: AttachmentName) -> bool:
    """Tell whether any change names the attachment, also in quarantine: it was not erased."""
    return _seat_naming(connection, _changes_of(name), name) is not None


def find_stored(connection: sa.Connection, name: AttachmentName) -> Held | None:
    """Find what is here of an attachment, named or not."""
    row = connection.execute(
        sa.select(held_attachments.c.type, held_attachments.c.size).where(
            held_attachments.c.record == name.record.bytes,
            held_attachments.c.digest == name.digest,
        )
    ).first()
    return Held(*row) if row else None


def _changes_of(name: AttachmentName) -> sa.Select[tuple[int, bytes, bytes]]:
    return sa.select(changes.c.seat, changes.c.skeleton, changes.c.body).where(
        changes.c.record == name.record.bytes, changes.c.effect.in_(MERGED)
    )


def _seat_naming(
    connection: sa.Connection, found: sa.Select[tuple[int, bytes, bytes]], name: AttachmentName
) -> int | None:
    field = f"{FIELD}{name.digest.hex()}"
    rows = connection.execute(found)
    return next((row.seat for row in rows if _names(row.skeleton, row.body, field)), None)


def _names(skeleton: bytes, body: bytes, field: str) -> bool:
    read = read_skeleton(skeleton)
    assert read, "what was merged could be read"
    fields = list(read.fields)
    if field not in fields:
        return False
    said: Any = msgspec.msgpack.decode(body)
    # Of what was erased only the hash of its body is left.
    return isinstance(said, list) and isinstance(said[1][fields.index(field)], dict)

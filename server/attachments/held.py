"""Says that the bytes of an attachment are here, by whichever way they came."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.attachments.rules import AttachmentName
from server.attachments.tables import held_attachments
from server.records.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that lie where attachments lie; `seat` named them."""

    name: AttachmentName
    type: str
    size: int
    seat: int


def link_held(connection: sa.Connection, held: Held, now: int) -> None:
    """Link bytes to their record; they may have come by another way meanwhile."""
    columns = ("record", "digest", "type", "size", "received", "seat")
    row = (held.name.record.bytes, held.name.digest, held.type, held.size, now, held.seat)
    insert_rows(connection, held_attachments, columns, [row], "DO NOTHING")

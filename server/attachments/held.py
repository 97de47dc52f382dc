"""Says that the bytes of an attachment are here, by whichever way they came."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.attachments.handing_in import is_still_named
from server.attachments.rules import AttachmentName, UnknownAttachment
from server.attachments.tables import held_attachments
from server.records.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that lie where attachments lie; `seat` named them."""

    name: AttachmentName
    type: str
    size: int
    seat: int


def link_held(connection: sa.Connection, came: Arrival, now: int) -> None:
    """Link bytes to their record; they may have come by another way meanwhile.

    Raises UnknownAttachment where nothing names them any more: the record was erased while they
    were looked into, and whoever kept them lets go of them again.
    """
    if not is_still_named(connection, came.name):
        raise UnknownAttachment
    columns = ("record", "digest", "type", "size", "received", "seat")
    row = (came.name.record.bytes, came.name.digest, came.type, came.size, now, came.seat)
    insert_rows(connection, held_attachments, columns, [row], "DO NOTHING")

"""What the desk shows of attachments: which are here, and which are still on their way."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.attachments.rules import AttachmentName
from server.attachments.tables import held_attachments, named_attachments
from server.devices.tables import devices, seats


@dataclass(frozen=True)
class Attachment:
    """One attachment of a record; `received` is empty while its bytes are on their way."""

    name: AttachmentName
    document: str | None
    type: str | None
    size: int | None
    taken: str | None
    device_label: str
    received: int | None


@dataclass(frozen=True)
class Held:
    """What is here of an attachment."""

    type: str
    size: int


_is_same = (held_attachments.c.record == named_attachments.c.record) & (
    held_attachments.c.digest == named_attachments.c.digest
)


def attachments_of(connection: sa.Connection, record: UUID) -> list[Attachment]:
    """List what a record names, by document; and from which device the rest is expected."""
    rows = connection.execute(
        sa.select(
            named_attachments,
            held_attachments.c.received,
            sa.func.coalesce(held_attachments.c.type, named_attachments.c.type).label("kind"),
            sa.func.coalesce(held_attachments.c.size, named_attachments.c.size).label("bytes"),
            devices.c.label,
        )
        .outerjoin(held_attachments, _is_same)
        .join(seats, seats.c.number == named_attachments.c.seat)
        .join(devices, devices.c.number == seats.c.device)
        .where(named_attachments.c.record == record.bytes)
        .order_by(named_attachments.c.document, named_attachments.c.taken)
    )
    return [
        Attachment(
            AttachmentName(record, row.digest),
            row.document,
            row.kind,
            row.bytes,
            row.taken,
            row.label,
            row.received,
        )
        for row in rows
    ]


def travelling_count(record: sa.ColumnElement[bytes]) -> sa.ScalarSelect[int]:
    """Count what a record in another query names and what is not here yet."""
    return (
        sa.select(sa.func.count())
        .select_from(named_attachments.outerjoin(held_attachments, _is_same))
        .where(named_attachments.c.record == record, held_attachments.c.record.is_(None))
        .scalar_subquery()
    )


def is_named(connection: sa.Connection, name: AttachmentName) -> bool:
    """Tell whether the record's changes speak of this attachment."""
    same = sa.select(named_attachments.c.seat).where(
        named_attachments.c.record == name.record.bytes, named_attachments.c.digest == name.digest
    )
    return connection.execute(same).first() is not None


def find_held(connection: sa.Connection, name: AttachmentName) -> Held | None:
    """Find what is here of an attachment that its record still names."""
    row = connection.execute(
        sa.select(held_attachments.c.type, held_attachments.c.size)
        .join(named_attachments, _is_same)
        .where(
            held_attachments.c.record == name.record.bytes,
            held_attachments.c.digest == name.digest,
        )
    ).first()
    return Held(*row) if row else None

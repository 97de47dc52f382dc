"""Gives out the bytes of an attachment, so that no browser takes them for a page of ours."""

from typing import Any, Final

import sqlalchemy as sa
from litestar import Response
from litestar.response import Stream

from server.attachments.listing import Held, find_held
from server.attachments.reception import aside
from server.attachments.rules import ENDING_BY_TYPE, AttachmentName, UnknownAttachment
from server.attachments.storage import Storage
from server.attachments.tables import held_attachments
from server.database import Database

POLICY: Final = "sandbox; default-src 'none'"


async def get_held(database: Database, storage: Storage, name: AttachmentName) -> Held:
    """Give what is here of an attachment; raises UnknownAttachment.

    Where the database speaks of bytes that the storage lost (one of the two was restored), the
    attachment is on its way again: devices are told so, and send it once more.
    """
    held = await database.read(lambda connection: find_held(connection, name))
    if held is None:
        raise UnknownAttachment
    if await aside(lambda: storage.size(name)) != held.size:
        await database.write(lambda connection: _forget_held(connection, name))
        raise UnknownAttachment
    return held


def hand_out(storage: Storage, name: AttachmentName, held: Held) -> Response[Any]:
    """Answer with the bytes of what is here."""
    return Stream(
        storage.read(name),
        media_type=held.type,
        headers={**headers_of(name, held), "Content-Length": str(held.size)},
    )


def headers_of(name: AttachmentName, held: Held) -> dict[str, str]:
    """Say how to treat the bytes: something to keep, that runs nothing and stays in no cache."""
    file = f"{name.hex[:16]}.{ENDING_BY_TYPE[held.type]}"
    return {
        "Content-Disposition": f'attachment; filename="{file}"',
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }


def _forget_held(connection: sa.Connection, name: AttachmentName) -> None:
    connection.execute(
        sa.delete(held_attachments).where(
            held_attachments.c.record == name.record.bytes,
            held_attachments.c.digest == name.digest,
        )
    )

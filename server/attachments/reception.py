"""Bytes of an upload come in: kept step by step, so that a cut costs only what was on the line.

1. The offset moves only after the bytes are on the disk, and only from where it was expected.
2. It reaches the length only in the transaction that links the attachment to its record; so
   whoever dies in between sends the last step again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.attachments.creation import Upload, forget_upload
from server.attachments.held import Arrival, link_held
from server.attachments.inspection import find_fault
from server.attachments.rules import (
    Checksum,
    ExpiredUpload,
    OffsetMismatch,
    RefusedContent,
    UnknownAttachment,
    WrongChecksum,
)
from server.attachments.staging import Staging
from server.attachments.storage import Storage
from server.attachments.tables import uploads
from server.bodies import ClientGone
from server.database import Database
from sync.limits import ATTACHMENT_PIECE_BYTES_MAX
from sync.refusals import TooLarge

T = TypeVar("T")

STEP_BYTES: Final = 256 * 1024
"""Kept at once: ten milliseconds of a disk against two minutes of a bad line."""

# Disk, decoders and buckets wait here, not among the readers of the database: desk and exchange
# must not queue behind photographs.
_working = ThreadPoolExecutor(2, thread_name_prefix="attachments")


@dataclass(frozen=True)
class Reception:
    """Where bytes go, and who hears of an attachment that is here."""

    database: Database
    staging: Staging
    storage: Storage
    expires_in_ms: int
    announce: Callable[[UUID], None]
    # Told of an attachment that will never be taken, so that a person hears of it.
    refused: Callable[[Upload, int], Awaitable[None]]

    async def receive(
        self,
        upload: Upload,
        offset: int,
        parts: AsyncIterator[bytes],
        checksum: Checksum | None,
        now: int,
    ) -> Upload:
        """Take one piece, and give the upload as it then is.

        What came before ClientGone is kept, unless a checksum was told that cannot be checked any
        more. Raises OffsetMismatch, ExpiredUpload, TooLarge, WrongChecksum, RefusedContent or
        StorageBusy.
        """
        if offset != upload.offset:
            raise OffsetMismatch
        waiting = bytearray()
        received = 0
        try:
            async for part in parts:
                received += len(part)
                if received > ATTACHMENT_PIECE_BYTES_MAX or offset + received > upload.length:
                    raise TooLarge("the piece", received, ATTACHMENT_PIECE_BYTES_MAX)
                waiting += part
                if checksum is None and len(waiting) >= STEP_BYTES:
                    upload = await self._keep(upload, bytes(waiting), now)
                    waiting.clear()
        except ClientGone:
            if checksum is None and waiting:
                await self._keep(upload, bytes(waiting), now)
            raise
        if checksum is not None:
            checksum.require(bytes(waiting))
        return await self._keep(upload, bytes(waiting), now) if waiting else upload

    async def discard(self, upload: str) -> None:
        """Forget an upload and its bytes."""
        await self.database.write(lambda connection: forget_upload(connection, upload))
        await aside(lambda: self.staging.remove(upload))

    async def _keep(self, upload: Upload, step: bytes, now: int) -> Upload:
        """Write bytes where the upload ends, and move its end behind them."""
        if await aside(lambda: self.staging.size(upload.id)) < upload.offset:
            # The disk was restored or cleared: what was counted is not there.
            await self.discard(upload.id)
            raise ExpiredUpload
        await aside(lambda: self.staging.write(upload.id, upload.offset, step))
        moved = replace(
            upload, offset=upload.offset + len(step), expires_at=now + self.expires_in_ms
        )
        if not moved.is_whole:
            await self.database.write(partial(move_offset, before=upload, after=moved))
            return moved
        await self._require_fit(upload, now)
        path = self.staging.path(upload.id)
        await aside(lambda: self.storage.keep(upload.name, path))
        try:
            await self.database.write(partial(link, before=upload, after=moved, now=now))
        except UnknownAttachment:
            await aside(lambda: self.storage.remove(upload.name))
            await self.discard(upload.id)
            raise
        self.announce(moved.name.record)
        await aside(lambda: self.staging.remove(upload.id))
        return moved

    async def _require_fit(self, upload: Upload, now: int) -> None:
        """Pass if the whole is what it was announced as; else nothing of it is worth keeping."""
        digest = await aside(lambda: self.staging.digest(upload.id, upload.length))
        if digest != upload.name.digest:
            await self.discard(upload.id)
            raise WrongChecksum("whole attachment")
        path = self.staging.path(upload.id)
        fault = await aside(lambda: find_fault(path, upload.type))
        if fault is not None:
            await self.refused(upload, now)
            await self.discard(upload.id)
            raise RefusedContent(fault)


def move_offset(connection: sa.Connection, before: Upload, after: Upload) -> None:
    """Move the end of an upload from where it was expected; raises OffsetMismatch."""
    moved = connection.execute(
        sa.update(uploads)
        .where(uploads.c.id == before.id, uploads.c.offset == before.offset)
        .values(offset=after.offset, expires_at=after.expires_at)
    )
    if moved.rowcount != 1:
        raise OffsetMismatch


def link(connection: sa.Connection, before: Upload, after: Upload, now: int) -> None:
    """Say that the attachment is here; it may be for the second time, by another upload."""
    move_offset(connection, before, after)
    link_held(connection, Arrival(after.name, after.type, after.length, after.seat), now)


async def aside(work: Callable[[], T]) -> T:
    """Run what waits for disk, network or a decoder."""
    return await asyncio.get_running_loop().run_in_executor(_working, work)

"""Uploads that nobody goes on with are swept: their rows, and their bytes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

import sqlalchemy as sa

from server.attachments.reception import aside
from server.attachments.staging import Staging
from server.attachments.tables import uploads
from server.clock import now_ms
from server.database import Busy, Database

SWEEP_SECONDS: Final = 15 * 60

_log = logging.getLogger("luudong")


async def sweep(database: Database, staging: Staging, now: int, expires_in_ms: int) -> int:
    """Forget what has expired; gives how many uploads. First the rows, then bytes without one."""
    expired = sa.select(uploads.c.id).where(uploads.c.expires_at <= now)
    swept = await database.read(lambda connection: connection.execute(expired).scalars().all())
    if swept:
        gone = sa.delete(uploads).where(uploads.c.expires_at <= now)
        await database.write(lambda connection: connection.execute(gone).rowcount)
    known = sa.select(uploads.c.id).where(uploads.c.offset < uploads.c.length)
    kept = set(await database.read(lambda connection: connection.execute(known).scalars().all()))
    # Also what a crash left behind. A file that is younger may have its row in a moment.
    strays = await aside(lambda: set(staging.names_before(now - expires_in_ms)) - kept)
    for upload in {*swept, *strays} - kept:
        await aside(partial(staging.remove, upload))
    return len(swept)


@asynccontextmanager
async def sweeping(database: Database, staging: Staging, expires_in_ms: int) -> AsyncIterator[None]:
    """Sweep now and then while the context is open."""
    task = asyncio.create_task(_sweep_on(database, staging, expires_in_ms))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep_on(database: Database, staging: Staging, expires_in_ms: int) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await sweep(database, staging, now_ms(), expires_in_ms)
        except (Busy, OSError):
            _log.warning("expired uploads could not be swept; they are tried again")

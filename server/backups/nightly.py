"""The server's own backups: at its hour each night, and soon after a start that missed one.

The work is done by a process of its own (`luudong backup`): walking every chain takes a processor
for a while, and whoever exchanges meanwhile must not wait for it.
"""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from server.backups.manifest import find_newest
from server.backups.rules import is_due
from server.settings import Settings

LOOK_SECONDS = 60.0
"""How often the clock is looked at: a laptop that slept through its hour notices soon."""

FIRST_SECONDS = 5.0
"""After the start; whoever waits for the first page goes before."""

_log = logging.getLogger(__name__)


async def keep_backups(
    hour: int,
    *,
    clock: Callable[[], int],
    pause: Callable[[float], Awaitable[None]],
    find_made_at: Callable[[], int | None],
    make: Callable[[], Awaitable[bool]],
) -> None:
    """Make backups for ever; the world comes in as arguments, so that a test can turn its clock.

    `find_made_at` gives the time of the newest verified backup of this epoch.
    """
    tried: int | None = None
    await pause(FIRST_SECONDS)
    while True:
        now = clock()
        if is_due(find_made_at(), tried, now, hour):
            tried = now
            if not await make():
                _log.warning("the backup failed; it is tried again in a quarter of an hour")
        await pause(LOOK_SECONDS)


async def serve_backups(
    settings: Settings,
    epoch: Callable[[], int],
    clock: Callable[[], int],
    told: Callable[[], None],
) -> None:
    """Keep an office's backups until cancelled; `told` is called after each that is proven."""
    if settings.backup_hour is None:
        return

    def find_made_at() -> int | None:
        newest = find_newest(settings.backups_folder)
        same_life = newest is not None and newest.manifest.epoch == epoch()
        return newest.manifest.made_at if newest and same_life else None

    async def make() -> bool:
        try:
            made = await _in_own_process(settings)
        except OSError:  # no memory, no processes left: the next attempt may find some
            return False
        if made:
            told()
        return made

    await keep_backups(
        settings.backup_hour,
        clock=clock,
        pause=asyncio.sleep,
        find_made_at=find_made_at,
        make=make,
    )


async def _in_own_process(settings: Settings) -> bool:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "server.cli", "backup"),
        env={**os.environ, **environ_of(settings)},
        stdin=DEVNULL,
        stdout=DEVNULL,
        start_new_session=True,  # Ctrl-C is for the server; it ends this one itself
    )
    try:
        return await process.wait() == 0
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def environ_of(settings: Settings) -> dict[str, str]:
    """Give the settings as a process of our own reads them."""
    told = {
        "LUUDONG_MODE": settings.mode,
        "LUUDONG_DATA": str(settings.data),
        "LUUDONG_DATABASE": settings.database,
        "LUUDONG_BACKUPS": str(settings.backups_folder),
        "LUUDONG_OFFICE": settings.office,
        "LUUDONG_OFFICE_NAME": settings.office_name,
    }
    return told | ({"LUUDONG_SECRET": settings.secret} if settings.secret else {})

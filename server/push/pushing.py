"""Sends what is due, behind everybody's back: no deed waits for it, none fails because of it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import sqlalchemy as sa

from server.clock import now_ms
from server.database import Busy, Database
from server.keys import OfficeKeys
from server.push.carrier import Carrier
from server.push.codes import note_codes
from server.push.notices import Due, find_due, settle
from server.push.sealing import Outcome, contact_of, send
from server.push.subscriptions import Subscribed, drop_gone, find_subscribed
from server.settings import Settings
from sync.receipt import key_name

AT_ONCE: Final = 4
ROUND_MAX: Final = 200
"""Messages in one round; the others go in the next."""

TICK_SECONDS: Final = 60.0
CODES_EVERY_MS: Final = 60 * 60 * 1000

_log = logging.getLogger("luudong")


@dataclass
class Pushing:
    """The sending side of an open office."""

    settings: Settings
    keys: OfficeKeys
    database: Database
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _looked_at: int = 0

    @property
    def key_name(self) -> str:
        """Name the key that browsers bind their subscriptions to."""
        return key_name(self.keys.push_public_key)

    def wake(self) -> None:
        """Say that something may be due. Call it after the commit, on the loop."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send while the context is open, if the office wishes to."""
        if not self.settings.push:
            yield
            return
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push")
        task = asyncio.create_task(self._run(threads))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            threads.shutdown(wait=False, cancel_futures=True)

    async def round(self, threads: ThreadPoolExecutor, now: int) -> int:
        """Send what is due now; gives how many messages were handed over."""
        if now - self._looked_at >= CODES_EVERY_MS:
            self._looked_at = now
            await self.database.write(partial(note_codes, now=now))
        due, subscribed = await self.database.read(partial(self._look, now=now))
        if not due:
            return 0
        loop = asyncio.get_running_loop()
        carrier = Carrier(self.settings.is_demo)
        contact = contact_of(self.settings.url)
        key = self.keys.push_key
        to_send = [(one, subscribed[one.seat]) for one in due if one.seat in subscribed]
        outcomes = await asyncio.gather(
            *(
                loop.run_in_executor(threads, send, key, contact, carrier, to.push, one.kind, now)
                for one, to in to_send
            )
        )
        done = [(one, to, outcome) for (one, to), outcome in zip(to_send, outcomes, strict=True)]
        left = [one for one in due if one.seat not in subscribed]
        await self.database.write(partial(_keep, done=done, left=left, now=now))
        return sum(outcome is Outcome.SENT for outcome in outcomes)

    def _look(self, connection: sa.Connection, now: int) -> tuple[list[Due], dict[int, Subscribed]]:
        due = find_due(connection, now)[:ROUND_MAX]
        if not due:
            return [], {}
        seats = sorted({one.seat for one in due})
        found = find_subscribed(connection, self.key_name, seats)
        return due, {one.seat: one for one in found}

    async def _run(self, threads: ThreadPoolExecutor) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
            self._woken.clear()
            try:
                await self.round(threads, now_ms())
            except Busy:
                _log.warning("phones could not be woken now; it is tried again")
            except Exception as fault:  # noqa: BLE001 -- no phone is woken for ever otherwise
                # Its sentence could hold an address.
                _log.error("waking phones failed: %s", type(fault).__name__)


def _keep(
    connection: sa.Connection,
    done: list[tuple[Due, Subscribed, Outcome]],
    left: list[Due],
    now: int,
) -> None:
    for due, to, outcome in done:
        settle(connection, due, now, is_sent=outcome is Outcome.SENT)
        if outcome is Outcome.GONE:
            drop_gone(connection, to)
    for due in left:  # nobody may be woken there any more: there is nothing to try again
        settle(connection, due, now, is_sent=True)

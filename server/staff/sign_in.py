"""Signing in by name and password, at the desk and on a device alike."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from server.database import Database
from server.staff.passwords import is_password
from server.staff.person import Person, find_person
from server.staff.tables import sign_in_failures, staff
from sync.refusals import Refusal

FAILURES_MAX = 5
"""Wrong passwords for one name before it has to wait."""

FAILURES_WITHIN_MS = 15 * 60 * 1000

# argon2 takes 19 MiB and a whole processor each; more at once would starve the exchange.
_hashing = ThreadPoolExecutor(2, thread_name_prefix="argon2")


class WrongSecret(Refusal):
    """Nobody of this name with this password; it never says which of the two is wrong."""

    code = "wrong-secret"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("the name or the password is not right")


class TooManyFailures(Refusal):
    """Too many wrong passwords for this name lately."""

    code = "too-many-requests"

    def __init__(self, retry_after_seconds: int) -> None:
        """Build the sentence."""
        super().__init__(f"too many attempts; try again in {retry_after_seconds} seconds")
        self.retry_after_seconds = retry_after_seconds


async def check_secret(database: Database, sign_in: str, secret: str, now: int) -> Person:
    """Give the person of this name and password; raises WrongSecret or TooManyFailures."""
    if "\0" in sign_in:
        raise WrongSecret  # PostgreSQL cannot even look for it
    found = await database.read(lambda connection: _Found(connection, sign_in, now))
    if found.failures >= FAILURES_MAX:
        waited_ms = now - found.first_failure
        raise TooManyFailures(max(1, (FAILURES_WITHIN_MS - waited_ms) // 1000))
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_hashing, is_password, secret, found.password_hash)
    if not right or found.person is None:
        await database.write(lambda connection: _record_failure(connection, sign_in, now))
        raise WrongSecret
    if found.failures:
        await database.write(lambda connection: _forget_failures(connection, sign_in))
    return found.person


class _Found:
    """What is known of a name before its password is looked at."""

    def __init__(self, connection: sa.Connection, sign_in: str, now: int) -> None:
        recent = sa.select(sa.func.count(), sa.func.min(sign_in_failures.c.at)).where(
            sign_in_failures.c.sign_in == sign_in,
            sign_in_failures.c.at > now - FAILURES_WITHIN_MS,
        )
        self.failures, self.first_failure = connection.execute(recent).one()
        row = connection.execute(
            sa.select(staff.c.id, staff.c.password_hash).where(staff.c.sign_in == sign_in)
        ).first()
        self.password_hash: str | None = row.password_hash if row else None
        self.person = find_person(connection, row.id) if row else None


def _record_failure(connection: sa.Connection, sign_in: str, now: int) -> None:
    old = sign_in_failures.c.at <= now - FAILURES_WITHIN_MS
    connection.execute(sa.delete(sign_in_failures).where(old))
    connection.execute(sa.insert(sign_in_failures).values(sign_in=sign_in, at=now))


def _forget_failures(connection: sa.Connection, sign_in: str) -> None:
    connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.sign_in == sign_in))

"""Sessions at the desk: who is signed in, kept in the database, named by a random cookie.

1. The database knows only the hash of the cookie.
2. A session ends after `IDLE_MS_MAX` without a page, and after `SESSION_MS_MAX` whatever happens.
3. Signing in always makes a new one: a cookie from before is worth nothing afterwards.
"""

import secrets
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from server.staff.person import Person, find_person
from server.staff.tables import sessions

TOKEN_BYTES: Final = 32
IDLE_MS_MAX: Final = 60 * 60 * 1000  # an officer's lunch; the desk stands in a public hall
SESSION_MS_MAX: Final = 12 * 60 * 60 * 1000  # one working day with its evening opening
SEEN_AGAIN_MS: Final = 60 * 1000  # a page within this of the last one is not written down


def open_session(connection: sa.Connection, staff_id: int, now: int) -> str:
    """Begin a session and give the secret for its cookie; what has run out is cleared away."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(
        sa.delete(sessions).where(
            sa.or_(sessions.c.expires_at <= now, sessions.c.last_seen <= now - IDLE_MS_MAX)
        )
    )
    connection.execute(
        sa.insert(sessions).values(
            token_hash=_hash(token),
            staff=staff_id,
            created_at=now,
            last_seen=now,
            expires_at=now + SESSION_MS_MAX,
        )
    )
    return token


def find_signed_in(connection: sa.Connection, token: str, now: int) -> tuple[Person, int] | None:
    """Give the person behind a cookie and when they were last seen, if the session still runs."""
    row = connection.execute(
        sa.select(sessions.c.staff, sessions.c.last_seen).where(
            sessions.c.token_hash == _hash(token),
            sessions.c.expires_at > now,
            sessions.c.last_seen > now - IDLE_MS_MAX,
        )
    ).one_or_none()
    if row is None:
        return None
    person = find_person(connection, row.staff)
    return None if person is None else (person, row.last_seen)


def mark_seen(connection: sa.Connection, token: str, now: int) -> None:
    """Put off the end that comes from idleness."""
    connection.execute(
        sa.update(sessions).where(sessions.c.token_hash == _hash(token)).values(last_seen=now)
    )


def close_session(connection: sa.Connection, token: str) -> None:
    """End a session; its cookie is worth nothing from now on."""
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash == _hash(token)))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()

"""One-time links by which a device may ask to join."""

import secrets
from hashlib import sha256

import sqlalchemy as sa

from server.devices.tables import enrolment_links
from server.settings import Settings

LINK_MINUTES = 10
"""How long a link lives: long enough to walk to the tablet, too short for a photographed one."""


def make_link(connection: sa.Connection, staff_id: int | None, now: int) -> str:
    """Give the code of a new link; only its hash is kept."""
    code = secrets.token_urlsafe(16)
    connection.execute(
        sa.insert(enrolment_links).values(
            code_hash=code_hash(code),
            created_by=staff_id,
            created_at=now,
            expires_at=now + LINK_MINUTES * 60 * 1000,
        )
    )
    return code


def link_address(settings: Settings, code: str) -> str:
    """Give the address to open on the device; the code never reaches a server's log."""
    return f"{settings.url}/app/#/enrol/{code}"


def code_hash(code: str) -> bytes:
    """Give what is kept of a code."""
    return sha256(b"luudong/link\0" + code.encode()).digest()

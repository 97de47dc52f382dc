"""Signed, numbered lists: the office issues them, devices keep them and show them after a restore.

1. A list only grows. What is in a list that comes back is true, whatever its number.
2. A number is never given twice: each is above all that were seen, and a new epoch begins with
   numbers of its own, above those that a lost life may have given out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.facts import current_epoch, first_number
from server.keys import OfficeKeys
from server.lists.tables import signed_lists
from server.statements import Statement
from sync import signature
from sync.exchange import ListsHeld, Shown
from sync.papers import sign_paper


@dataclass(frozen=True)
class SignedList:
    """A list as it is kept."""

    number: int
    shown: Shown


def find_list(connection: sa.Connection, purpose: str) -> SignedList | None:
    """Find the newest list of a purpose; nothing where there was never anything to list."""
    found = sa.select(signed_lists).where(signed_lists.c.purpose == purpose)
    row = connection.execute(found.with_for_update()).first()
    return (
        None if row is None else SignedList(row.number, Shown(purpose, row.message, row.signature))
    )


def issue_list(
    connection: sa.Connection,
    keys: OfficeKeys,
    office: str,
    purpose: str,
    entries: Sequence[object],
    now: int,
    *,
    above: int = 0,
) -> None:
    """Sign a list anew, under a number above every other that is known."""
    last = find_list(connection, purpose)
    fresh = first_number(current_epoch(connection))
    number = max(last.number if last else 0, above, fresh - 1) + 1
    shown = sign_paper(keys.private_key, purpose, [office, number, entries, now])
    values = {"number": number, "message": shown.message, "signature": shown.signature}
    if last is None:
        connection.execute(sa.insert(signed_lists).values(purpose=purpose, **values))
        return
    changed = sa.update(signed_lists).where(signed_lists.c.purpose == purpose)
    connection.execute(changed.values(**values))


def newer_lists(connection: sa.Connection, held: ListsHeld) -> list[Shown]:
    """Give the lists of which a device has an older one, or none."""
    rows = _newer.rows(connection, revocations=held.revocations, erasures=held.erasures)
    return [Shown(*row) for row in rows]


def _above(purpose: str) -> "sa.ColumnElement[bool]":
    return (signed_lists.c.purpose == purpose) & (signed_lists.c.number > sa.bindparam(purpose))


_newer = Statement(
    sa.select(signed_lists.c.purpose, signed_lists.c.message, signed_lists.c.signature)
    .where(_above(signature.REVOCATIONS) | _above(signature.ERASURES))
    .order_by(signed_lists.c.purpose)
)

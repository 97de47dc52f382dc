"""Branches of logs that parted: kept beside the log, and chained to what it holds before them."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.devices.tables import seats
from server.records.changes import heads_between
from server.records.tables import branches
from sync import chain
from sync.batch import Batch, link_changes
from sync.change import LinkedChange
from sync.sent_batch import read_batch


def load_branches(connection: sa.Connection) -> list[tuple[int, Batch]]:
    """Load every branch that is kept, with its number."""
    rows: Iterable[Any] = connection.execute(sa.select(branches.c.id, branches.c.batch))
    return [(row.id, read_batch(row.batch, len(row.batch))) for row in rows]


def link_branch(connection: sa.Connection, batch: Batch) -> list[LinkedChange]:
    """Give the changes of a branch, each with its own head; raises Malformed."""
    before = batch.first - 1
    held = heads_between(connection, batch.seat, before, before)
    head = held.get(before) or _start(connection, batch.seat)
    return link_changes(batch.seat, batch.first, batch.changes, head)


def _start(connection: sa.Connection, seat: int) -> bytes:
    key = sa.select(seats.c.public_key).where(seats.c.number == seat)
    return chain.start(connection.execute(key).scalar_one())

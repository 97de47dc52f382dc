"""Few things that are true of this database as a whole, and the numbers that follow from them."""

import sqlalchemy as sa

from server.database import metadata
from server.statements import Statement

SPAN_NUMBERS = 1_000_000
"""Numbers of devices and seats that one epoch may give out."""

EPOCH = "epoch"
"""The fact that says which life of the database this is."""

BACKUP_VERIFIED_AT = "backup_verified_at"
"""The fact that says when the newest verified backup of this epoch was made, in ms."""

BEGAN_AT = "epoch_began_at"
"""The fact that says when this epoch began, in ms."""

office_facts = sa.Table(
    "office_facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def find_fact(connection: sa.Connection, name: str) -> str | None:
    """Find a fact by its name."""
    row = _fact.row(connection, named=name)
    return None if row is None else str(row[0])


_fact = Statement(
    sa.select(office_facts.c.value).where(office_facts.c.name == sa.bindparam("named"))
)


def keep_fact(connection: sa.Connection, name: str, value: str) -> None:
    """Write a fact, new or changed."""
    if find_fact(connection, name) is None:
        connection.execute(sa.insert(office_facts).values(name=name, value=value))
        return
    changed = sa.update(office_facts).where(office_facts.c.name == name)
    connection.execute(changed.values(value=value))


def forget_fact(connection: sa.Connection, name: str) -> None:
    """Let go of a fact that is no longer true."""
    connection.execute(sa.delete(office_facts).where(office_facts.c.name == name))


def current_epoch(connection: sa.Connection) -> int:
    """Give the life of the database that this transaction sees (`server/epoch.py`)."""
    return epoch_of(find_fact(connection, EPOCH))


def epoch_of(value: str | None) -> int:
    """Give the epoch that the fact says; a database that has not begun one is in its first."""
    return int(value or "1")


def next_number(connection: sa.Connection, column: "sa.Column[int]") -> int:
    """Give the next free number of a device or a seat, in the span of this epoch.

    Two who ask at once get the same; the key of the table lets one in and the other tries again.
    """
    first = first_number(current_epoch(connection))
    last = connection.execute(sa.select(sa.func.max(column))).scalar()
    return max(first, (last or 0) + 1)


def first_number(epoch: int) -> int:
    """Give the first number that an epoch may give to a device or a seat."""
    return (epoch - 1) * SPAN_NUMBERS + 1

"""Which numbers this life of the office uses, and the civil date of a moment."""

import sqlalchemy as sa

from server.codes.rules import Life
from server.desk.writing import instant
from server.facts import BEGAN_AT, current_epoch, find_fact


def life_of(connection: sa.Connection) -> Life:
    """Give the life of the office that this transaction sees."""
    began = int(find_fact(connection, BEGAN_AT) or 0)
    return Life(current_epoch(connection), civil_day(began))


def civil_day(now: int) -> str:
    """Give the date that people write at a moment, YYYY-MM-DD."""
    return instant(now).date().isoformat()

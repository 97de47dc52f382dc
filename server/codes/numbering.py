"""The office's own official codes: for dossiers that come with a provisional one, or at the desk.

Its ordinals lie where nothing is leased. Whoever takes some holds the row of the date until the
commit, so none is given twice; one that is given back by a rollback was never seen.
"""

import sqlalchemy as sa

from server.codes.rules import next_of_office, span_of
from server.codes.span import civil_day, life_of
from server.codes.tables import office_ordinals
from server.records.rows import insert_rows
from sync.codes import official_code


def take_codes(connection: sa.Connection, agency: str, count: int, now: int) -> list[str]:
    """Give so many new codes of today; fewer only where the day has no more numbers."""
    day = civil_day(now)
    span = span_of(life_of(connection), day)
    of_day = {"on": day, "within": span}
    insert_rows(connection, office_ordinals, _COLUMNS, [(day, span, span)], "DO NOTHING")
    last = connection.execute(_last, of_day).scalar_one()
    codes = []
    for _ in range(count):
        ordinal = next_of_office(span, last)
        if ordinal is None:
            break
        codes.append(official_code(agency, day, ordinal))
        last = ordinal
    connection.execute(sa.update(office_ordinals).where(_is_it).values(last=last), of_day)
    return codes


_COLUMNS = ("day", "span", "last")
_is_it = (office_ordinals.c.day == sa.bindparam("on")) & (
    office_ordinals.c.span == sa.bindparam("within")
)
_last = sa.select(office_ordinals.c.last).where(_is_it).with_for_update()

"""The running numbers of the office's papers ("Số 12/PBS"), by form and year.

1. Without gaps. Whoever takes one holds the row of the form and year until the commit, so none is
   given twice; one that is given back by a rollback was never seen.
2. A life of the office that was lost may have given numbers that nobody here knows: papers with
   them are in people's hands. So an office that was restored goes on in a series of its own for the
   rest of that year ("1-2/PBS": the first of its second life).
"""

import sqlalchemy as sa

from server.codes.rules import series_of
from server.codes.span import civil_day, life_of
from server.codes.tables import paper_numbers
from server.records.rows import insert_rows


def take_number(connection: sa.Connection, form: str, now: int) -> str:
    """Give the next number of a form, as it stands on the paper."""
    day = civil_day(now)
    year, series = int(day[:4]), series_of(life_of(connection), day)
    insert_rows(connection, paper_numbers, _COLUMNS, [(form, year, series, 0)], "DO NOTHING")
    of_year = {"of_form": form, "in_year": year, "in_series": series}
    last = connection.execute(_last, of_year).scalar_one() + 1
    connection.execute(sa.update(paper_numbers).where(_is_it).values(last=last), of_year)
    return f"{last}/{form}" if series == 1 else f"{last}-{series}/{form}"


_COLUMNS = ("form", "year", "series", "last")
_is_it = sa.and_(
    paper_numbers.c.form == sa.bindparam("of_form"),
    paper_numbers.c.year == sa.bindparam("in_year"),
    paper_numbers.c.series == sa.bindparam("in_series"),
)
_last = sa.select(paper_numbers.c.last).where(_is_it).with_for_update()

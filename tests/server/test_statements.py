"""Statements that go past SQLAlchemy: the same answers, and the same words for what goes wrong."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from server.database import Database, open_database
from server.facts import office_facts
from server.staff.tables import team_areas
from server.statements import Among, Lines, Statement, say

NAMED = Statement(
    sa.select(office_facts.c.name, office_facts.c.value)
    .where(Among(office_facts.c.name, "names"))
    .order_by(office_facts.c.name)
    .limit(2)
)
KEPT = Statement(
    sa.insert(office_facts).values(name=sa.bindparam("called"), value=sa.bindparam("says"))
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a migrated database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


def test_a_list_is_one_value_whatever_its_length(database: Database) -> None:
    with database.engine.begin() as connection:
        for name in ("an", "binh", "chi"):
            assert KEPT.count(connection, called=name, says="yes") == 1

        assert NAMED.rows(connection, names=["chi", "an"]) == [("an", "yes"), ("chi", "yes")]
        assert len(NAMED.rows(connection, names=["chi", "an", "binh"])) == 2
        assert NAMED.row(connection, names=[]) is None


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_list_is_looked_up_by_the_index(database: Database) -> None:
    asked = sa.select(office_facts.c.value).where(Among(office_facts.c.name, "names"))
    with database.engine.begin() as connection:
        text = str(asked.compile(dialect=connection.dialect))

        plan = say(connection, f"EXPLAIN QUERY PLAN {text}", ['["an"]']).fetchall()

    assert plan[0][-1].startswith("SEARCH office_facts USING INDEX")


def test_texts_of_many_rows_come_in_one(database: Database) -> None:
    listed = Statement(sa.select(Lines(team_areas.c.area)).select_from(team_areas))
    with database.engine.begin() as connection:
        assert listed.row(connection) == (None,)


def test_what_goes_wrong_is_told_as_sqlalchemy_tells_it_and_names_no_value(
    database: Database,
) -> None:
    with database.engine.begin() as connection:
        KEPT.count(connection, called="once", says="Nguyễn Thị Mẫu")

    with database.engine.connect() as connection, pytest.raises(exc.IntegrityError) as told:
        KEPT.count(connection, called="once", says="Nguyễn Thị Mẫu")

    assert "Nguyễn" not in str(told.value)
    with database.engine.connect() as connection, pytest.raises(exc.DBAPIError):
        say(connection, "SELECT nothing FROM nowhere", ())

"""Statements of the hot path: written with SQLAlchemy, compiled once, said by the driver itself.

What SQLAlchemy does around each execution costs several times what SQLite needs to answer it
(`tests/bench`). Rows come as the driver gives them: plain tuples, on SQLite 0 and 1 for booleans.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import psycopg
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]


class Statement:
    """One statement. Its values go by the names of its `bindparam`s."""

    def __init__(self, clause: sa.ClauseElement) -> None:
        """Keep it; it is compiled when it is first said to a kind of database."""
        self._clause = clause
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: sa.Connection, **values: object) -> list[Row]:
        """Say it, and give all rows."""
        found: list[Row] = self._say(connection, values).fetchall()
        return found

    def row(self, connection: sa.Connection, **values: object) -> Row | None:
        """Say it, and give the first row, if there is any."""
        found: Row | None = self._say(connection, values).fetchone()
        return found

    def count(self, connection: sa.Connection, **values: object) -> int:
        """Say it, and count the rows that it changed."""
        return int(self._say(connection, values).rowcount)

    def _say(self, connection: sa.Connection, values: Mapping[str, object]) -> Any:  # noqa: ANN401 -- the driver's own
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        return say(connection, compiled.text, compiled.bind(values))

    def _compile(self, dialect: sa.Dialect) -> "_Compiled":
        found = self._clause.compile(dialect=dialect)
        assert isinstance(found, SQLCompiler)
        # What stands in the statement as a value of its own: a limit, a default.
        fixed = {name: value for name, value in found.params.items() if value is not None}
        places = found.positiontup if found.positional else None
        compiled = self._compiled[dialect.name] = _Compiled(found.string, places, fixed)
        return compiled


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    # The names of the values in their order, where the driver counts them.
    places: list[str] | None
    fixed: dict[str, object]

    def bind(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401 -- as the driver wants it
        bound = {**self.fixed, **values}
        return bound if self.places is None else [_plain(bound[name]) for name in self.places]


class Among(sa.ColumnElement[bool]):
    """That a column is one of the numbers or texts in a list: the statement is always the same."""

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: "sa.ColumnElement[Any]", name: str) -> None:
        """Name the list."""
        self.column = column
        self.listed: sa.BindParameter[Any] = sa.bindparam(name, type_=ARRAY(column.type))

    def self_group(self, against: object = None) -> "Among":  # noqa: ARG002 -- named so by SQLAlchemy
        """Stand bare: as `… = 1`, the way SQLite is told booleans, no index would be used."""
        return self


@compiles(Among, "postgresql")
def _among_array(among: Among, compiler: SQLCompiler, **told: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(part, **told) for part in (among.column, among.listed))
    return f"{column} = ANY ({listed})"


@compiles(Among, "sqlite")
def _among_json(among: Among, compiler: SQLCompiler, **told: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(part, **told) for part in (among.column, among.listed))
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 -- names of our own


class Lines(sa.ColumnElement[str]):
    """All texts of a column in one, a line each."""

    inherit_cache = False
    type = sa.Text()

    def __init__(self, column: "sa.ColumnElement[str]") -> None:
        """Name the column; the statement says itself where it stands."""
        self.column = column


@compiles(Lines, "postgresql")
def _lines_of_postgres(lines: Lines, compiler: SQLCompiler, **told: Any) -> str:  # noqa: ANN401
    return f"string_agg({compiler.process(lines.column, **told)}, chr(10))"


@compiles(Lines, "sqlite")
def _lines_of_sqlite(lines: Lines, compiler: SQLCompiler, **told: Any) -> str:  # noqa: ANN401
    return f"group_concat({compiler.process(lines.column, **told)}, char(10))"


def say(connection: sa.Connection, text: str, values: Any) -> Any:  # noqa: ANN401 -- the driver's own
    """Say a statement to the driver; what goes wrong is told as SQLAlchemy would tell it."""
    driver: Any = connection.connection.driver_connection
    try:
        if connection.dialect.name == "sqlite":
            return driver.execute(text, values)
        return driver.execute(text, values, binary=True)
    except (sqlite3.Error, psycopg.Error) as error:
        raise _told(connection, text, error) from error


def say_to_each(connection: sa.Connection, text: str, rows: Sequence[Row]) -> None:
    """Say a statement once for each row; on SQLite, where that costs nothing."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.executemany(text, rows)
    except sqlite3.Error as error:
        raise _told(connection, text, error) from error


def _told(connection: sa.Connection, text: str, error: Exception) -> BaseException:
    dialect = connection.dialect
    driver = connection.connection.dbapi_connection
    # It is typed for DBAPI's own protocol, of which drivers' errors are no declared part.
    is_gone = dialect.is_disconnect(cast("Any", error), driver, None)
    if is_gone:
        connection.invalidate(error)
    # Without the values: they may be a citizen's.
    return exc.DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_gone,
        dialect=dialect,
    )


def _plain(value: object) -> object:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value

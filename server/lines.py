"""Connections that threads keep: to borrow one for each job costs more than most jobs ask of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import exc


class Line:
    """One thread's own connection. After a fault the next job gets a new one."""

    def __init__(self, engine: sa.Engine) -> None:
        """Connect with the first job."""
        self._engine = engine
        self._connection: sa.Connection | None = None

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """Give the connection, on which no transaction is open."""
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            yield self._connection
        except exc.DBAPIError:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Lines:
    """The lines of several threads."""

    def __init__(self, engine: sa.Engine) -> None:
        """Begin with none."""
        self._engine = engine
        self._own = threading.local()
        self._all: list[Line] = []

    @property
    def mine(self) -> Line:
        """Give the line of the thread that asks."""
        line: Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = Line(self._engine)
            self._all.append(line)
        return line

    def hang_up(self) -> None:
        """Let go of all connections; no thread may be at work any more."""
        for line in self._all:
            line.hang_up()

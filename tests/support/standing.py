"""Applications that are put together once and then serve one office after the other.

Litestar reads the signature of every handler anew for each application: with a hundred handlers
that takes longer than most tests do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace

from litestar import Litestar

from server.app import create_app
from server.office import Office

_idle: list[tuple[Office, Litestar]] = []


@contextmanager
def application_of(opened: Office) -> Iterator[tuple[Office, Litestar]]:
    """Give an application that serves this office, and the office as its doors see it.

    Two offices that are open at once have one each.
    """
    stands_for, app = _idle.pop() if _idle else _put_together(opened)
    for one in fields(Office):
        object.__setattr__(stands_for, one.name, getattr(opened, one.name))
    yield stands_for, app
    _idle.append((stands_for, app))


def _put_together(opened: Office) -> tuple[Office, Litestar]:
    stands_for = replace(opened)
    return stands_for, create_app(stands_for)

"""Applications that are put together once and then serve one office after the other.

Litestar reads the signature of every handler anew for each application: with a hundred handlers
that takes longer than most tests do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

from litestar import Litestar

from server.app import create_app
from server.office import Office


@dataclass(frozen=True)
class Standing:
    """An application, and the office as its doors see it: now this one, now that."""

    office: Office
    app: Litestar

    def serve(self, opened: Office) -> None:
        """Let the application serve this office from now on."""
        for one in fields(Office):
            object.__setattr__(self.office, one.name, getattr(opened, one.name))


def stand(opened: Office) -> Standing:
    """Put an application together; it serves this office first."""
    office = replace(opened)
    return Standing(office, create_app(office))


_idle: list[Standing] = []


@contextmanager
def standing_before(opened: Office) -> Iterator[Standing]:
    """Lend an application to an open office. Two that are open at once have one each."""
    standing = _idle.pop() if _idle else stand(opened)
    standing.serve(opened)
    yield standing
    _idle.append(standing)

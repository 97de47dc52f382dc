"""Opens the office of a folder under the world's hand, and puts the application before it."""

import logging
from functools import partial
from typing import Any
from unittest.mock import patch

from litestar import Litestar

from server import office as offices
from server.keys import OfficeKeys
from server.office import Office, open_office
from server.procedures.reference import Reference, make_reference
from server.settings import Settings
from sync import signature
from tests.sim.served.database import HeldDatabase
from tests.sim.served.stepping import Stepping
from tests.support.standing import Standing, stand

_standing: list[Standing] = []
_references: dict[tuple[bytes, Any], Reference] = {}


def serve(
    settings: Settings, stepping: Stepping, held: type[HeldDatabase]
) -> tuple[Office, Litestar]:
    """Open an office whose database is held, and give it with its application."""
    with (
        patch.object(offices, "open_database", partial(held, stepping=stepping)),
        # The template is at the newest schema, and so is every backup made of it.
        patch.object(offices, "migrate", is_migrated),
        patch.object(offices, "make_reference", _reference),
    ):
        return _behind_the_application(open_office(settings))


def _reference(keys: OfficeKeys, *given: Any) -> Reference:
    """Give what phones refer to; to pack it costs 10 ms each time, and it never changes here."""
    made_by = keys.public_key, signature.sign  # which is quick in most worlds
    if made_by not in _references:
        _references[made_by] = make_reference(keys, *given)
    return _references[made_by]


def is_migrated(url: str) -> None:
    """Find nothing to do."""


def _behind_the_application(opened: Office) -> tuple[Office, Litestar]:
    if not _standing:
        _standing.append(stand(opened))
    _standing[0].serve(opened)
    return _standing[0].office, _standing[0].app


class Mistakes(logging.Handler):
    """Keeps what the office wrote down of its own mistakes, and keeps it from the terminal."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.last = logging.Formatter().formatException(record.exc_info)

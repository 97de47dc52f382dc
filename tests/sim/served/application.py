"""Opens the office of a folder under the world's hand, and puts the application before it."""

import logging
from dataclasses import fields, replace
from functools import partial
from typing import Any
from unittest.mock import patch

from litestar import Litestar

from server import office as offices
from server.app import create_app
from server.keys import OfficeKeys
from server.office import Office, open_office
from server.procedures.reference import Reference, make_reference
from server.settings import Settings
from sync import signature
from tests.sim.served.database import HeldDatabase
from tests.sim.served.stepping import Stepping

_standing: list[tuple[Office, Litestar]] = []
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
    """Let the application serve another office: to put it together costs 30 ms each time."""
    if not _standing:
        stands_for = replace(opened)
        _standing.append((stands_for, create_app(stands_for)))
    stands_for, app = _standing[0]
    for one in fields(Office):
        object.__setattr__(stands_for, one.name, getattr(opened, one.name))
    return stands_for, app


class Mistakes(logging.Handler):
    """Keeps what the office wrote down of its own mistakes, and keeps it from the terminal."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.last = logging.Formatter().formatException(record.exc_info)

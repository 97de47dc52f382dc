"""The kinds of records: what each may hold, and which of it is the office's alone to set.

1. One table for both languages, `kinds.json`; nothing else in either knows a kind by its name.
2. A kind or a field that is not in it is kept and merged like any other, and shown by nobody.
3. A value that does not fit is kept too; whoever reads takes it as not set.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sync.field_names import names_under
from sync.limits import INTEGER_MAX, NAME_CHARACTERS_MAX

PEOPLE_MAX: Final = 64
"""Names on one trip: two vans, and the helpers of every village that they see."""

REMARK_CHARACTERS_MAX: Final = 2_000
"""A page: what somebody says at a stop, written down."""

DRAWING_BYTES_MAX: Final = 64 * 1024
"""A signature drawn by a finger, as a picture of lines."""

Whom = Literal["staff", "team"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of one kind of record."""

    fields: Mapping[str, str]
    office_fields: frozenset[str]
    # The beginnings of further ones (`supplements.<id>`); in the table these end in a point.
    office_beginnings: tuple[str, ...]
    # Fields that name, by number, on whose devices the record belongs.
    holders: Mapping[str, Whom]
    # Steps after which it is no longer edited from the field.
    closed: frozenset[str]

    def sets_of_office(self, fields: Collection[str]) -> bool:
        """Tell whether one of these fields is the office's alone to set."""
        if any(map(fields.__contains__, self.office_fields)):
            return True
        return bool(self.office_beginnings and names_under(fields, *self.office_beginnings))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= NAME_CHARACTERS_MAX


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= INTEGER_MAX


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


_SHAPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "name": _is_name,
    "text": lambda value: isinstance(value, str) and 0 < len(value) <= REMARK_CHARACTERS_MAX,
    "code": _matches(r"[a-z][a-z_]{0,39}"),
    "record": _matches(r"[0-9a-f]{32}"),
    "day": _matches(r"\d{4}-\d\d-\d\d"),
    "hour": _matches(r"\d\d:\d\d"),
    "moment": _matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"),
    "number": _is_number,
    "flag": lambda value: isinstance(value, bool),
    "people": lambda value: (
        isinstance(value, list)
        and len(value) <= PEOPLE_MAX
        and all(_is_number(one) for one in value)
    ),
    "drawing": lambda value: isinstance(value, bytes) and 0 < len(value) <= DRAWING_BYTES_MAX,
}


def _read() -> Mapping[str, Kind]:
    table = json.loads(Path(__file__).with_name("kinds.json").read_text("utf-8"))
    return {name: _kind_of(said) for name, said in table.items()}


def _kind_of(said: Mapping[str, Any]) -> Kind:
    of_office = said.get("office_fields", ())
    return Kind(
        said["fields"],
        frozenset(name for name in of_office if not name.endswith(".")),
        tuple(name for name in of_office if name.endswith(".")),
        said.get("holders", {}),
        frozenset(said.get("closed", ())),
    )


KINDS: Final = _read()

DOSSIER: Final = "dossier"


def kind_of(name: str) -> Kind:
    """Give a kind; one that is not known has the strictest rules, those of a dossier."""
    return KINDS.get(name) or KINDS[DOSSIER]


def fits(kind: str, field: str, value: object) -> bool:
    """Tell whether a value may stand in a field of a kind that is in the table; nil always may."""
    shape = KINDS[kind].fields.get(field) if kind in KINDS else None
    return shape is not None and (value is None or _SHAPES[shape](value))

"""The row of a dossier, made from its record alone. Nothing else ever writes it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.codes.naming import code_of
from server.deadlines.supplements import waiting
from server.devices.tables import seats
from server.dossiers.supplements import supplements_of
from server.dossiers.tables import dossiers
from server.records.folding import Folded, count_conflicts
from server.records.holding import is_number_of_staff
from server.records.rows import put_rows, taking_over
from server.statements import Row
from sync.kinds import DOSSIER
from sync.limits import TEXT_CHARACTERS_MAX
from sync.reconcile import ASSIGNEE
from sync.record import shown

MORE_NEEDED = "more_needed"
"""What the office does with a dossier while a request of its own is not answered: it waits."""

_TONE_MARKS = re.compile("[\u0300-\u036f]+")

COLUMNS = (
    "record", "procedure", "catalogue_version", "area", "status", "applicant_name",
    "applicant_folded", "sealed_at", "first_received", "last_received", "taken_by", "seat",
    "device", "conflicts", "changes", "assignee", "code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sits at a seat, and on which device."""

    staff: int | None
    device: int


def is_shown(folded: Folded) -> bool:
    """Tell whether the desk lists this record."""
    return folded.state.kind == DOSSIER and not folded.is_hidden


def row_of(folded: Folded, origins: Mapping[int, Origin]) -> Row:
    """Give the row of a dossier; `origins` knows at least the seat of its first receipt."""
    state = folded.state
    name = _text(shown(state, "answers.applicant_full_name")) or ""
    origin = origins[folded.first_seat]
    return (
        state.record,
        _text(shown(state, "procedure")),
        _text(shown(state, "catalogue_version")),
        folded.area,
        MORE_NEEDED if waiting(supplements_of(state)) else _text(shown(state, "status")),
        name,
        fold_text(name),
        _text(shown(state, "sealed_at")),
        folded.first_received,
        folded.last_received,
        origin.staff,
        folded.first_seat,
        origin.device,
        count_conflicts(folded),
        folded.applied,
        _number(shown(state, ASSIGNEE)) if ASSIGNEE in state.registers else None,
        code_of(state),
    )


def project(connection: sa.Connection, rows: list[Row], stood: Collection[bytes]) -> None:
    """Write the rows of dossiers over what stood there; `stood` names those that may have some."""
    overwrite = taking_over(COLUMNS[1:], ("record",))
    put_rows(connection, dossiers, COLUMNS, rows, overwrite, stood)


def load_origins(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Origin]:
    """Load who sits at which seats, and where."""
    wanted = sorted(numbers)
    if not wanted:
        return {}
    found = sa.select(seats.c.number, seats.c.staff, seats.c.device)
    rows = connection.execute(found.where(seats.c.number.in_(wanted)))
    return {row.number: Origin(row.staff, row.device) for row in rows}


def fold_text(text: str) -> str:
    """Give text as people type it when they search: no tone marks, no capitals."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = _TONE_MARKS.sub("", apart)
    if not plain.isascii():  # not Vietnamese: whatever else Unicode sets above or below a letter
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.split())


def _text(value: Any) -> str | None:  # noqa: ANN401 -- a value is whatever was answered
    return value if isinstance(value, str) and len(value) <= TEXT_CHARACTERS_MAX else None


def _number(value: Any) -> int | None:  # noqa: ANN401 -- a value is whatever was set
    return value if is_number_of_staff(value) else None

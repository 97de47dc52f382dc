"""What was asked for after a dossier had come, as its page shows it, and what may be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from server.deadlines.supplements import (
    ASKED,
    GIVEN,
    Supplement,
    supplements_in,
    waiting,
)
from server.devices.tables import seats
from server.dossiers.reading import ANSWER, PAPER, Reader
from server.dossiers.wording import Text
from server.procedures.catalogue import catalogue
from server.staff.tables import staff
from sync.field_names import names_under
from sync.kinds import DOSSIER, KINDS
from sync.record import State
from sync.register import Head, open_value
from sync.register import shown as shown_head


@dataclass(frozen=True)
class Supplements:
    """All requests of a dossier, the newest first, with who wrote each of their fields."""

    asked: list[Supplement]
    names: Mapping[str, str]

    @property
    def waiting(self) -> list[Supplement]:
        """Give those that are not answered."""
        return waiting(self.asked)


@dataclass(frozen=True)
class Told:
    """A request in words."""

    said: Supplement
    items: list[Text]
    by_name: str | None
    given_by_name: str | None


@dataclass(frozen=True)
class Typed:
    """What somebody filled in to ask for a supplement, and what is wrong with it."""

    items: frozenset[str] = field(default_factory=frozenset)
    more: str = ""
    reason: str = ""
    fault: str | None = None

    @property
    def is_begun(self) -> bool:
        """Whether the form has anything to lose."""
        return bool(self.items or self.more or self.reason or self.fault)


EMPTY: Final = Typed()


def supplements_of(state: State) -> list[Supplement]:
    """Read the requests of a dossier, the oldest first."""
    found = _heads(state)
    if not found:
        return []  # nearly always
    return supplements_in({name: (open_value(head), _at(head)) for name, head in found})


def find_supplements(connection: sa.Connection, state: State) -> Supplements:
    """Give the requests of a dossier with the people behind them."""
    written = {name: head.dot.seat for name, head in _heads(state)}
    if not written:
        return Supplements([], {})
    rows = connection.execute(
        sa.select(seats.c.number, staff.c.name)
        .join(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(set(written.values()))))
    )
    people = {row.number: row.name for row in rows}
    names = {name: people[seat] for name, seat in written.items() if seat in people}
    return Supplements(supplements_of(state)[::-1], names)


def told_of(found: Supplements, reader: Reader) -> list[Told]:
    """Put requests into words."""
    return [
        Told(
            one,
            [reader.label(item) for item in one.items],
            found.names.get(f"{ASKED}{one.id}"),
            found.names.get(f"{GIVEN}{one.id}"),
        )
        for one in found.asked
    ]


def items_of(procedure: str | None) -> tuple[list[str], list[str]]:
    """Give what may be asked for by name: papers, and answers that stand in one place."""
    known = catalogue().procedure(procedure)
    if known is None:
        return [], []
    common = catalogue().raw["common_groups"]
    groups = [*known["groups"], *(entry["group"] for entry in common)]
    repeated = {group["id"] for group in groups if group.get("repeat")}
    fields = [*known["form_fields"], *(one for entry in common for one in entry["fields"])]
    papers = [f"{PAPER}{one['id']}" for one in known["documents"]]
    return papers, [f"{ANSWER}{one['id']}" for one in fields if one["group"] not in repeated]


def trouble_of(state_values: Mapping[str, Any], asked: list[Supplement]) -> str | None:
    """Say why nothing more may be asked for now: it waits, it is over, or the law knows one."""
    status = state_values.get("status")
    # What was erased by law is no word any more.
    if status is not None and (not isinstance(status, str) or status in KINDS[DOSSIER].closed):
        return "closed"
    if waiting(asked):
        return "waiting"
    procedure = state_values.get("procedure")
    known = catalogue().procedure(procedure if isinstance(procedure, str) else None)
    if asked and known is not None and known["time_limit"].get("supplement_once"):
        return "once"
    return None


def _heads(state: State) -> list[tuple[str, Head]]:
    found = []
    for name in names_under(state.registers, ASKED, GIVEN):
        head = shown_head(state.registers[name])
        if head is not None:
            found.append((name, head))
    return found


def _at(head: Head) -> int:
    return min(head.at[0], head.received) if head.received else head.at[0]

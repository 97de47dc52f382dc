"""Results of a dossier that were given to somebody to hand back, as its page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from server.deadlines.supplements import waiting
from server.devices.tables import seats
from server.dossiers.colleagues import Colleague, colleagues_in
from server.dossiers.supplements import supplements_of
from server.fieldwork.deliveries import (
    DONE,
    HANDED,
    KIND,
    RETURNED,
    Step,
    counts_differ,
    is_on_the_way,
    is_open,
    step_of,
)
from server.fieldwork.projection import said_in
from server.fieldwork.reading import Work, find_work, work_of
from server.procedures.catalogue import catalogue
from server.records.tables import records
from server.staff.rules import may_hand_back
from server.staff.tables import staff
from sync.kinds import DOSSIER, KINDS
from sync.record import State, decode_state, is_erased, shown
from sync.register import in_conflict
from sync.register import shown as shown_head

STOPS_MAX: Final = 60
"""To choose from: two vans and their next two weeks."""

DELIVERIES_MAX: Final = 50
"""Shown of one dossier, the newest first: nobody carries a paper about that often."""


@dataclass(frozen=True)
class Delivery:
    """One result on its way: what is said of it, and who said so."""

    record: UUID
    said: Mapping[str, Any]
    step: Step
    given: int
    given_by: str | None
    taken_by: str | None
    handed_by: str | None
    place: str | None
    carrier: str | None

    def text(self, name: str) -> str:
        """Give a field as text, empty where it is not set."""
        return str(self.said.get(name, ""))

    @property
    def differs(self) -> bool:
        """Whether the two who counted it counted otherwise."""
        return counts_differ(self.said)

    @property
    def is_signed(self) -> bool:
        """Whether a drawn signature came with it."""
        return "signature" in self.said

    @property
    def checks(self) -> list[str]:
        """What was compared before it was handed back."""
        names = {"receipt_checked": "receipt", "id_checked": "id", "authority_seen": "authority"}
        return [check for name, check in names.items() if self.said.get(name)]

    @property
    def may_come_back(self) -> bool:
        """Whether it may still be brought back to us."""
        return is_open(self.said) or is_on_the_way(self.said)


@dataclass(frozen=True)
class Results:
    """All of them, what else could be given to whom, and why nothing can."""

    deliveries: list[Delivery]
    trouble: str | None
    title: str
    stops: list[Work]
    carriers: list[Colleague]


@dataclass(frozen=True)
class GivingTyped:
    """What somebody filled in to give a result away, and what is wrong with it."""

    deed: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None

    def value(self, deed: str, name: str, otherwise: str = "") -> str:
        """Give what stands in a box of the form of this deed."""
        return self.fields.get(name, otherwise) if self.deed == deed else otherwise


NOTHING_TYPED: Final = GivingTyped()


def find_results(connection: sa.Connection, record: UUID, state: State, today: str) -> Results:
    """Look up all that a dossier's page shows of its results."""
    trouble = giving_trouble(state)
    known = catalogue().procedure(_text(shown(state, "procedure")))
    return Results(
        _deliveries(connection, record),
        trouble,
        known["result_vi"] if known else "",
        [] if trouble else stops_from(connection, today),
        [] if trouble else carriers_in(connection, shown(state, "area")),
    )


def giving_trouble(state: State) -> str | None:
    """Say why no result of this dossier can be given to anybody now."""
    if is_erased(state, "area"):
        return "erased"
    status = state.registers.get("status")
    if status and in_conflict(status):
        return "conflict"
    stands = shown(state, "status")
    if isinstance(stands, str) and stands != DONE and stands in KINDS[DOSSIER].closed:
        return RETURNED if stands == RETURNED else "closed"
    return "waiting" if waiting(supplements_of(state)) else None


def stops_from(connection: sa.Connection, today: str) -> list[Work]:
    """List stops of a team, from today on: where a van will be."""
    stops = work_of(connection, "stop", since=today)
    planned = [one for one in stops if one.status != "cancelled" and one.count("team")]
    return [one for one in planned if one.area][:STOPS_MAX]


def carriers_in(connection: sa.Connection, area: object) -> list[Colleague]:
    """List who may carry a result home: officers of the place; a helper hands nothing back."""
    return [one for one in colleagues_in(connection, area) if may_hand_back(one.role)]


def find_signature(connection: sa.Connection, dossier: UUID, delivery: UUID) -> bytes | None:
    """Give the drawing by which somebody said that they got a result of this dossier."""
    found = sa.select(records.c.state).where(records.c.id == delivery.bytes, ~records.c.hidden)
    stored = connection.execute(found).scalar()
    state = decode_state(stored) if stored else None
    if state is None or state.kind != KIND:
        return None
    said = said_in(state)
    return said.get("signature") if said.get("dossier") == dossier.hex else None


def _deliveries(connection: sa.Connection, record: UUID) -> list[Delivery]:
    given = work_of(connection, KIND, dossier=record.hex)[::-1][:DELIVERIES_MAX]
    if not given:
        return []
    wanted = [one.record.bytes for one in given]
    found = sa.select(records.c.id, records.c.state).where(records.c.id.in_(wanted))
    states = {row.id: decode_state(row.state) for row in connection.execute(found)}
    authors = _authors(connection, states.values())
    people = {row.id: row.name for row in connection.execute(sa.select(staff.c.id, staff.c.name))}
    return [_delivery(connection, one, states[one.record.bytes], authors, people) for one in given]


def _delivery(
    connection: sa.Connection,
    work: Work,
    state: State,
    authors: Mapping[int, str],
    people: Mapping[int, str],
) -> Delivery:
    said = said_in(state)
    stop = find_work(connection, UUID(said["stop"]), "stop") if "stop" in said else None
    return Delivery(
        work.record,
        said,
        step_of(said),
        work.received,
        work.staff_name,
        authors.get(_seat(state, "got")),
        authors.get(_seat(state, HANDED)),
        stop.text("place") if stop else None,
        people.get(said.get("carrier", 0)),
    )


def _authors(connection: sa.Connection, states: Iterable[State]) -> Mapping[int, str]:
    """Name who sits at the seats that took a result or handed it back."""
    wanted = {_seat(state, field) for state in states for field in ("got", HANDED)}
    rows = connection.execute(
        sa.select(seats.c.number, staff.c.name)
        .join(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(wanted)))
    )
    return {row.number: row.name for row in rows}


def _seat(state: State, field: str) -> int:
    register = state.registers.get(field)
    head = shown_head(register) if register else None
    return head.dot.seat if head else 0


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

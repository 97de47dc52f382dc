"""An officer gives a result away to be handed back, hands it out here, or notes that it came back.

    ready → taken along → handed back, by somebody else, on a phone without a network
          ↘ handed out at the desk meanwhile, or brought back to us

1. What is given is a record of its own, of kind `result_delivery`: the dossier may be on no phone
   of those who carry its result. In the dossier the officer writes that there is one (`done`).
2. That it was handed back is written in the dossier by the office itself, whoever did it and
   wherever (`server/exchange/hand_backs.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.desk.writing import CIVIL, instant
from server.dossiers.results import carriers_in, giving_trouble
from server.exchange.desk_deed import new_record, write_at_desk
from server.exchange.own_log import Sets
from server.fieldwork.deliveries import (
    AT_DESK,
    BACK,
    DELIVERED,
    DONE,
    ENDED,
    HANDED,
    KIND,
    is_open,
    step_of,
)
from server.fieldwork.projection import said_in
from server.fieldwork.reading import find_work, work_of
from server.office import Office
from server.staff.person import Person
from sync.codes import codes_of
from sync.kinds import fits
from sync.record import State, dots, shown, shown_values
from sync.refusals import Refusal

COPIES_MAX: Final = 99
PAGES_MAX: Final = 999

NEWBORN_MAX: Final = timedelta(days=366)
"""How long after a birth people still congratulate."""


class NotGivable(Refusal):
    """A result cannot be given or taken back now, or not like this: `fault` says why."""

    code = "not-givable"

    def __init__(self, fault: str) -> None:
        """Build the sentence."""
        super().__init__(f"this result cannot be given: {fault}")
        self.fault = fault


@dataclass(frozen=True)
class Plan:
    """What is given, how much of it, and to whom: `stop:<record>` or `home:<number of staff>`."""

    title: str
    copies: int
    pages: int
    to: str
    address: str = ""


@dataclass(frozen=True)
class Receipt:
    """What was handed out at the desk, and to whom."""

    title: str
    receiver: str
    relation: str


def give(
    connection: sa.Connection, office: Office, person: Person, record: UUID, plan: Plan, now: int
) -> UUID:
    """Give a result to the team of a stop or to an officer; answers the delivery's record.

    Raises NotGivable before anything is written, or UnknownRecord.
    """
    found: dict[str, object] = {}

    def decide(state: State) -> Sets:
        found.update(_facts(connection, record, state, plan.title))
        found.update(_counts(plan))
        found.update(_way(connection, state, plan))
        found.update(_newborn(state, instant(now).astimezone(CIVIL).date()))
        return {} if shown(state, "status") == DONE else {"status": (dots(state, "status"), DONE)}

    write_at_desk(connection, office, person, record, decide, now)
    return _make(connection, office, person, found, now)


def hand_out(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    receipt: Receipt,
    now: int,
) -> UUID:
    """Hand a result out at the desk; what somebody carries of this dossier is called back.

    Raises NotGivable before anything is written, or UnknownRecord.
    """
    found: dict[str, object] = {}

    def decide(state: State) -> Sets:
        found.update(_facts(connection, record, state, receipt.title, may_be_out=True))
        if not receipt.receiver or not fits(KIND, "receiver_name", receipt.receiver):
            raise NotGivable("receiver")
        if receipt.relation not in ("applicant", "agent"):
            raise NotGivable("relation")
        return {} if shown(state, "status") == DONE else {"status": (dots(state, "status"), DONE)}

    write_at_desk(connection, office, person, record, decide, now)
    for one in work_of(connection, KIND, dossier=record.hex):
        if is_open(one.said):
            _end(connection, office, person, one.record, AT_DESK, now)
    handed = {
        **found,
        "way": "desk",
        "receiver_name": receipt.receiver,
        "relation": receipt.relation,
        "id_checked": True,
        "status": DELIVERED,
        HANDED: instant(now).astimezone(CIVIL).isoformat(timespec="seconds"),
    }
    return _make(connection, office, person, handed, now)


def note_back(
    connection: sa.Connection,
    office: Office,
    person: Person,
    record: UUID,
    delivery: UUID,
    now: int,
) -> None:
    """Note that a result is at the office again; noted once. Raises NotGivable or UnknownRecord."""
    found = find_work(connection, delivery, KIND)
    if found is None or found.dossier != record.hex:
        raise NotGivable("unknown")
    _end(connection, office, person, delivery, BACK, now)


def _end(
    connection: sa.Connection, office: Office, person: Person, delivery: UUID, how: str, now: int
) -> None:
    def decide(state: State) -> Sets:
        said = said_in(state)
        if step_of(said) in ("delivered", "twice"):
            raise NotGivable("returned")
        return {} if said.get(ENDED) == how else {ENDED: (dots(state, ENDED), how)}

    write_at_desk(connection, office, person, delivery, decide, now)


def _make(
    connection: sa.Connection,
    office: Office,
    person: Person,
    values: Mapping[str, object],
    now: int,
) -> UUID:
    record = new_record(now)
    sets: Sets = {field: ([], value) for field, value in values.items()}
    write_at_desk(connection, office, person, record, lambda _: sets, now, makes=KIND)
    return record


def _facts(
    connection: sa.Connection, record: UUID, state: State, title: str, *, may_be_out: bool = False
) -> dict[str, object]:
    """Say of which dossier a result is, as far as whoever hands it back has to know."""
    trouble = giving_trouble(state)
    if trouble is not None:
        raise NotGivable(trouble)
    if not fits(KIND, "title", title):
        raise NotGivable("title")
    out = [one for one in work_of(connection, KIND, dossier=record.hex) if is_open(one.said)]
    if not may_be_out and any(one.text("title") == title for one in out):
        raise NotGivable("already")
    values = shown_values(state)
    named = {
        "area": values.get("area"),
        "person": values.get("answers.applicant_full_name"),
        "dossier_code": next(iter(codes_of(values)), None),
    }
    known = {name: value for name, value in named.items() if value and fits(KIND, name, value)}
    return {**known, "dossier": record.hex, "title": title}


def _newborn(state: State, today: date) -> dict[str, object]:
    """Say whose birth a result certifies, for the greeting card that goes with it.

    Nobody congratulates a schoolchild who is registered late: of them nothing more is carried.
    """
    values = shown_values(state)
    name, born = values.get("answers.child_full_name"), values.get("answers.child_date_of_birth")
    if not name or not born or not (fits(KIND, "newborn", name) and fits(KIND, "born_on", born)):
        return {}
    try:
        age = today - date.fromisoformat(str(born))
    except ValueError:
        return {}
    return {"newborn": name, "born_on": born} if timedelta(0) <= age <= NEWBORN_MAX else {}


def _counts(plan: Plan) -> dict[str, object]:
    within: Mapping[str, Callable[[], bool]] = {
        "copies": lambda: 1 <= plan.copies <= COPIES_MAX,
        "pages": lambda: 1 <= plan.pages <= PAGES_MAX,
    }
    for name, is_within in within.items():
        if not is_within():
            raise NotGivable(name)
    return {"copies": plan.copies, "pages": plan.pages}


def _way(connection: sa.Connection, state: State, plan: Plan) -> dict[str, object]:
    """Say on whose devices the result will stand, and where it is handed back."""
    way, _, name = plan.to.partition(":")
    if way == "stop":
        stop = find_work(connection, _record_in(name), "stop")
        if stop is None or not stop.count("team") or not stop.area or stop.status == "cancelled":
            raise NotGivable("to")
        # Its feed is that of the stop: the team that goes there may have no right in the other.
        return {"way": way, "stop": name, "team": stop.count("team"), "area": stop.area}
    numbers = {str(one.number) for one in carriers_in(connection, shown(state, "area"))}
    if way != "home" or name not in numbers:
        raise NotGivable("to")
    if not fits(KIND, "address", plan.address):
        raise NotGivable("address")
    return {"way": way, "carrier": int(name), "address": plan.address}


def _record_in(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        raise NotGivable("to") from None

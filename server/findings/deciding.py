"""Decides a finding: admits what was quarantined, does not, or notes that somebody has looked.

1. Admitting is an ordinary change in the officer's own log: it sets what was sent, and names what
   stands now. Nothing that was put back is ever hidden.
2. A finding is decided once; who comes second is told so, and nothing of theirs is written.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import uuid4

import msgspec
import sqlalchemy as sa

from server.codes.numbering import take_codes
from server.dossiers.findings import Finding, find_finding
from server.dossiers.tables import findings as table
from server.exchange.desk_deed import write_at_desk
from server.findings.listing import sent_by
from server.office import Office
from server.staff.person import Person
from sync.change import Dot
from sync.codes import OFFICIAL, OTHERS
from sync.limits import INTEGER_MAX
from sync.record import State, dots, shown
from sync.refusals import Refusal

Outcome = Literal["admitted", "dismissed", "recoded", "seen"]

OUTCOMES: Final[Mapping[str, tuple[Outcome, ...]]] = {
    "quarantine": ("admitted", "dismissed"),
    "unreadable": ("seen",),
    "waiting": ("seen",),
    "unplaced": ("seen",),
    "fork": ("seen",),
    "receipt-of-old-key": ("seen",),
    "deadline": ("seen",),
    "code-twice": ("recoded", "seen"),
    "refused-photo": ("seen",),
    "supplied": ("seen",),
    "hand-back": ("seen",),
    "begun-anew": ("seen",),
}
"""What may become of which; a conflict is settled on its own page."""


class NotOpen(Refusal):
    """There is no such finding, somebody has decided it, or it is not decided like this."""

    code = "not-open"


def decide(
    connection: sa.Connection,
    office: Office,
    person: Person,
    number: int,
    outcome: str,
    reason: str,
    now: int,
) -> Finding:
    """Decide one finding; raises NotOpen. Malformed where the reason breaks a bound."""
    finding = find_finding(connection, number) if number <= INTEGER_MAX else None
    if finding is None or finding.closed is not None:
        raise NotOpen(str(number))
    if outcome not in OUTCOMES.get(finding.kind, ()):
        raise NotOpen(outcome)
    if not _close(connection, finding, person, outcome, reason, now):
        raise NotOpen(str(number))
    if outcome == "admitted":
        _admit(connection, office, person, finding, reason, now)
    elif outcome == "recoded":
        _recode(connection, office, person, finding, reason, now)
    return finding


def _close(
    connection: sa.Connection,
    finding: Finding,
    person: Person,
    outcome: str,
    reason: str,
    now: int,
) -> bool:
    detail = {**finding.detail, "outcome": outcome, "why": reason}
    closed = connection.execute(
        sa.update(table)
        .where(table.c.id == finding.id, table.c.closed.is_(None))
        .values(closed=now, closed_by=person.id, detail=msgspec.json.encode(detail).decode())
    )
    return closed.rowcount == 1


def _admit(
    connection: sa.Connection,
    office: Office,
    person: Person,
    finding: Finding,
    reason: str,
    now: int,
) -> None:
    sent = sent_by(connection, finding)
    if finding.record is None or not sent:
        raise NotOpen(str(finding.id))

    def sets(state: State) -> dict[str, tuple[list[Dot], Any]]:
        again = {
            name: (dots(state, name), value)
            for name, value in sent.items()
            if shown(state, name) != value
        }
        note = {"kind": "admission", "reason": reason, "fields": sorted(again)}
        return {**again, f"notes.{uuid4()}": ([], note)}

    write_at_desk(connection, office, person, finding.record, sets, now, may_be_hidden=True)


def _recode(
    connection: sa.Connection,
    office: Office,
    person: Person,
    finding: Finding,
    reason: str,
    now: int,
) -> None:
    """Give the dossier a code of its own; by the other it is found as before."""
    agency, shared = office.settings.agency, str(finding.detail["code"])
    codes = take_codes(connection, agency, 1, now) if agency else []
    if finding.record is None or not codes:
        raise NotOpen(str(finding.id))

    def sets(state: State) -> dict[str, tuple[list[Dot], Any]]:
        former = f"{OTHERS}{shared}"
        note = {"kind": "recoding", "reason": reason, "fields": [OFFICIAL]}
        return {
            OFFICIAL: (dots(state, OFFICIAL), codes[0]),
            former: (dots(state, former), {"kind": "former"}),
            f"notes.{uuid4()}": ([], note),
        }

    write_at_desk(connection, office, person, finding.record, sets, now, may_be_hidden=True)

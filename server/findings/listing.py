"""The findings that are open, each with what a person needs to decide it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.dossiers.findings import Finding, open_findings
from server.dossiers.tables import dossiers, findings
from server.findings.branch import Branch, find_branch
from server.records.changes import QUARANTINED, change_of
from server.records.tables import changes, records
from server.staff.tables import staff
from sync.change import values_of
from sync.record import State, decode_state, shown

SHOWN_MAX = 100
"""Findings on one page, the newest first; the rest follows as these are decided."""

PROCEDURE = "procedure"


@dataclass(frozen=True)
class Sent:
    """One field of a quarantined change: what stands now, and what was sent."""

    path: str
    now: Any
    sent: Any


@dataclass(frozen=True)
class Matter:
    """A finding with who it comes from, which dossier it is about, and what was sent."""

    finding: Finding
    staff_name: str | None
    device_label: str | None
    applicant_name: str | None
    procedure: str | None
    # Whether it is on the desk's lists already; what a quarantined change created is not.
    is_listed: bool
    sent: tuple[Sent, ...] = ()
    branch: Branch | None = None


def matters(connection: sa.Connection) -> list[Matter]:
    """List what is open, the newest first, one more than a page shows."""
    found = open_findings(connection, limit=SHOWN_MAX + 1)
    people = _people(connection, {one.seat for one in found if one.seat is not None})
    return [_matter(connection, one, *people.get(one.seat or 0, (None, None))) for one in found]


def count_open(connection: sa.Connection) -> int:
    """Count what is open."""
    counted = sa.select(sa.func.count()).where(findings.c.closed.is_(None))
    return int(connection.execute(counted).scalar_one())


def sent_by(connection: sa.Connection, finding: Finding) -> dict[str, Any]:
    """Give what the quarantined change of a finding set, by field; empty where it is erased."""
    row = connection.execute(
        sa.select(changes).where(
            changes.c.seat == finding.seat,
            changes.c.seq == finding.seq,
            changes.c.effect == QUARANTINED,
        )
    ).first()
    if row is None or row.body is None:
        return {}
    change = change_of(row)
    if change.skeleton is None or change.body_bytes is None:
        return {}
    return dict(zip(change.skeleton.fields, values_of(change.body_bytes), strict=True))


def _matter(
    connection: sa.Connection, finding: Finding, name: str | None, label: str | None
) -> Matter:
    if finding.record is None:
        branch = find_branch(connection, finding) if finding.kind == "fork" else None
        return Matter(finding, name, label, None, None, is_listed=False, branch=branch)
    listed = connection.execute(
        sa.select(dossiers.c.applicant_name, dossiers.c.procedure).where(
            dossiers.c.record == finding.record.bytes
        )
    ).first()
    sent = sent_by(connection, finding) if finding.kind == "quarantine" else {}
    state = _state(connection, finding.record)
    applicant = listed.applicant_name if listed else sent.get("answers.applicant_full_name")
    procedure = listed.procedure if listed else sent.get(PROCEDURE)
    return Matter(
        finding,
        name,
        label,
        str(applicant) if applicant else None,
        procedure if isinstance(procedure, str) else None,
        is_listed=listed is not None,
        sent=tuple(
            Sent(path, shown(state, path) if state else None, value)
            for path, value in sent.items()
            if not path.startswith("notes.")
        ),
    )


def _state(connection: sa.Connection, record: UUID) -> State | None:
    found = sa.select(records.c.state).where(records.c.id == record.bytes)
    stored = connection.execute(found).scalar()
    return decode_state(stored) if stored else None


def _people(
    connection: sa.Connection, numbers: set[int]
) -> dict[int, tuple[str | None, str | None]]:
    found = (
        sa.select(seats.c.number, staff.c.name, devices.c.label)
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(staff, staff.c.id == seats.c.staff)
        .where(seats.c.number.in_(sorted(numbers)))
    )
    return {row.number: (row.name, row.label) for row in connection.execute(found)}

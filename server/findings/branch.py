"""What stands in a kept branch of a log, read from its bytes, and who goes on from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.dossiers.branches import link_branch
from server.dossiers.findings import Finding
from server.dossiers.tables import dossiers
from server.records.changes import APPLIED, change_of, heads_between
from server.records.tables import branches, changes, records
from sync.batch import Batch
from sync.change import LinkedChange, values_of
from sync.record import State, decode_state, shown
from sync.refusals import Malformed

SEAT: Final = "seat"
"""The kind of record in which a new seat names the log that it goes on from."""


@dataclass(frozen=True)
class BranchField:
    """One field that the branch set: what stands now, and what the branch says."""

    path: str
    now: Any
    sent: Any

    @property
    def stands(self) -> bool:
        """Tell whether the office has this value by now."""
        return bool(self.now == self.sent)


@dataclass(frozen=True)
class BranchRecord:
    """One record that the branch touched."""

    record: UUID
    applicant_name: str | None
    procedure: str | None
    is_listed: bool
    fields: tuple[BranchField, ...]


@dataclass(frozen=True)
class Branch:
    """A branch: its changes, record by record, and the seat that goes on from it."""

    first: int
    last: int
    records: tuple[BranchRecord, ...]
    continued_by: int | None


def find_branch(connection: sa.Connection, finding: Finding) -> Branch | None:
    """Find the branch that a finding of a fork tells of."""
    rows = connection.execute(
        sa.select(branches.c.batch).where(
            branches.c.seat == finding.seat, branches.c.first == finding.seq
        )
    )
    for row in rows:
        batch = msgspec.msgpack.decode(row.batch, type=Batch)
        if batch.last == finding.detail.get("last"):
            parted = list(_parted(connection, batch))
            first = parted[0].seq if parted else batch.first
            found = tuple(_records(connection, parted))
            return Branch(first, batch.last, found, _continued_by(connection, batch.seat))
    return None


def _parted(connection: sa.Connection, batch: Batch) -> Iterator[LinkedChange]:
    """Give the changes that are not the held ones of the same numbers."""
    held = heads_between(connection, batch.seat, batch.first, batch.last)
    try:
        linked = link_branch(connection, batch)
    except Malformed:
        return
    for change in linked:
        if held.get(change.seq) != change.head:
            yield change


def _records(connection: sa.Connection, parted: list[LinkedChange]) -> Iterator[BranchRecord]:
    sets: dict[bytes, dict[str, Any]] = {}
    for change in parted:
        if change.skeleton is None or change.body_bytes is None:
            continue
        values = zip(change.skeleton.fields, values_of(change.body_bytes), strict=False)
        if change.skeleton.kind != SEAT:
            sets.setdefault(change.skeleton.record, {}).update(values)
    for record, fields in sets.items():
        state = _state(connection, record)
        listed = connection.execute(
            sa.select(dossiers.c.applicant_name, dossiers.c.procedure).where(
                dossiers.c.record == record
            )
        ).first()
        applicant = listed.applicant_name if listed else fields.get("answers.applicant_full_name")
        procedure = listed.procedure if listed else fields.get("procedure")
        yield BranchRecord(
            UUID(bytes=record),
            applicant if isinstance(applicant, str) else None,
            procedure if isinstance(procedure, str) else None,
            listed is not None,
            tuple(
                BranchField(path, shown(state, path) if state else None, value)
                for path, value in fields.items()
                if not path.startswith("notes.")
            ),
        )


def _state(connection: sa.Connection, record: bytes) -> State | None:
    stored = connection.execute(sa.select(records.c.state).where(records.c.id == record)).scalar()
    return decode_state(stored) if stored else None


def _continued_by(connection: sa.Connection, seat: int) -> int | None:
    """Find the seat whose own record names this one."""
    rows = connection.execute(
        sa.select(changes).where(changes.c.kind == SEAT, changes.c.effect == APPLIED)
    )
    for row in rows:
        change = change_of(row)
        if change.skeleton is None or change.body_bytes is None:
            continue
        said = dict(zip(change.skeleton.fields, values_of(change.body_bytes), strict=True))
        continues = said.get("continues")
        if isinstance(continues, dict) and continues.get("seat") == seat:
            return int(row.seat)
    return None

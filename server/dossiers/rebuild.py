"""Drops what follows from the logs and folds it anew: records, holders, dossiers and other work.

The same rows come out; there is a test that compares them. Feeds keep their numbers, since devices
hold cursors into them, and what else people have to look at stays as it is. So does the word that
somebody once held a record: where the change that gave it to them was erased, nothing else says it,
and the feed could not tell their device that the record left.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from server.attachments.naming import name_attachments
from server.attachments.tables import named_attachments
from server.codes.naming import write_codes
from server.codes.tables import dossier_codes
from server.devices.tables import seats
from server.dossiers import projection
from server.dossiers.findings import Ended, Raised, conflict_events, write_findings
from server.dossiers.projection import Origin, project
from server.dossiers.tables import dossiers, findings
from server.fieldwork import projection as work_projection
from server.fieldwork.tables import fieldwork
from server.records import folding, holding
from server.records.changes import BY_OFFICE, MERGED, change_of
from server.records.folding import Folded, begin, fold_in
from server.records.holding import Holding
from server.records.rows import insert_rows
from server.records.tables import changes, holders, records
from server.statements import Row
from sync.record import State, encode_state

RECORDS_AT_ONCE = 500
"""Records folded together: as much as is good to hold in memory."""


def rebuild(connection: sa.Connection) -> int:
    """Fold everything anew within this transaction; gives the number of records."""
    known = _known_holders(connection, ~holders.c.held)
    connection.execute(sa.delete(dossiers))
    connection.execute(sa.delete(holders))
    connection.execute(sa.delete(named_attachments))
    connection.execute(sa.delete(dossier_codes))
    connection.execute(sa.delete(fieldwork))
    connection.execute(sa.delete(records))
    connection.execute(sa.delete(findings).where(findings.c.kind == "conflict"))
    people = {row.number: row for row in connection.execute(sa.select(seats))}
    folded = 0
    for portion in _portions(connection):
        _fold_portion(connection, portion, people)
        folded += len(portion)
    _hold_no_more(connection, known)
    return folded


def refold(connection: sa.Connection, wanted: Sequence[bytes]) -> None:
    """Fold some records anew, whose changes are other than they were."""
    if not wanted:
        return
    known = _known_holders(connection, holders.c.record.in_(wanted))
    for table, column in (
        (dossiers, dossiers.c.record),
        (holders, holders.c.record),
        (named_attachments, named_attachments.c.record),
        (dossier_codes, dossier_codes.c.record),
        (fieldwork, fieldwork.c.record),
        (records, records.c.id),
    ):
        connection.execute(sa.delete(table).where(column.in_(wanted)))
    of_them = findings.c.record.in_(wanted) & (findings.c.kind == "conflict")
    connection.execute(sa.delete(findings).where(of_them))
    people = {row.number: row for row in connection.execute(sa.select(seats))}
    _fold_portion(connection, wanted, people)
    _hold_no_more(connection, known)


def _known_holders(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Row]:
    found = sa.select(holders.c.record, holders.c.holder).where(which)
    return [(row.record, row.holder, False) for row in connection.execute(found)]


def _hold_no_more(connection: sa.Connection, known: Sequence[Row]) -> None:
    """Let those who are not found to hold a record any more stand as having held it."""
    insert_rows(connection, holders, holding.COLUMNS, known, "DO NOTHING")


def _portions(connection: sa.Connection) -> Iterator[Sequence[bytes]]:
    """Name all records that have a change with effect, some at a time."""
    last = b""
    while True:
        portion = (
            connection.execute(
                sa.select(changes.c.record)
                .where(changes.c.record > last, changes.c.effect.in_(MERGED))
                .distinct()
                .order_by(changes.c.record)
                .limit(RECORDS_AT_ONCE)
            )
            .scalars()
            .all()
        )
        if not portion:
            return
        yield portion
        last = portion[-1]


def _fold_portion(
    connection: sa.Connection, portion: Sequence[bytes], people: dict[int, Any]
) -> None:
    rows = connection.execute(
        sa.select(changes)
        .where(changes.c.record.in_(portion), changes.c.effect.in_(MERGED))
        .order_by(changes.c.record, changes.c.turn)
    )
    record_rows: list[Row] = []
    holder_rows: list[Row] = []
    dossier_rows: list[Row] = []
    work_rows: list[Row] = []
    shown: list[State] = []
    events: list[Raised | Ended] = []
    origins = {number: Origin(person.staff, person.device) for number, person in people.items()}
    for record, turns in groupby(rows, key=lambda row: row.record):
        folded: Folded | None = None
        held = Holding()
        for row in turns:
            change, person = change_of(row), people[row.seat]
            before = folded or begin(record, row.kind)
            folded = fold_in(before, change, row.received, row.effect)
            staff = None if row.effect in BY_OFFICE else person.staff
            events += conflict_events(before, folded, change, row.received, staff)
            held.note(folded.state, row.effect, person.staff, person.team)
        assert folded is not None, "a group has at least one row"
        record_rows.append((record, *folding.row_of(folded, encode_state(folded.state))))
        holder_rows += [(record, holder, is_held) for holder, is_held in held.rows.items()]
        if projection.is_shown(folded):
            dossier_rows.append(projection.row_of(folded, origins))
            shown.append(folded.state)
        if work_projection.is_told(folded):
            staff = origins[folded.first_seat].staff
            work_rows.append(work_projection.row_of(folded, staff))
    insert_rows(connection, records, ("id", *folding.COLUMNS), record_rows)
    insert_rows(connection, holders, holding.COLUMNS, holder_rows)
    project(connection, dossier_rows, ())
    work_projection.project(connection, work_rows)
    name_attachments(connection, shown)
    write_codes(connection, shown)
    write_findings(connection, events)

"""Names what an erasure takes, in logs and in the branches beside them."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.dossiers.branches import link_branch, load_branches
from server.fieldwork.tables import fieldwork
from server.records.changes import UNREADABLE, change_of
from server.records.tables import changes
from sync.change import LinkedChange
from sync.papers import Body, Erasure, erasure_of


def bodies_of(connection: sa.Connection, record: bytes) -> list[Erasure]:
    """Name every change of a record that still has a body, also in branches and unreadable ones."""
    of_it = (changes.c.record == record) | (changes.c.effect == UNREADABLE)
    found = {
        erasure_of(change)
        for change in _changes(connection, of_it)
        if not change.is_erased and change.skeleton and change.skeleton.record == record
    }
    return sorted(found, key=lambda entry: entry.body)


def bodies_about(connection: sa.Connection, dossier: bytes) -> list[Erasure]:
    """Name those of a dossier and of every record that names it: its people stand there too."""
    about = sa.select(fieldwork.c.record).where(
        fieldwork.c.dossier == dossier.hex(), fieldwork.c.record != dossier
    )
    named = sorted(connection.execute(about).scalars())
    return sorted(
        {entry for record in (dossier, *named) for entry in bodies_of(connection, record)},
        key=lambda entry: entry.body,
    )


def name_fully(connection: sa.Connection, bodies: Iterable[Body]) -> set[Erasure]:
    """Name the branches of these bodies, as far as they are here, erased or not."""
    wanted = set(bodies)
    if not wanted:
        return set()
    seats, places = {seat for seat, _, _ in wanted}, {seq for _, seq, _ in wanted}
    near = changes.c.seat.in_(seats) & changes.c.seq.in_(places)
    named = map(erasure_of, _changes(connection, near))
    return {entry for entry in named if entry.body in wanted}


def _changes(connection: sa.Connection, where: "sa.ColumnElement[bool]") -> list[LinkedChange]:
    """Load these changes of the logs, and all of the branches: of those there are few."""
    rows = connection.execute(sa.select(changes).where(where))
    branched = [link_branch(connection, batch) for _, batch in load_branches(connection)]
    return [*map(change_of, rows), *(change for one in branched for change in one)]

"""One dossier by its id, with the values that stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.desk.words import Language
from server.dossiers.arrivals import Arrival, arrival_of, arrivals_query
from server.dossiers.colleagues import names_of
from server.dossiers.reading import Reader, reader_of
from server.dossiers.tables import dossiers
from server.records.tables import records
from sync.record import State, conflicts, decode_state, shown_values


@dataclass(frozen=True)
class Dossier:
    """A dossier: its row, the value to show of each field, and the fields in conflict."""

    arrival: Arrival
    catalogue_version: str | None
    values: Mapping[str, Any]
    conflicts: list[str]
    state: State
    names: Mapping[int, str]
    """Of the staff, where the dossier was ever assigned."""

    def reader(self, language: Language) -> Reader:
        """Give who reads this dossier out in a language."""
        return reader_of(self.arrival.procedure, language).knowing(self.names)


def find_dossier(connection: sa.Connection, record: UUID) -> Dossier | None:
    """Find a dossier that the desk may show."""
    row = connection.execute(arrivals_query.where(dossiers.c.record == record.bytes)).first()
    if row is None:
        return None
    version, stored = connection.execute(
        sa.select(dossiers.c.catalogue_version, records.c.state)
        .join(records, records.c.id == dossiers.c.record)
        .where(dossiers.c.record == record.bytes)
    ).one()
    state = decode_state(stored)
    return Dossier(
        arrival_of(row),
        version,
        shown_values(state),
        conflicts(state),
        state,
        names_of(connection, state),
    )

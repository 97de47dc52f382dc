"""Fills an office with many dossiers, past everything that an exchange does for each.

Real rows are taken as patterns: some dossiers are handed in the ordinary way, and their rows are
written again and again under new records. An office that holds some already gets only the rest.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from server.clock import now_ms
from server.dossiers.tables import dossiers as dossier_rows
from server.records.rows import insert_rows
from server.records.tables import area_counters, changes, feeds, holders, records
from tests.bench.intake import dossiers
from tests.bench.office import Place, joined
from tests.bench.raw_rows import Rows, rows_of
from tests.stories.records import connected
from tests.support.phone import new_record

AREA: Final = "10441"
PATTERNS: Final = 200
AT_ONCE: Final = 5_000
SEAT: Final = 900_000
"""Whose log the copies stand in: nobody's, far above every seat that is given out."""

MINUTE_MS: Final = 60_000
COMMUNES: Final = (AREA, "10465", "10459", "10489")
TABLES: Final = {
    "changes": changes,
    "records": records,
    "feeds": feeds,
    "holders": holders,
    "dossiers": dossier_rows,
}


@dataclass
class _Copy:
    """Which of the copies is being written."""

    number: int
    feed: int
    record: bytes
    received: int


def fill(place: Place, count: int) -> None:
    """Let the office hold this many dossiers in one area, all held by `an`."""
    database = place.office.database
    with connected(database) as connection:
        standing = _standing(connection)
    patterns = _patterns(place) if standing < count else []
    with connected(database) as connection:
        while (standing := _standing(connection)) < count:
            connection.rollback()
            with connection.begin():
                _write(connection, patterns, standing, min(AT_ONCE, count - standing))
        if patterns and place.postgres is None:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
    if patterns and place.postgres:
        place.postgres.execute("select 1")
        _vacuum(database)


def newest(place: Place) -> int:
    """Give the newest number of the area's feed."""
    with connected(place.office.database) as connection:
        number = sa.select(area_counters.c.number).where(area_counters.c.area == AREA)
        return int(connection.execute(number).scalar_one())


def _vacuum(database: str) -> None:
    """Do what PostgreSQL's own housekeeping would have done by the time an office is so old."""
    with connected(database) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM (ANALYZE)")


def _standing(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(records)).scalar_one())


def _patterns(place: Place) -> list[Rows]:
    with joined("an", place.office) as (phone, seat):
        taken = []
        for values in islice(dossiers(seed=17, area=AREA), PATTERNS):
            taken.append(new_record())
            phone.set(seat, taken[-1], values)
        phone.cursors.clear()
        phone.exchange()
    return rows_of(place.office.database, [record.bytes for record in taken])


def _write(connection: sa.Connection, patterns: list[Rows], standing: int, count: int) -> None:
    of_area = area_counters.c.area == AREA
    feed = connection.execute(sa.select(area_counters.c.number).where(of_area)).scalar_one()
    now = now_ms()
    copies = [
        _Copy(standing + place, feed + place, _record(), now - (count - place) * MINUTE_MS)
        for place in range(1, count + 1)
    ]
    for pattern in patterns:
        rows = list(_rows(pattern, copies))
        insert_rows(connection, TABLES[pattern.table], pattern.columns, rows)
    connection.execute(sa.update(area_counters).where(of_area).values(number=feed + count))


def _record() -> bytes:
    """Make an id like a new record's, spread over the years that so many would take."""
    made = bytearray(new_record().bytes)
    made[:4] = (0x018F_0000 + int.from_bytes(os.urandom(2), "big")).to_bytes(4, "big")
    return bytes(made)


def _rows(pattern: Rows, copies: list[_Copy]) -> Iterator[tuple[Any, ...]]:
    """Write each copy as one of the patterns, with what must be its own."""
    by_record: dict[bytes, list[tuple[Any, ...]]] = {}
    record_at = pattern.columns.index("id" if pattern.table == "records" else "record")
    for row in pattern.values:
        by_record.setdefault(row[record_at], []).append(row)
    groups = [by_record[record] for record in sorted(by_record)]
    for copy in copies:
        for row in groups[copy.number % len(groups)]:
            own = _own(pattern.table, copy)
            yield tuple(
                _state_of(value, copy.record) if name == "state" else own.get(name, value)
                for name, value in zip(pattern.columns, row, strict=True)
            )


def _own(table: str, copy: _Copy) -> dict[str, Any]:
    match table:
        case "changes":
            return {"seat": SEAT, "seq": copy.number, "record": copy.record}
        case "records":
            return {"id": copy.record}
        case "feeds":
            return {"record": copy.record, "number": copy.feed}
        case "dossiers":
            return {
                "record": copy.record,
                "area": COMMUNES[copy.number % len(COMMUNES)],
                "last_received": copy.received,
                "conflicts": int(copy.number % 100 == 0),
            }
    return {"record": copy.record}


def _state_of(state: bytes, record: bytes) -> bytes:
    """Put another id into a state: behind the array, its version and the mark of sixteen bytes."""
    return state[:4] + record + state[20:]

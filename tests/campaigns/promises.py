"""Receipts that phones have read, and whether a database that was left behind honours them."""

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from server.backups.copying import open_copy
from server.backups.walking import walk
from server.database import open_database
from server.records.tables import changes, logs
from tests.campaigns.fleet import Fleet
from tests.campaigns.tally import PromiseBroken
from tests.campaigns.working import WorkingPhone

NAME: Final = "office.sqlite3"
"""Of the database's file, in a folder of its own."""


class NotHonoured(PromiseBroken):
    """What a receipt covered is not there."""


@dataclass(frozen=True)
class Promise:
    """What a receipt covered, and when it had been read, by the clock of the machine."""

    read_at: float
    seat: int
    held: int
    head: bytes


@dataclass
class Witness(WorkingPhone):
    """A phone that remembers every receipt."""

    promises: list[Promise] = field(default_factory=list)

    def _note_held(self, before: int) -> None:
        super()._note_held(before)
        seat = self.seat
        held = seat.held
        self.promises.append(Promise(time.time(), seat.number, held, seat.heads[held]))


def witness_of(phone: WorkingPhone) -> Witness:
    """Give the same phone as one that remembers."""
    return Witness(phone.phone, phone.seat, phone.line, phone.chance, phone.citizens)


def open_and_check(
    folder: Path, files: Mapping[str, bytes], promises: Sequence[Promise], fleet: Fleet
) -> bool:
    """Open what a cut left, in a new folder; tells whether more is there than was promised.

    Raises PromiseBroken, and leaves the folder then.
    """
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        more = _require(folder / NAME, promises, [phone.seat.number for phone in fleet.phones])
        with closing(open_copy(folder / NAME)) as copy:
            faults = list(islice(walk(copy, fleet.phones[0].phone.office), 3))
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        # Its own words may quote what a citizen told us.
        raise PromiseBroken(f"the database cannot be read: {type(error).__name__}") from error
    if faults:
        raise PromiseBroken(f"the office's walk finds: {faults}")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    return more


def _require(path: Path, promises: Sequence[Promise], seats: Iterable[int]) -> bool:
    database = open_database(f"sqlite:///{path}")
    try:
        with database.engine.connect() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if said != ["ok"]:
                raise PromiseBroken(f"SQLite says of {len(said)} places that they are broken")
            rows = connection.execute(sa.select(changes.c.seat, changes.c.seq, changes.c.head))
            heads = {(row.seat, row.seq): bytes(row.head) for row in rows}
            ends = {row.seat: row.last for row in connection.execute(sa.select(logs))}
    finally:
        database.close()
    for one in promises:
        if ends.get(one.seat, 0) < one.held:
            raise NotHonoured(
                f"log {one.seat} ends at {ends.get(one.seat, 0)}, and {one.held} were acknowledged"
            )
        if one.held and heads.get((one.seat, one.held)) != one.head:
            raise NotHonoured(f"log {one.seat} is another at {one.held} than was acknowledged")
    promised = {one.seat: one.held for one in promises}
    return any(ends.get(seat, 0) > promised.get(seat, 0) for seat in seats)

"""Walks a copy of the office from the seats' public keys up: logs, records, feeds, branches.

It believes no column that can be worked out from others: heads from the bytes of changes, states
from changes. Every fault is one sentence with numbers alone, never what a citizen told us.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from uuid import UUID

from server.records import folding
from server.records.changes import MERGED, UNREADABLE
from server.records.folding import Folded, begin, fold_in
from server.records.holding import Holding
from sync import chain
from sync.batch import verify_batch
from sync.change import LinkedChange, read_skeleton
from sync.record import encode_state, must_wait
from sync.refusals import Refusal
from sync.sent_batch import read_batch

People = Mapping[int, tuple[int | None, int | None]]
"""By seat: the staff and the team that wrote there."""

_MERGED = ", ".join(f"'{effect}'" for effect in MERGED)


_BYTES = {
    "changes": ("head", "skeleton", "body"),
    "logs": ("head",),
    "records": ("id", "state"),
    "seats": ("public_key",),
    "branches": ("head", "batch"),
}
"""Columns that hold bytes; SQLite itself would let in anything."""


def walk(copy: sqlite3.Connection, office: str) -> Iterator[str]:
    """Give every fault of a copy, one after the other."""
    foreign = list(_foreign_values(copy))
    if foreign:
        yield from foreign
        return  # nothing below could be worked out from them
    yield from _walk_logs(copy)
    yield from _walk_records(copy)
    yield from _walk_feeds(copy)
    yield from _walk_branches(copy, office)


def _foreign_values(copy: sqlite3.Connection) -> Iterator[str]:
    for table, columns in _BYTES.items():
        for column in columns:
            count = copy.execute(
                f"SELECT count(*) FROM {table} WHERE typeof({column}) <> 'blob'"  # noqa: S608 -- constants
            ).fetchone()[0]
            if count:
                yield f"table {table}: {count} values of {column} are no bytes"


def _walk_logs(copy: sqlite3.Connection) -> Iterator[str]:
    keys = {row["number"]: row["public_key"] for row in copy.execute("SELECT * FROM seats")}
    ends = {row["seat"]: row for row in copy.execute("SELECT seat, last, head FROM logs")}
    rows = copy.execute("SELECT * FROM changes ORDER BY seat, seq")
    for seat, run in groupby(rows, key=lambda row: int(row["seat"])):
        if seat not in keys:
            yield f"log {seat}: there is no such seat"
            continue
        yield from _walk_log(seat, run, keys[seat], ends.pop(seat, None))
    for seat, end in ends.items():
        if end["last"] or end["head"] != chain.start(keys.get(seat, b"")):
            yield f"log {seat}: it should end at {end['last']} and has no change"


def _walk_log(
    seat: int, run: Iterable[sqlite3.Row], public_key: bytes, end: sqlite3.Row | None
) -> Iterator[str]:
    last, head = 0, chain.start(public_key)
    for row in run:
        seq = row["seq"]
        if seq != last + 1:
            yield f"log {seat}: changes {last + 1} to {seq - 1} are missing"
        elif chain.link(head, row["skeleton"], row["body"]) != row["head"]:
            yield f"log {seat}, change {seq}: its bytes do not give its head"
        if row["effect"] != UNREADABLE and not _fits_its_place(row):
            yield f"log {seat}, change {seq}: its columns are not what it says itself"
        last, head = seq, row["head"]
    if end is None or (end["last"], end["head"]) != (last, head):
        yield f"log {seat}: it ends at {last}, and not as its end says"


def _fits_its_place(row: sqlite3.Row) -> bool:
    skeleton = read_skeleton(row["skeleton"])
    return skeleton is not None and (
        (skeleton.seat, skeleton.seq, skeleton.record, skeleton.kind, *skeleton.at)
        == tuple(row[name] for name in ("seat", "seq", "record", "kind", "at_ms", "at_counter"))
    )


def _walk_records(copy: sqlite3.Connection) -> Iterator[str]:
    people = {
        row["number"]: (row["staff"], row["team"])
        for row in copy.execute("SELECT number, staff, team FROM seats")
    }
    names = ", ".join(folding.COLUMNS)
    find = f"SELECT {names} FROM records WHERE id = ?"  # noqa: S608 -- names of our schema
    held = "SELECT holder, held FROM holders WHERE record = ?"
    rows = copy.execute(
        f"SELECT * FROM changes WHERE record IS NOT NULL"  # noqa: S608 -- constants
        f" AND effect IN ({_MERGED}) ORDER BY record, turn"
    )
    count = 0
    for record, run in groupby(rows, key=lambda row: bytes(row["record"])):
        count += 1
        turns = list(run)
        stood = {row["holder"]: bool(row["held"]) for row in copy.execute(held, (record,))}
        row = copy.execute(find, (record,)).fetchone()
        yield from _walk_record(record, turns, people, row, stood)
    total = copy.execute("SELECT count(*) FROM records").fetchone()[0]
    if total != count:
        yield f"there are {total} records, and changes of {count}"


def _walk_record(
    record: bytes,
    turns: list[sqlite3.Row],
    people: People,
    row: sqlite3.Row | None,
    stood: Mapping[str, bool],
) -> Iterator[str]:
    named = f"record {UUID(bytes=record)}"
    if row is None:
        yield f"{named}: it has changes and is missing"
        return
    refolded = _refold(record, turns, people)
    if isinstance(refolded, str):
        yield f"{named}: {refolded}"
        return
    folded, held = refolded
    due = folding.row_of(folded, encode_state(folded.state))
    for name, stands, told in zip(folding.COLUMNS, tuple(row), due, strict=True):
        if stands != told:
            yield f"{named}: its {name} is not what its changes give"
    if held.rows.keys() - stood.keys():
        yield f"{named}: a holder of it is missing"
    elif held.rows != {who: holds for who, holds in stood.items() if holds or who in held.rows}:
        # That somebody held it once may follow from nothing else, where that change was erased.
        yield f"{named}: others hold it than its changes say"


def _refold(
    record: bytes, turns: list[sqlite3.Row], people: People
) -> tuple[Folded, Holding] | str:
    folded, held = begin(record, turns[0]["kind"]), Holding()
    for row in turns:
        skeleton = read_skeleton(row["skeleton"])
        place = f"change {row['seq']} of log {row['seat']}"
        if skeleton is None or skeleton.record != record or must_wait(folded.state, skeleton):
            return f"{place} cannot be applied to it"
        change = LinkedChange(
            row["seat"], row["seq"], row["head"], row["skeleton"], row["body"], skeleton
        )
        try:
            folded = fold_in(folded, change, row["received"], row["effect"])
        except (Refusal, ValueError):
            return f"the body of {place} cannot be read"
        if folded.turns != row["turn"]:
            return f"{place} has turn {row['turn']} and should have {folded.turns}"
        held.note(folded.state, row["effect"], *people.get(row["seat"], (None, None)))
    return folded, held


def _walk_feeds(copy: sqlite3.Connection) -> Iterator[str]:
    rows = copy.execute(
        """SELECT feeds.area, feeds.record, feeds.number, feeds."left", records.area AS stands_in,
                  records.hidden, area_counters.number AS newest
           FROM feeds LEFT JOIN records ON records.id = feeds.record
           LEFT JOIN area_counters ON area_counters.area = feeds.area"""
    )
    for row in rows:
        named = f"feed {row['area']}, number {row['number']}"
        if row["hidden"] is None:
            yield f"{named}: its record is missing"
        elif row["newest"] is None or row["number"] > row["newest"]:
            yield f"{named}: it lies beyond the counter of its area"
        elif bool(row["left"]) == (row["stands_in"] == row["area"] and not row["hidden"]):
            yield f"{named}: its record is not where it says"
    missing = copy.execute(
        """SELECT count(*) FROM records WHERE NOT hidden AND area IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM feeds WHERE feeds.record = records.id AND feeds.area = records.area)"""
    ).fetchone()[0]
    if missing:
        yield f"{missing} records are missing in the feeds of their areas"
    dossiers = copy.execute(
        """SELECT count(*) FROM records WHERE kind = 'dossier' AND NOT hidden AND NOT EXISTS (
           SELECT 1 FROM dossiers WHERE dossiers.record = records.id)"""
    ).fetchone()[0]
    if dossiers:
        yield f"{dossiers} dossiers are missing in the desk's list"


def _walk_branches(copy: sqlite3.Connection, office: str) -> Iterator[str]:
    rows = copy.execute(
        """SELECT branches.id, branches.seat, branches.head, branches.batch, seats.public_key
           FROM branches LEFT JOIN seats ON seats.number = branches.seat ORDER BY branches.id"""
    )
    for row in rows:
        try:
            batch = read_batch(row["batch"], len(row["batch"]))
            verify_batch(batch, office, row["public_key"] or b"")
        except Refusal:
            yield f"branch {row['id']}: it is not signed by seat {row['seat']}"
            continue
        if (batch.seat, batch.head) != (row["seat"], row["head"]):
            yield f"branch {row['id']}: its columns are not what it says itself"

"""An erasure: the bodies of all changes about a dossier go; places, hashes and chains stay.

    list it, signed → keep the list beside the database → drop the bodies → fold the records anew

1. The list beside the database comes first: should we die between the two, the next start goes on.
2. What is listed is erased for ever: it is run again at every start, so after every restore too.
3. A list of before does not tell the branch of its changes: whoever has their hashes finds it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.dossiers.rebuild import refold
from server.erasures.dropping import Gone, drop_bodies
from server.erasures.naming import bodies_about, name_fully
from server.erasures.tables import erasure_deeds
from server.keys import OfficeKeys, write_privately
from server.lists.issuing import SignedList, find_list, issue_list
from server.lists.tables import erased_changes
from server.records.feeds import number_feeds
from server.records.rows import insert_rows
from server.records.tables import records
from server.settings import Settings
from sync import signature
from sync.exchange import Shown
from sync.papers import Erasure, Erasures, find_paper
from sync.refusals import Refusal

REASON_CHARACTERS_MIN = 10
REASON_CHARACTERS_MAX = 500


class NothingToErase(Refusal):
    """The record has no value left that could be erased, or there is no such record."""

    code = "unknown-record"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("this record has nothing to erase")


@dataclass(frozen=True)
class Keeper:
    """The office that erases: who signs the list, and where it lies beside the database."""

    office: str
    keys: OfficeKeys
    path: Path


def keeper_of(settings: Settings, keys: OfficeKeys) -> Keeper:
    """Give the keeper of an office."""
    return Keeper(settings.office, keys, settings.erasures_path)


@dataclass(frozen=True)
class Deed:
    """Who erases, why, and when."""

    staff: int
    reason: str
    at: int


def erase(connection: sa.Connection, keeper: Keeper, record: UUID, deed: Deed) -> Gone:
    """Erase a dossier, and what else was written about it: results, originals that we kept.

    Gives the files to remove after the commit; raises NothingToErase.
    """
    found = bodies_about(connection, record.bytes)
    if not found:
        raise NothingToErase
    _keep(connection, found)
    _issue(connection, keeper, deed.at)
    gone = _drop(connection, found)
    connection.execute(
        sa.insert(erasure_deeds).values(
            record=record.bytes,
            at=deed.at,
            staff=deed.staff,
            reason=deed.reason,
            changes=len(found),
        )
    )
    return gone


def run_again(connection: sa.Connection, keeper: Keeper, now: int) -> Gone:
    """Erase what the list names and the database still has; before any door opens."""
    last = find_list(connection, signature.ERASURES)
    beside = _read_beside(keeper)
    listed = [*_entries(last.shown if last else None, keeper), *(beside.entries if beside else [])]
    fresh = _news_of(connection, listed)
    number = beside.number if beside else 0
    if fresh or (last.number if last else 0) < number:
        _keep(connection, fresh)
        _issue(connection, keeper, now, above=number)
    return _drop(connection, listed)


def take_back(
    connection: sa.Connection, keeper: Keeper, shown: Iterable[Shown], now: int
) -> Gone | None:
    """Erase what a list names that a device brought and this office has lost; mostly nothing."""
    key = keeper.keys.public_key
    found = [find_paper(one, signature.ERASURES, Erasures, keeper.office, key) for one in shown]
    lists = [one for one in found if one is not None]
    if not lists:
        return None
    fresh = _news_of(connection, [entry for one in lists for entry in one.entries])
    if not fresh:
        return None
    _keep(connection, fresh)
    _issue(connection, keeper, now, above=max(one.number for one in lists))
    return _drop(connection, fresh)


def _news_of(connection: sa.Connection, said: Collection[Erasure]) -> set[Erasure]:
    """Give what lists say and nobody kept yet: changes, or of which branch a kept one is."""
    kept = set(_load_kept(connection))
    told = {entry for entry in {*kept, *said} if entry.tag}
    untold = {entry.body for entry in said} - {entry.body for entry in told}
    told |= name_fully(connection, untold)
    untold -= {entry.body for entry in told}
    return {*told, *(Erasure(*body) for body in untold)} - kept


def _load_kept(connection: sa.Connection) -> list[Erasure]:
    table = erased_changes.c
    places = (table.seat, table.seq, table.hash, table.tag)
    return [Erasure(*row) for row in connection.execute(sa.select(*places).order_by(*places))]


def _keep(connection: sa.Connection, entries: Iterable[Erasure]) -> None:
    """Keep entries; one of which the branch is known takes the place of one without."""
    rows = [(*entry.body, entry.tag) for entry in entries]
    for seat, seq, body_hash, tag in rows:
        table = erased_changes.c
        same = (table.seat == seat) & (table.seq == seq) & (table.hash == body_hash)
        if tag:
            connection.execute(sa.delete(erased_changes).where(same, table.tag == b""))
    insert_rows(connection, erased_changes, ("seat", "seq", "hash", "tag"), rows, "DO NOTHING")


def _issue(connection: sa.Connection, keeper: Keeper, now: int, *, above: int = 0) -> None:
    entries = _load_kept(connection)
    beside = _read_beside(keeper)
    above = max(above, beside.number if beside else 0)
    issue_list(
        connection, keeper.keys, keeper.office, signature.ERASURES, entries, now, above=above
    )
    issued = find_list(connection, signature.ERASURES)
    assert isinstance(issued, SignedList)
    write_privately(keeper.path, msgspec.msgpack.encode(issued.shown))


def _drop(connection: sa.Connection, entries: Iterable[Erasure]) -> Gone:
    gone = drop_bodies(connection, entries)
    stood = sa.select(records.c.id, records.c.area, records.c.hidden)
    before = connection.execute(stood.where(records.c.id.in_(gone.records))).all()
    refold(connection, gone.records)
    left: dict[str, list[tuple[bytes, bool]]] = {}
    for row in before:
        # It has no area any more that anybody could read: it leaves the feed, and so the devices.
        if row.area is not None and not row.hidden:
            left.setdefault(row.area, []).append((row.id, True))
    number_feeds(connection, left, gone.records)
    return gone


def _read_beside(keeper: Keeper) -> Erasures | None:
    if not keeper.path.exists():
        return None
    try:
        shown = msgspec.msgpack.decode(keeper.path.read_bytes(), type=Shown)
    except msgspec.DecodeError:
        return None
    return find_paper(shown, signature.ERASURES, Erasures, keeper.office, keeper.keys.public_key)


def _entries(shown: Shown | None, keeper: Keeper) -> list[Erasure]:
    if shown is None:
        return []
    key = keeper.keys.public_key
    found = find_paper(shown, signature.ERASURES, Erasures, keeper.office, key)
    return found.entries if found else []

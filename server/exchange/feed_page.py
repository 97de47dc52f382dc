"""Pages: the stored states of an area that a person may hold, one after the other.

The bytes are handed on as they are stored; the office does not open what it gives out. What a page
holds is listed first; only the states of runs that were not packed before are read at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import sqlalchemy as sa

from server.bodies import deflate_run
from server.exchange.opening import Reader
from server.keys import OfficeKeys
from server.records.holding import holders_of
from server.records.packed_runs import Key, Listed, PackedRun, PackedRuns, key_of, runs_of
from server.records.rows import select_column
from server.records.tables import area_counters, feeds, holders, records
from server.staff.rules import holds_for_team
from server.statements import Among, Statement
from sync.limits import PAGE_BYTES_MAX, PAGE_STATES_MAX, RECORD_BYTES
from sync.page import PACKED_END, Page
from sync.record import encode_left_mark

LEFT_MARK_BYTES: Final = len(encode_left_mark(bytes(RECORD_BYTES)))


@dataclass
class _Budget:
    """What one answer may still hold; its first entry goes in whatever it weighs."""

    bytes_left: int
    entries_left: int = PAGE_STATES_MAX
    is_first: bool = True

    def spend(self, behind: Sequence[Listed]) -> Sequence[Listed]:
        """Give as many of these as still go in, from the first."""
        weight = sum([LEFT_MARK_BYTES if one.left else one.size for one in behind])
        if weight <= self.bytes_left and len(behind) <= self.entries_left:
            self.bytes_left -= weight
            self.entries_left -= len(behind)
            self.is_first = self.is_first and not behind
            return behind
        for place, one in enumerate(behind):
            size = LEFT_MARK_BYTES if one.left else one.size
            if not self.is_first and (size > self.bytes_left or self.entries_left == 0):
                return behind[:place]
            self.bytes_left -= size
            self.entries_left -= 1
            self.is_first = False
        return behind


@dataclass(frozen=True)
class Giving:
    """How pages are made for one answer."""

    connection: sa.Connection
    keys: OfficeKeys
    runs: PackedRuns
    reader: Reader
    is_packed: bool
    """From version 2: before, entries came as they are."""


def read_pages(giving: Giving, cursors: Mapping[str, int], want: int) -> dict[str, Page]:
    """Give what is new behind the cursors, in the areas that the reader has a right to."""
    areas = sorted(area for area in cursors if area in giving.reader.areas)
    if not areas:
        return {}
    budget = _Budget(min(want, PAGE_BYTES_MAX))
    # The counters first: whatever is numbered up to them is committed and seen below.
    newest: dict[str, int] = dict(_counters.rows(giving.connection, areas=areas))
    return {
        area: _read_page(giving, area, (cursors[area], newest.get(area, 0)), budget)
        for area in areas
    }


def dropped_areas(reader: Reader, cursors: Mapping[str, int]) -> list[str]:
    """Name the areas of which the device must forget what it holds."""
    return sorted(area for area in cursors if area not in reader.areas)


def added_areas(reader: Reader, cursors: Mapping[str, int]) -> list[str]:
    """Name the areas that the reader has a right to, and does not know of."""
    return sorted(area for area in reader.areas if area not in cursors)


def _read_page(giving: Giving, area: str, span: tuple[int, int], budget: _Budget) -> Page:
    """Give the page of an area from a cursor up to its newest number."""
    cursor, newest = span
    if cursor >= newest:
        return Page(cursor=cursor)
    person, team = _holders_of(giving.reader)
    found = _behind.rows(
        giving.connection, area=area, cursor=cursor, newest=newest, person=person, team=team
    )
    behind = list(map(Listed._make, found))
    listed = budget.spend(behind)
    is_whole = len(listed) == len(behind)
    end = newest if is_whole else listed[-1].number if listed else cursor
    if not giving.is_packed:
        return Page(entries=b"".join(_read_entries(giving, listed)), cursor=end, more=not is_whole)
    runs = _packed(giving, {key_of(area, run): run for run in runs_of(listed)})
    return Page(
        cursor=end,
        more=not is_whole,
        macs=b"".join(run.marks for run in runs),
        packed=b"".join([*(run.packed for run in runs), PACKED_END]) if runs else b"",
    )


def _packed(giving: Giving, runs: Mapping[Key, Sequence[Listed]]) -> list[PackedRun]:
    """Give these runs, as they were packed before, or packed now."""
    found = {key: giving.runs.find(key) for key in runs}
    missing = [key for key, packed in found.items() if packed is None]
    entries = iter(_read_entries(giving, [one for key in missing for one in runs[key]]))
    for key in missing:
        own = list(islice(entries, len(runs[key])))
        found[key] = packed = PackedRun(deflate_run(own), b"".join(map(giving.keys.mark, own)))
        giving.runs.keep(key, packed)
    return [packed for packed in found.values() if packed is not None]


def _read_entries(giving: Giving, listed: Sequence[Listed]) -> list[bytes]:
    """Read the bytes of entries, in their order."""
    wanted = [one.record for one in listed if not one.left]
    states = dict(select_column(giving.connection, records, "id", "state", wanted))
    return [encode_left_mark(one.record) if one.left else states[one.record] for one in listed]


def _holders_of(reader: Reader) -> tuple[str, str | None]:
    """Name as whom the reader may hold records: as this person, and for a team or for none."""
    person = reader.person
    own, *of_team = holders_of(person.id, person.team if holds_for_team(person.role) else None)
    return own, of_team[0] if of_team else None


_counters = Statement(
    sa.select(area_counters.c.area, area_counters.c.number).where(
        Among(area_counters.c.area, "areas")
    )
)

# Joined, not asked for by EXISTS: once for each instead of once for "ever" and once for "still".
_own, _of_team = holders.alias("own"), holders.alias("of_team")
_is_known = _own.c.held.is_not(None) | _of_team.c.held.is_not(None)

# Whoever held a record by an assignment that has gone is told so: their devices forget it.
_left = feeds.c.left | ~(_own.c.held.is_(sa.true()) | _of_team.c.held.is_(sa.true()))


def _held_by(row: sa.FromClause, holder: str) -> "sa.ColumnElement[bool]":
    is_holder = row.c.holder == sa.bindparam(holder, type_=sa.Text)
    return (row.c.record == feeds.c.record) & is_holder


# What a reader holds or held of an area, from a cursor up to a number.
_behind = Statement(
    sa.select(
        feeds.c.number,
        feeds.c.record,
        _left,
        sa.func.length(records.c.state),
        records.c.turns,
        records.c.last_received,
    )
    .select_from(feeds)
    .outerjoin(_own, _held_by(_own, "person"))
    .outerjoin(_of_team, _held_by(_of_team, "team"))
    .join(records, records.c.id == feeds.c.record)
    .where(
        feeds.c.area == sa.bindparam("area"),
        feeds.c.number > sa.bindparam("cursor"),
        feeds.c.number <= sa.bindparam("newest"),
    )
    .where(_is_known, ~records.c.hidden)
    .order_by(feeds.c.number)
    .limit(PAGE_STATES_MAX + 1)
)

"""Merges new changes into records and everything that follows from records, in one transaction.

    load what stands → merge change by change, in memory → write rows → number the feeds, last

1. Nothing is read twice and nothing is written before all is known: a failure leaves no trace.
2. What a seat may not do is merged like any other change and put back at once by the office's own
   seat; so every party converges by the one rule there is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.attachments.naming import name_attachments
from server.codes.naming import name_codes, sets_code, wants_code
from server.codes.numbering import take_codes
from server.deadlines.supplements import GIVEN
from server.dossiers import projection
from server.dossiers.findings import Ended, Kind, Raised, conflict_events, write_findings
from server.dossiers.projection import Origin, load_origins, project
from server.dossiers.promises import DUE, find_promise
from server.exchange.authors import Writer, load_writers
from server.exchange.hand_backs import HandBack, find_hand_back, weigh_hand_back
from server.exchange.holdings import Holdings
from server.exchange.own_log import OwnLog, Sets
from server.exchange.policies import sets_by_policy
from server.exchange.silenced import silenced_sets
from server.fieldwork import projection as fieldwork
from server.records import changes as change_rows
from server.records import folding
from server.records.changes import (
    APPLIED,
    BY_POLICY,
    PUT_BACK,
    QUARANTINED,
    UNREADABLE,
    WAITING,
)
from server.records.feeds import number_feeds
from server.records.folding import Folded, begin, fold_in
from server.records.rows import insert_rows, select_rows, update_rows
from server.records.tables import changes, logs, records
from server.statements import Row
from sync.change import LinkedChange, has_effect
from sync.codes import OFFICIAL
from sync.field_names import names_under
from sync.reconcile import judge
from sync.record import decode_state, dots, encode_state, must_wait, put_back, shown_values

SEAT_KIND = "seat"
"""A record in which a new seat names the parted log that it goes on from."""

LOADED = (
    "id", "state", "area", "hidden", "turns", "applied", "first_received", "first_seat",
    "last_received",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stood:
    """A record as it was before this transaction."""

    area: str | None
    is_hidden: bool


class Merging:
    """One transaction's changes on their way into the tables."""

    def __init__(
        self,
        connection: sa.Connection,
        now: int,
        open_office_log: Callable[[], OwnLog],
        agency: str,
    ) -> None:
        """Begin; the office's own log is opened only if something must be put back or numbered."""
        self._connection = connection
        self._now = now
        self._open_office_log = open_office_log
        self._agency = agency
        self._office_log: OwnLog | None = None
        self._folded: dict[bytes, Folded] = {}
        # Of records: whose rows were asked for, and those rows as long as nobody has opened them.
        self._asked: set[bytes] = set()
        self._fetched: dict[bytes, Row] = {}
        self._stood: dict[bytes, _Stood] = {}
        self._touched: dict[bytes, None] = {}
        self._rows: list[Row] = []
        self._ends: dict[int, tuple[int, bytes]] = {}
        self._holdings = Holdings(connection)
        self._events: list[Raised | Ended] = []
        self._origins: dict[int, Origin] = {}
        # Records of which a change may have given or taken a code.
        self._recoded: set[bytes] = set()
        self._handed_back: list[HandBack] = []

    @property
    def touched(self) -> list[bytes]:
        """Name the records that changed."""
        return list(self._touched)

    def fetch(self, arriving: Iterable[LinkedChange]) -> None:
        """Read the records that changes speak of, and keep others from changing them."""
        self._fetch({change.skeleton.record for change in arriving if change.skeleton})

    def load(self, arriving: Iterable[LinkedChange]) -> None:
        """Open those records; raises Malformed where one cannot be read."""
        self._load({change.skeleton.record for change in arriving if change.skeleton})

    def _fetch(self, named: AbstractSet[bytes]) -> None:
        wanted = sorted(named - self._asked)
        self._asked.update(wanted)
        if wanted:
            rows = select_rows(self._connection, records, LOADED, "id", wanted)
            self._fetched |= {row[0]: row for row in rows}

    def _load(self, named: AbstractSet[bytes]) -> None:
        self._fetch(named)
        for wanted in sorted(named & self._fetched.keys()):
            record, state, area, is_hidden, *counted = self._fetched[wanted]
            folded = Folded(decode_state(state), area, *counted)
            del self._fetched[wanted]
            self._stood[record] = _Stood(area, bool(is_hidden))
            self._folded[record] = folded
            self._holdings.load(folded.state)

    def merge(self, writer: Writer, change: LinkedChange, *, is_listed: bool = False) -> None:
        """Merge one change, whose record is loaded and which is next in its log.

        `is_listed` says that its body was erased by law; without a body, only such a one counts.
        """
        self._ends[change.seat] = (change.seq, change.head)
        if change.seat not in self._origins:
            self._origins[change.seat] = writer.origin
        skeleton = change.skeleton
        # NUL is text to MessagePack and SQLite, and nothing that PostgreSQL could keep.
        lacks_body = change.is_erased and not is_listed
        if skeleton is None or "\0" in skeleton.kind or lacks_body or not has_effect(change):
            self._keep(change, UNREADABLE, 0)
            self._raise("unreadable", change)
            return
        before = self._folded.get(skeleton.record) or begin(skeleton.record, skeleton.kind)
        if must_wait(before.state, skeleton):
            # Its log has come without a gap, so what it waits for will never come: its author
            # counted wrongly, or what it builds on could not be read.
            self._keep(change, WAITING, 0)
            self._raise("waiting", change)
            return
        taken = fold_in(before, change, self._now, APPLIED)
        # What was erased was judged when it first came, and says nothing any more.
        reason = None if is_listed else judge(writer.rights, before.state, taken.state, change)
        if reason is None:
            self._accept(change, before, taken, APPLIED, writer)
            self._note_place(before, taken, change, writer.staff)
            self._weigh_promise(before, taken, change)
            self._tell_of_answer(writer, before, taken, change)
            handed = find_hand_back(writer, before.state, taken.state, change)
            self._handed_back += [handed] if handed else []
            again = silenced_sets(self._connection, self._rows, before.state, change)
            if again:
                self._write_for_office(skeleton.record, again, PUT_BACK)
            return
        merged = fold_in(before, change, self._now, QUARANTINED)
        self._accept(change, before, merged, QUARANTINED, writer)
        self._raise("quarantine", change, reason=str(reason))
        for sets in put_back(before.state, change):
            self._write_for_office(skeleton.record, sets, PUT_BACK)

    def write(self) -> None:
        """Write what followed; the last statements of the transaction."""
        self._settle_by_policy()
        self._return_dossiers()
        self._give_codes()
        self._write_records()
        insert_rows(self._connection, changes, change_rows.COLUMNS, self._rows)
        ends = [(seat, last, head) for seat, (last, head) in sorted(self._ends.items())]
        overwrite = "(seat) DO UPDATE SET last = excluded.last, head = excluded.head"
        insert_rows(self._connection, logs, ("seat", "last", "head"), ends, overwrite)
        self._holdings.write(self._stood)
        self._project()
        self._number()
        # After the areas are locked: two who bring one code at once find each other.
        self._name_codes()
        write_findings(self._connection, self._events)

    def _settle_by_policy(self) -> None:
        for record in list(self._touched):
            sets = sets_by_policy(self._connection, self._folded[record], self._origins)
            if sets:
                self._write_for_office(record, sets, BY_POLICY)

    def _return_dossiers(self) -> None:
        for handed in self._handed_back:
            self._load({handed.dossier})
            folded = self._folded.get(handed.dossier)
            if folded is None or not projection.is_shown(folded):
                continue
            sets, trouble = weigh_hand_back(self._connection, handed, folded.state, self._folded)
            if trouble:
                place = handed.dossier, handed.seat, handed.seq
                detail = {"reason": trouble}
                self._events.append(Raised("hand-back", *place, None, self._now, detail))
            if sets:
                self._write_for_office(handed.dossier, sets, BY_POLICY)

    def _give_codes(self) -> None:
        """Give an official code to whoever came with a provisional one alone."""
        if not self._agency:
            return
        wanting = [
            folded.state.record
            for folded in self._touched_folded()
            if projection.is_shown(folded) and wants_code(folded.state)
        ]
        if not wanting:
            return
        codes = take_codes(self._connection, self._agency, len(wanting), self._now)
        # Where a day has no more numbers, the provisional code goes on standing.
        for record, code in zip(wanting, codes, strict=False):
            replaced = dots(self._folded[record].state, OFFICIAL)
            self._write_for_office(record, {OFFICIAL: (replaced, code)}, BY_POLICY)

    def _name_codes(self) -> None:
        states = {}
        for folded in self._touched_folded():
            record = folded.state.record
            stood = self._stood.get(record)
            is_new = stood is None or stood.is_hidden
            if projection.is_shown(folded) and (is_new or record in self._recoded):
                states[record] = folded.state
        for twin in name_codes(self._connection, states, self._stood):
            detail = {"code": twin.named.code, "other": str(UUID(bytes=twin.other))}
            seat, seq = twin.named.seat, twin.named.seq
            self._events.append(
                Raised("code-twice", twin.record, seat, seq, None, self._now, detail)
            )

    def _note_place(
        self, before: Folded, after: Folded, change: LinkedChange, staff: int | None
    ) -> None:
        """Tell people of a record without an area: it was built on a change that has not come."""
        record = after.state.record
        if after.state.kind == SEAT_KIND:
            return  # a seat says which log it goes on from: of no place, and nobody's dossier
        if after.area is None and before.applied == 0:
            self._raise("unplaced", change)
        elif after.area is not None and before.area is None and before.applied > 0:
            # What came before its place was known could not be judged by it. Where one of its
            # authors has no right there, the finding stays open: a person looks.
            early = load_writers(self._connection, before.state.seen)
            if all(
                one.rights.is_office or after.area in one.rights.areas for one in early.values()
            ):
                self._events.append(Ended(record, None, self._now, staff, "unplaced"))

    def _weigh_promise(self, before: Folded, after: Folded, change: LinkedChange) -> None:
        """Tell people of a promise that the office does not come to, or that came too late."""
        assert change.skeleton is not None
        if DUE not in change.skeleton.fields or DUE in before.state.registers or change.is_erased:
            return
        promised = find_promise(self._connection, shown_values(after.state), self._now)
        if promised is not None and promised.trouble is not None:
            self._raise("deadline", change, reason=promised.trouble)

    def _tell_of_answer(
        self, writer: Writer, before: Folded, after: Folded, change: LinkedChange
    ) -> None:
        """Tell people that what the office had asked for was brought in the field."""
        if writer.rights.is_office or change.is_erased:
            return
        assert change.skeleton is not None
        # Of a new record all fields that it has, which are looked through at less cost.
        fields = change.skeleton.fields if before.state.seen else after.state.registers
        if names_under(fields, GIVEN):
            self._raise("supplied", change)

    def _write_for_office(self, record: bytes, sets: Sets, effect: str) -> None:
        log = self._office_log = self._office_log or self._open_office_log()
        before = self._folded[record]
        change = log.write(before.state, sets, self._now)
        self._ends[change.seat] = (change.seq, change.head)
        after = fold_in(before, change, self._now, effect)
        self._accept(change, before, after, effect, None)

    def _accept(
        self,
        change: LinkedChange,
        before: Folded,
        after: Folded,
        effect: str,
        writer: Writer | None,
    ) -> None:
        staff, team = (writer.staff, writer.team) if writer else (None, None)
        record = after.state.record
        self._folded[record] = after
        self._touched[record] = None
        # A new record's codes are named in any case.
        if record in self._stood and change.skeleton and sets_code(change.skeleton.fields):
            self._recoded.add(record)
        self._keep(change, effect, after.turns)
        self._holdings.note(after.state, effect, staff, team)
        self._events += conflict_events(before, after, change, self._now, staff)

    def _keep(self, change: LinkedChange, effect: str, turn: int) -> None:
        self._rows.append(change_rows.row_of(change, self._now, effect, turn))

    def _raise(self, kind: Kind, change: LinkedChange, **detail: str) -> None:
        record = change.skeleton.record if change.skeleton and kind != "unreadable" else None
        self._events.append(Raised(kind, record, change.seat, change.seq, None, self._now, detail))

    def _write_records(self) -> None:
        new: list[Row] = []
        old: list[Row] = []
        for record in sorted(self._touched):
            folded = self._folded[record]
            row = folding.row_of(folded, encode_state(folded.state))
            if record in self._stood:
                old.append((*row, record))
            else:
                new.append((record, *row))
        insert_rows(self._connection, records, ("id", *folding.COLUMNS), new)
        update_rows(self._connection, records, folding.COLUMNS, "id", old)

    def _project(self) -> None:
        shown = [folded for folded in self._touched_folded() if projection.is_shown(folded)]
        told = [folded for folded in self._touched_folded() if fieldwork.is_told(folded)]
        missing = {folded.first_seat for folded in (*shown, *told)} - self._origins.keys()
        self._origins |= load_origins(self._connection, missing)
        fieldwork.project(
            self._connection,
            [fieldwork.row_of(folded, self._origins[folded.first_seat].staff) for folded in told],
        )
        rows = [projection.row_of(folded, self._origins) for folded in shown]
        project(self._connection, rows, self._stood)
        name_attachments(self._connection, [folded.state for folded in shown])

    def _number(self) -> None:
        entries: defaultdict[str, list[tuple[bytes, bool]]] = defaultdict(list)
        for folded in self._touched_folded():
            record, area = folded.state.record, folded.area
            stood = self._stood.get(record)
            if stood and stood.area and stood.area != area and not stood.is_hidden:
                entries[stood.area].append((record, True))
            if area and not folded.is_hidden:
                entries[area].append((record, False))
        number_feeds(self._connection, entries, self._stood)

    def _touched_folded(self) -> list[Folded]:
        return [self._folded[record] for record in self._touched]

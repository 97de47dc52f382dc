"""The simulated phone: a pure state machine over a disk, written from `docs/protocol.md`.

1. Durable before sent: nothing is told "saved", and no byte goes out, before a strict commit.
2. What is unsent is asked of the log and the receipts; there is no queue beside them.
3. What comes down is only a copy: it may be lost in a crash, and is then asked for again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec

from sync import signature
from sync.batch import Batch
from sync.codes import OFFICIAL
from sync.exchange import (
    PROTOCOL,
    ExchangeRequest,
    ExchangeResponse,
    ListsHeld,
    LogEnd,
    seal,
)
from sync.limits import EXCHANGE_BATCHES_MAX
from sync.receipt import Receipt
from sync.record import conflicts, encode_state
from sync.refusals import Refusal
from tests.sim import codes
from tests.sim.authoring import (
    Deed,
    carry_over,
    carry_owed,
    seen_by_author,
    seen_own,
    values_seen,
    write,
)
from tests.sim.bundles import Sealing, due_bundles, keep_bundles, take_outcomes
from tests.sim.disk import Disk, DiskFull
from tests.sim.erasures import heed_erasures
from tests.sim.papers.sending import (
    Sending,
    field_of,
    keep_paper,
    papers_to_carry,
    said_of,
)
from tests.sim.phone import Phone, SeatRow
from tests.sim.ports import OFFICE, OK, DeviceDump, Edit, Feed, Grant, Reply, Written
from tests.sim.receipts import Probing, is_genuine, take_receipts
from tests.sim.receiving import drop_area, sweep, take_page
from tests.sim.registry import DeviceFacts
from tests.sim.sending import Habits, batches
from tests.sim.wire import read_envelope, read_message, write_batch

JUMP_MAX = 2**20


class Device:
    """One phone. See `DeviceEngine` for what its deeds mean."""

    def __init__(
        self,
        facts: DeviceFacts,
        office_key: bytes,
        habits: Habits,
        disk: Disk,
        note: Callable[[str], None],
    ) -> None:
        self.facts, self.office_key, self.habits = facts, office_key, habits
        self.number = facts.number
        self.disk, self.note = disk, note
        self._begin()

    def _begin(self) -> None:
        self.phone = Phone(self.disk, self.note)
        self._at_work: int | None = None
        self._asked: ExchangeRequest | None = None
        self._sent: list[Batch] = []
        self._probing = Probing()
        self.is_fresh = False
        self.papers = Sending(self.phone)

    @property
    def moves(self) -> int:
        return self.disk.moves + self._probing.steps

    def edit(self, edit: Edit, now: int) -> Sequence[Written]:
        row = self.phone.seats[edit.seat]
        values = self._with_code(edit, now)
        if edit.photo is not None:
            values = {**values, field_of(edit.photo): said_of(edit.photo)}
        replaced = seen_by_author(self.phone, edit.record, list(values))
        deed = Deed(edit.record, values, replaced)
        saw, seen = values_seen(self.phone, deed), seen_own(self.phone, row, edit.record)
        try:
            _, change = write(self.phone, row, deed, now)
            if edit.photo is not None:
                keep_paper(self.phone, edit.record, edit.seat, edit.photo)
            self._commit_log(is_torn=edit.is_torn)
        except DiskFull:
            return ()
        return (Written(change, saw, seen),)

    def _with_code(self, edit: Edit, now: int) -> Mapping[str, Any]:
        """Give a dossier that is taken its code, in the transaction that writes it."""
        is_taken = edit.record not in self.phone.records and "area" in edit.values
        code = codes.next_code(self.phone, edit.seat, now) if is_taken else None
        if code is None:
            return edit.values
        self.note("official-code")
        return {**edit.values, OFFICIAL: code}

    def _commit_log(self, *, is_torn: bool) -> None:
        self.disk.commit(strict=not is_torn)

    def own_time(self, now: int) -> int:
        return now

    def editable(self, seat: int) -> Sequence[bytes]:
        row = self.phone.seats[seat]
        return sorted(self.phone.records) if row.is_well else []

    def in_conflict(self, record: bytes) -> Sequence[str]:
        kept = self.phone.records.get(record)
        return conflicts(kept.state) if kept else []

    def work_as(self, seat: int) -> None:
        self._at_work = seat

    def ask(self, now: int) -> Sequence[bytes]:
        before = self.phone.row
        row = before._replace(number=before.number + before.jump)
        self.disk.put("numbers", "row", row)
        self._commit_number()
        self._sent = list(batches(self.phone, self.habits, self._probing))
        reader = self.phone.seats.get(self._at_work or 0)
        seats = [
            one for one in self.phone.seats.values() if one.is_well or self.phone.is_retold(one)
        ]
        self._asked = ExchangeRequest(
            protocol=PROTOCOL,
            office=OFFICE,
            device=self.number,
            number=row.number,
            time=now,
            epoch=row.epoch,
            logs=[self._end_of(one) for one in seats],
            batches=[msgspec.Raw(write_batch(batch)) for batch in self._sent],
            seat=reader.seat if reader else None,
            cursors={
                area: self.phone.cursors.get(Feed(reader.seat, area), 0) for area in reader.areas
            }
            if reader
            else {},
            want=self.habits.want,
            directory=0,
            app_version="simulated",
            leases=codes.named_leases(self.phone, reader.seat if reader else None),
            sealed=[msgspec.Raw(raw) for raw in due_bundles(self.phone)],
            lists=ListsHeld(erasures=row.erasures),
        )
        seat_key = reader.key.private if reader else None
        return [seal(self._asked, self.facts.key.private, signature.REQUEST, seat_key)]

    def _end_of(self, row: SeatRow) -> LogEnd:
        head = self.phone.head_at(row, row.last_due)
        assert head is not None
        return LogEnd(row.seat, row.last_due, head)

    def _commit_number(self) -> None:
        # A counted number takes no room: a full disk must not keep a phone from sending.
        is_full, self.disk.is_full = self.disk.is_full, False
        self.disk.commit(strict=True)
        self.disk.is_full = is_full

    def wrote(self) -> Sequence[tuple[Written, bool]]:
        return ()

    def hand_over(self) -> Sequence[bytes]:
        unsent = batches(self.phone, self.habits, self._probing)
        return [msgspec.msgpack.encode(batch) for batch in unsent]

    def seal(self, sealing: Sealing, now: int) -> Sequence[bytes]:
        habits = msgspec.structs.replace(self.habits, batches=EXCHANGE_BATCHES_MAX)
        unsent = list(batches(self.phone, habits, self._probing))
        step = self.habits.batches
        sealed = [
            sealing.bundle(self.facts, unsent[place : place + step], now)
            for place in range(0, len(unsent), step)
        ]
        papers = papers_to_carry(self.phone)
        return [*sealed, sealing.bundle(self.facts, [], now, papers)] if papers else sealed

    def carry(self, bundles: Sequence[bytes]) -> bool:
        try:
            is_new = keep_bundles(self.phone, bundles) > 0
            self.disk.commit(strict=True)
        except DiskFull:
            return False
        return is_new

    def deliver(self, reply: Reply, *, is_torn: bool = False) -> Sequence[bytes]:
        del is_torn  # Its transactions are few: what was pending is cut when it dies.
        response = self._opened(reply)
        if response is not None and self._asked is not None:
            asked, self._asked = self._asked, None
            with suppress(DiskFull):
                self._take(asked, response)
        return ()

    def _opened(self, reply: Reply) -> ExchangeResponse | None:
        if reply.status != OK or self._asked is None:
            return None
        try:
            envelope = read_envelope(reply.body)
            signature.verify(
                self.office_key, signature.RESPONSE, envelope.message, envelope.signature
            )
            response = read_message(envelope, ExchangeResponse)
        except Refusal:
            return None
        addressed = (response.office, response.device, response.number)
        return response if addressed == (OFFICE, self.number, self._asked.number) else None

    def _take(self, asked: ExchangeRequest, response: ExchangeResponse) -> None:
        phone, strict = self.phone, self.habits.pages_are_strict
        is_new_epoch = response.epoch != phone.row.epoch
        if is_new_epoch:
            # The office has lost what came after its backup: its states are taken as they are.
            phone.rebuild_states()
            self._probing = Probing(steps=self._probing.steps)
        genuine = self._genuine(response)
        take_receipts(phone, self._probing, self._sent, response, genuine)
        self.papers.take_exchange(asked.seat, response, self._weighed(genuine))
        take_outcomes(phone, response)
        # Without a page for what was asked, the number was not new: another phone counts with it.
        # But who is revoked gets none.
        is_stale = response.order is None and any(
            area not in response.pages and area not in response.dropped for area in asked.cursors
        )
        # Feeds that began again meanwhile would have a gap below these pages.
        is_late = asked.seat is not None and any(
            phone.cursors.get(Feed(asked.seat, area), 0) != cursor
            for area, cursor in asked.cursors.items()
        )
        self.is_fresh = not (is_stale or is_new_epoch or is_late or response.added)
        if is_stale:
            phone.note("number-seen-before")
        jump = min(phone.row.jump * 2, JUMP_MAX) if is_stale else 1
        row = phone.row._replace(epoch=response.epoch, jump=jump)
        if row != phone.row:
            self.disk.put("numbers", "row", row)
        self.disk.commit(strict=strict)
        if not (asked.seat is None or is_new_epoch or is_late):
            self._take_pages(asked.seat, response)
        heed_erasures(phone, response, self.office_key)
        self.disk.commit(strict=strict)

    def _genuine(self, response: ExchangeResponse) -> list[Receipt]:
        """Give the receipts of seats on this phone that the office signed."""
        return [
            one
            for one in response.receipts
            if one.seat in self.phone.seats and is_genuine(one, response, self.office_key)
        ]

    def _weighed(self, genuine: Sequence[Receipt]) -> list[Receipt]:
        """Give the receipts that count: where the own log has the same head."""
        rows, phone = self.phone.seats, self.phone
        return [one for one in genuine if phone.head_at(rows[one.seat], one.held) == one.head]

    def _take_pages(self, seat: int, response: ExchangeResponse) -> None:
        phone, strict = self.phone, self.habits.pages_are_strict
        for area, page in sorted(response.pages.items()):
            take_page(phone, Feed(seat, area), page)
            self.disk.commit(strict=strict)
        for area in response.dropped:
            phone.note("area-dropped")
            drop_area(phone, Feed(seat, area))
        if response.added:
            phone.note("area-added")
            known = phone.seats[seat].areas
            phone.change_areas(seat, tuple(dict.fromkeys((*known, *response.added))))
        sweep(phone)
        codes.keep_leases(phone, response.leases)
        self.disk.commit(strict=strict)

    def troubled(self) -> Sequence[int]:
        rows = self.phone.seats.values()
        return [row.seat for row in rows if not row.is_well and not row.successor]

    def replace_seat(self, old: int, grant: Grant, now: int) -> Sequence[Written]:
        phone, row = self.phone, self.phone.seats[old]
        self.disk.put("seats", old, row._replace(successor=grant.seat))
        phone.rebuild_states()
        carried = carry_over(phone, row, phone.add_seat(grant), now)
        self.disk.commit(strict=True)
        return carried

    def carry_owed(self, now: int) -> Sequence[Written]:
        if not self.phone.owed:
            return ()
        try:
            carried = carry_owed(self.phone, now)
            self.disk.commit(strict=True)
        except DiskFull:
            return ()
        return carried

    def grant(self, grant: Grant) -> None:
        # Of other areas a seat hears from the office.
        if grant.seat not in self.phone.seats:
            self.phone.add_seat(grant)
            self.disk.commit(strict=True)

    def crash(self, keep: Callable[[int], int]) -> int:
        lost = self.disk.crash(keep)
        self.disk.is_full = False
        self._begin()
        return lost

    def fill_disk(self, *, is_full: bool) -> None:
        self.disk.is_full = is_full

    def copy(self) -> Self:
        disk = self.disk.copy()
        return type(self)(self.facts, self.office_key, self.habits, disk, self.note)

    def content(self) -> Sequence[bytes]:
        return ()

    def dump(self) -> DeviceDump:
        phone = self.phone
        well = [row for row in phone.seats.values() if row.is_well]
        return DeviceDump(
            states={record: encode_state(kept.state) for record, kept in phone.records.items()},
            feeds={record: kept.feeds for record, kept in phone.records.items()},
            last={row.seat: row.last for row in well},
            held={row.seat: phone.held.get(row.seat, 0) for row in well},
            areas={row.seat: row.areas for row in well},
            replaced={row.seat: row.successor for row in phone.seats.values() if row.successor},
            carried=dict(phone.carried),
            kept=set(phone.log),
            with_body={
                entry.change.head for entry in phone.log.values() if not entry.change.is_erased
            },
            bundles={digest: (one.epoch, one.code) for digest, one in phone.bundles.items()},
            papers=dict(phone.papers),
        )

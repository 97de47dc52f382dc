"""The simulated office over `sync.log`, `record`, `reconcile` and `receipt`.

1. A request is one transaction; what it is answered was committed before.
2. Numbers of feeds are taken last in it.
3. What is wrong with one batch never spoils another.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, NamedTuple

import msgspec

from server.codes.rules import Life
from server.codes.span import civil_day
from sync import signature
from sync.batch import Batch, link_changes
from sync.change import LinkedChange
from sync.exchange import BatchRefusal, BundleOutcome, Envelope, ExchangeRequest, Lease
from sync.log import take_batch
from sync.papers import Erasure
from sync.record import conflicts, dots, shown
from sync.refusals import Fork, Malformed, Refusal, TooLarge
from tests.sim.answering import Asked, answer
from tests.sim.bundles import Opened, bundles_of, open_bundle
from tests.sim.codes import lend
from tests.sim.disk import Disk
from tests.sim.erasures import (
    Listed,
    bodies_of,
    drop_bodies,
    name_of,
    without_listed,
)
from tests.sim.merging import Merging
from tests.sim.office_tables import Tables
from tests.sim.papers.reception import Reception
from tests.sim.ports import OFFICE, OK, Arrival, OfficeDump, OfficeRow, Reply
from tests.sim.registry import Registry
from tests.sim.wire import read_batch, read_envelope, read_message

BAD_REQUEST, UNAUTHORIZED = 400, 401


class UnknownSeat(Refusal):
    """A batch of a seat that this device neither has nor carries for."""

    code = "unknown-seat"


class Brought(NamedTuple):
    """A bundle whose batches were taken, and what is to be told of them."""

    opened: Opened
    code: str


class Office:
    """One office. See `OfficeEngine` for what its deeds mean."""

    def __init__(self, registry: Registry, note: Callable[[str], None]) -> None:
        self.registry, self.note = registry, note
        self.key = registry.office_key()
        self.epoch = 1
        # On which date this epoch began: with its first exchange, for nobody tells it the time.
        self._began = ""
        self.disk = Disk()
        self.tables = Tables(self.disk)
        self._put_away(Disk())
        self.erasures = Listed()
        self.papers = Reception(lambda: self.tables, registry, note)

    def _put_away(self, disk: Disk) -> None:
        """Take this for the newest backup."""
        self._backup, self._in_backup = disk, Tables(disk)

    @property
    def moves(self) -> int:
        return self.disk.moves

    def arrive(self, body: bytes) -> Arrival:
        return Arrival(body, self._reserve_number(body))

    def _reserve_number(self, body: bytes) -> int | None:
        """Take no feed number before the transaction ends: else a later one becomes seen first."""
        del body
        return None

    def proceed(self, arrival: Arrival, now: int) -> Reply:
        try:
            envelope = read_envelope(arrival.body)
            request = read_message(envelope, ExchangeRequest)
            self._verify(envelope, request)
        except Refusal as refusal:
            status = BAD_REQUEST if isinstance(refusal, Malformed) else UNAUTHORIZED
            return Reply(status, refusal.code.encode())
        is_fresh = request.number > self.tables.numbers.get(request.device, 0)
        if is_fresh:
            self.disk.put("numbers", request.device, request.number)
        merging = self._merging(now)
        refusals, batches = self._take_all(merging, request.device, request.batches)
        brought = [self._take_bundle(merging, bytes(raw)) for raw in request.sealed]
        merging.number_feeds(arrival.ticket)
        is_revoked = self.registry.devices[request.device].is_revoked
        signs = not is_revoked and self._signs_for_seat(envelope, request)
        may_read = signs and self._may_read(request)
        has_reader = is_fresh and may_read
        leases = self._lend(request, now) if has_reader else []
        self._end_transaction()
        opened = [self._keep_papers(one) for one in brought]
        is_dismissed = is_fresh and signs and not may_read
        is_told = has_reader or is_revoked
        token = self.papers.token(request, now, reads=has_reader) if is_told else None
        asked = Asked(
            request, batches, refusals, has_reader, is_dismissed, leases, is_revoked, opened, token
        )
        return Reply(OK, self._answer(asked, self._in_backup, now))

    def _answer(self, asked: Asked, backup: Tables, now: int) -> bytes:
        return answer(self.tables, self.registry, backup, self.epoch, asked, self.erasures, now)

    def _lend(self, request: ExchangeRequest, now: int) -> list[Lease]:
        seat = self.registry.seats[request.seat or 0]
        self._began = self._began or civil_day(now)
        life = Life(self.epoch, self._began)
        return [] if seat.is_helper else lend(self.tables, life, request, seat.seat, now)

    def _end_transaction(self) -> None:
        self.disk.commit(strict=True)

    def _verify(self, envelope: Envelope, request: ExchangeRequest) -> None:
        device = self.registry.devices.get(request.device)
        if device is None or request.office != OFFICE:
            raise Malformed("a request of one of our devices")
        signature.verify(device.key.public, signature.REQUEST, envelope.message, envelope.signature)

    def _signs_for_seat(self, envelope: Envelope, request: ExchangeRequest) -> bool:
        facts = self.registry.seats.get(request.seat or 0)
        if facts is None or facts.device != request.device:
            return False
        if envelope.seat_signature is None:
            return False
        try:
            signature.verify(
                facts.key.public, signature.SEAT, envelope.message, envelope.seat_signature
            )
        except Refusal:
            return False
        return True

    def _may_read(self, request: ExchangeRequest) -> bool:
        return not self.registry.seats[request.seat or 0].is_retired

    def _take_all(
        self, merging: Merging, device: int, raws: Sequence[msgspec.Raw]
    ) -> tuple[list[BatchRefusal], list[Batch]]:
        refusals: list[BatchRefusal] = []
        batches: list[Batch] = []
        for raw in raws:
            try:
                batch = read_batch(raw)
            except (Malformed, TooLarge) as refusal:
                refusals.append(BatchRefusal(0, 0, refusal.code))
                continue
            batches.append(batch)
            try:
                self._take(merging, device, batch)
            except Refusal as refusal:
                self.note(f"refused:{refusal.code}")
                branch = (batch.seat, batch.head)
                if isinstance(refusal, Fork) and branch not in self.tables.branches:
                    self.disk.put("branches", branch, batch)
                    drop_bodies(self.tables, self.erasures.entries)
                refusals.append(BatchRefusal(batch.seat, batch.first, refusal.code))
        return refusals, batches

    def _take_bundle(self, merging: Merging, raw: bytes) -> Brought:
        """Take what a bundle brings, as if its own device had brought it."""
        opened = open_bundle(raw, self.registry.bundle_key(), self.registry.devices)
        code, message = opened.code, opened.message
        if message is not None:
            refusals, _ = self._take_all(merging, message.device, message.batches)
            code = code_of(refusals)
        return Brought(opened, code)

    def _keep_papers(self, brought: Brought) -> BundleOutcome:
        """Keep what a bundle brought of papers, once the changes that name them are committed."""
        digest, message, _ = brought.opened
        code = brought.code
        if message is not None:
            kept = self.papers.take_carried(message.device, message.attachments)
            code = code or kept
        self.note(f"bundle:{code or 'held'}")
        return BundleOutcome(digest, code)

    def import_file(self, file: bytes, now: int) -> Mapping[bytes, str]:
        outcomes = []
        for raw in bundles_of(file):
            merging = self._merging(now)
            brought = self._take_bundle(merging, raw)
            merging.number_feeds(None)
            self.disk.commit(strict=True)
            outcomes.append(self._keep_papers(brought))
        return {one.bundle: one.code for one in outcomes}

    def _take(self, merging: Merging, device: int, batch: Batch) -> None:
        facts = self.registry.seats.get(batch.seat)
        if facts is None or (facts.device != device and not self.registry.devices[device].is_van):
            raise UnknownSeat("this device does not carry for this seat")
        public_key = facts.key.public
        new = take_batch(
            batch,
            office=OFFICE,
            public_key=public_key,
            held=self.tables.held(batch.seat, public_key),
            head_at=partial(self.tables.head_at, batch.seat, public_key),
        )
        self.note("batch:new" if new else "batch:held")
        listed = self.erasures.entries
        for change in new:
            is_listed = bool(listed) and name_of(change) in listed
            if is_listed:
                self.note("erased-offered-again")
            merging.merge(without_listed(change) if is_listed else change, is_listed=is_listed)

    def _merging(self, now: int) -> Merging:
        own, _ = self.registry.office_seats(self.epoch)
        return Merging(self.tables, self.registry, own, now, self.note)

    def settle(self, record: bytes, now: int) -> bool:
        state = self.tables.records[record].state
        values = {name: shown(state, name) for name in conflicts(state)}
        if not values:
            return False
        return self.desk_edit(record, values, now)

    def desk_edit(self, record: bytes, values: Mapping[str, Any], now: int) -> bool:
        state = self.tables.records[record].state
        sets = {name: (dots(state, name), value) for name, value in values.items()}
        merging = self._merging(now)
        _, desk = self.registry.office_seats(self.epoch)
        merging.desk(desk, record, sets)
        merging.number_feeds(None)
        self.disk.commit(strict=True)
        return True

    def erase(self, record: bytes, now: int) -> bool:
        found = bodies_of([*self._in_logs(), *self._beside()], record)
        if found:
            self.erasures.add(found)
            self._drop_listed(now)
        return bool(found)

    def _drop_listed(self, now: int) -> None:
        merging = self._merging(now)
        merging.erase(self.erasures.entries)
        merging.number_feeds(None)
        self.disk.commit(strict=True)
        self.papers.erase()

    def run_again(self) -> None:
        """Erase anew what the backup still has of what is listed; before any door opens."""
        self._drop_listed(0)

    def listed(self) -> AbstractSet[Erasure]:
        return frozenset(self.erasures.entries)

    def visible(self) -> Sequence[bytes]:
        records = self.tables.records
        return sorted(record for record, folded in records.items() if not folded.is_hidden)

    def crash(self, keep: Callable[[int], int]) -> None:
        self.disk.crash(keep)
        self.papers.crash(keep)

    def calm(self) -> None:
        """Nothing goes wrong by itself here: the world lets it. Whoever was under way is gone."""
        self.papers.crash(lambda count: count)

    def back_up(self) -> None:
        self._put_away(self.disk.copy())
        self.papers.back_up()

    def restore(self) -> None:
        self.disk = self._backup.copy()
        self.tables = Tables(self.disk)
        self.epoch += 1
        self._began = ""
        self.papers.restore()
        if self.erasures.entries:
            self.run_again()

    def close(self) -> None:
        """Nothing is open."""

    def last(self, seat: int) -> int:
        held = self.tables.logs.get(seat)
        return held.last if held else 0

    def row(self, seat: int, seq: int) -> OfficeRow | None:
        return self.tables.changes.get((seat, seq))

    def seats(self) -> Sequence[int]:
        return list(self.tables.logs)

    def dump(self) -> OfficeDump:
        tables = self.tables
        return OfficeDump(
            rows=dict(tables.changes),
            states={record: folded.stored for record, folded in tables.records.items()},
            areas={
                record: None if folded.is_hidden else folded.area
                for record, folded in tables.records.items()
            },
            conflicts=set(tables.conflicts),
            branches={change.head for change in self._beside()},
            beside={name_of(change) for change in self._beside() if not change.is_erased},
        )

    def _in_logs(self) -> Iterator[LinkedChange]:
        return (row.change for row in self.tables.changes.values())

    def _beside(self) -> Iterator[LinkedChange]:
        for batch in self.tables.branches.values():
            public_key = self.registry.public_key_of(batch.seat)
            before = self.tables.head_at(batch.seat, public_key, batch.first - 1)
            yield from link_changes(batch.seat, batch.first, batch.changes, before)


def code_of(refusals: Sequence[BatchRefusal]) -> str:
    """Give why a bundle is not wholly held; a branch of a fork is: it is kept beside the log."""
    return next((refusal.code for refusal in refusals if refusal.code != "fork"), "")

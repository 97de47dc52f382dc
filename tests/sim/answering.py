"""What the simulated office answers: receipts, and pages of what a seat may hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync import chain, signature
from sync.batch import Batch
from sync.exchange import (
    BatchRefusal,
    BundleOutcome,
    ExchangeRequest,
    ExchangeResponse,
    Lease,
    Shown,
    SignedBytes,
    seal,
)
from sync.order import Action, Order, write_order
from sync.page import Page
from sync.receipt import Receipt, sign_receipt
from sync.record import encode_left_mark
from tests.sim.erasures import Listed
from tests.sim.office_tables import Tables
from tests.sim.ports import OFFICE
from tests.sim.registry import Registry, SeatFacts
from tests.sim.wire import key_name


@dataclass(frozen=True)
class Asked:
    """A request that was taken in. `has_reader`: its seat signed too, and the number is new.

    Of a seat that `is_dismissed` all shall go that it holds. A device that `is_revoked` gets
    receipts and its order alone.
    """

    request: ExchangeRequest
    batches: Sequence[Batch]
    refusals: Sequence[BatchRefusal]
    has_reader: bool
    is_dismissed: bool = False
    leases: Sequence[Lease] = ()
    is_revoked: bool = False
    opened: Sequence[BundleOutcome] = ()
    # For papers, in worlds that have some.
    token: str | None = None


def answer(
    tables: Tables,
    registry: Registry,
    backup: Tables,
    epoch: int,
    asked: Asked,
    listed: Listed,
    now: int,
) -> bytes:
    """Give the envelope of the answer."""
    request = asked.request
    pages: dict[str, Page] = {}
    dropped: list[str] = []
    added: list[str] = []
    if asked.has_reader:
        assert request.seat is not None
        facts = registry.seats[request.seat]
        pages = {
            area: read_page(tables, facts, area, request.cursors[area], request.want)
            for area in sorted(request.cursors)
            if area in facts.areas
        }
        dropped = sorted(area for area in request.cursors if area not in facts.areas)
        added = added_areas(facts, request)
    elif asked.is_dismissed:
        dropped = sorted(request.cursors)
    response = ExchangeResponse(
        protocol=request.protocol,
        office=OFFICE,
        device=request.device,
        number=request.number,
        epoch=epoch,
        time=now,
        receipts=list(receipts(tables, registry, backup, epoch, asked, now)),
        refusals=list(asked.refusals),
        pages=pages,
        dropped=dropped,
        directory=[],
        findings=[],
        leases=list(asked.leases),
        reference="",
        min_version="0",
        added=added,
        opened=list(asked.opened),
        token=asked.token,
        shown=shown_to(registry, epoch, asked, listed, now),
        order=stop(registry, request.device, now) if asked.is_revoked else None,
    )
    return seal(response, registry.office_key().private, signature.RESPONSE)


def shown_to(registry: Registry, epoch: int, asked: Asked, listed: Listed, now: int) -> list[Shown]:
    """Give the list of erasures where a device has an older one; a revoked one gets nothing."""
    if asked.is_revoked or asked.request.epoch != epoch:
        return []
    return listed.shown(registry.office_key().private, asked.request.lists.erasures, now)


def stop(registry: Registry, device: int, now: int) -> SignedBytes:
    """Tell a device that it is revoked: it hands in, and reads nothing."""
    message = write_order(Order(OFFICE, device, 0, Action.STOP, now))
    private = registry.office_key().private
    return SignedBytes(message, signature.sign(private, signature.ORDER, message))


def added_areas(facts: SeatFacts, request: ExchangeRequest) -> list[str]:
    """Name the areas that a seat may read in, and does not ask for."""
    return sorted(area for area in facts.areas if area not in request.cursors)


def receipts(
    tables: Tables, registry: Registry, backup: Tables, epoch: int, asked: Asked, now: int
) -> Iterator[Receipt]:
    """Sign for every seat of this device that the request spoke of."""
    named = {end.seat for end in asked.request.logs} | {batch.seat for batch in asked.batches}
    key = registry.office_key()
    for seat in sorted(named):
        facts = registry.seats.get(seat)
        if facts is None or facts.device != asked.request.device:
            continue
        held = tables.logs.get(seat)
        saved = backup.logs.get(seat)
        unsigned = Receipt(
            office=OFFICE,
            key=key_name(key.public),
            epoch=epoch,
            seat=seat,
            held=held.last if held else 0,
            safe=min(saved.last, held.last) if saved and held else 0,
            head=held.head if held else chain.start(facts.key.public),
            time=now,
            signature=b"",
        )
        yield sign_receipt(key.private, unsigned)


def read_page(tables: Tables, reader: SeatFacts, area: str, cursor: int, want: int) -> Page:
    """Give what is new behind the cursor; the first entry always, then up to `want` bytes."""
    rows = sorted(
        (row.number, record, row.has_left)
        for (found, record), row in tables.feeds.items()
        if found == area and row.number > cursor
    )
    entries: list[bytes] = []
    for number, record, has_left in rows:
        if not may_hold(tables, reader, record):
            continue
        entry = encode_left_mark(record) if has_left else tables.records[record].stored
        if entries and sum(map(len, entries)) + len(entry) > want:
            return Page(entries=b"".join(entries), cursor=cursor, more=True)
        entries.append(entry)
        cursor = number
    newest = tables.counters.get(area, 0)
    return Page(entries=b"".join(entries), cursor=max(cursor, newest))


def may_hold(tables: Tables, reader: SeatFacts, record: bytes) -> bool:
    """Tell whether a seat may hold a record: it or its team wrote it, and it is not hidden."""
    is_held = any((record, holder) in tables.holders for holder in reader.holders)
    return is_held and not tables.records[record].is_hidden

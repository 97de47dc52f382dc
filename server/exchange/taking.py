"""Takes batches into logs and records: the one way in, for phones and for the desk alike.

1. Each batch stands alone: what is wrong with one never spoils another.
2. Taking is idempotent: what is held already is acknowledged again and changes nothing.
3. It runs within one transaction; the caller acknowledges only after its commit.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial

import msgspec
import sqlalchemy as sa

from server.devices.rules import UnknownSeat
from server.devices.seats import get_office_seat
from server.devices.tables import seats
from server.dossiers.findings import Raised, write_findings
from server.erasures.dropping import erase_listed
from server.erasures.listed import load_bodies
from server.exchange.authors import Writer
from server.exchange.merging import Merging
from server.exchange.offering import weigh_offered
from server.exchange.own_log import OwnLog, open_own_log
from server.keys import OfficeKeys
from server.lists.tables import erased_changes
from server.records.changes import heads_between
from server.records.rows import insert_rows
from server.records.tables import branches, logs
from server.statements import Among, Statement
from sync import chain
from sync.batch import BATCH_PROTOCOLS_KNOWN, Batch
from sync.change import LinkedChange
from sync.exchange import BatchRefusal
from sync.log import Held, take_batch
from sync.papers import Body
from sync.refusals import BrokenChain, Fork, Gap, Refusal, UnknownProtocol

BRANCHES_MAX = 64
"""Branches kept of one log. A clone makes a few; more is somebody filling our disk."""


@dataclass(frozen=True)
class Taken:
    """What became of the batches of one exchange."""

    refusals: list[BatchRefusal]
    records: list[bytes]
    # Changes that are new to this office; what was held already is not counted.
    new: int = 0
    # Where the logs of those seats stand now.
    ends: Mapping[int, Held] = field(default_factory=dict)


@dataclass(frozen=True)
class Taker:
    """The office that takes: its id, for signatures, and its keys, for putting back.

    `agency` is what its official codes begin with; empty where it gives none.
    """

    office: str
    keys: OfficeKeys
    agency: str = ""


@dataclass(frozen=True)
class Load:
    """Batches that one device hands in, and the seats that it may do so for."""

    batches: Sequence[Batch]
    writers: Mapping[int, Writer]


def take(
    connection: sa.Connection,
    taker: Taker,
    batches: Sequence[Batch],
    writers: Mapping[int, Writer],
    now: int,
) -> Taken:
    """Take batches of the seats in `writers`; others are refused as unknown."""
    return take_all(connection, taker, [Load(batches, writers)], now)[0]


def take_all(
    connection: sa.Connection, taker: Taker, loads: Sequence[Load], now: int
) -> list[Taken]:
    """Take what several devices hand in, no two for the same seat, and write it in one go.

    The first is told of all records that changed: those who listen need hear of them once.
    """
    open_log = partial(_office_log, connection, taker.keys)
    merging = Merging(connection, now, open_log, taker.agency)
    ends, listed = _load_ends(connection, {seat for load in loads for seat in load.writers})
    verified = [_verify(connection, taker, load, ends, listed, now) for load in loads]
    # In one go, and only now: what nobody signed makes nobody wait.
    merging.fetch(change for one in verified for _, new in one.batches for change in new)
    merged = [
        _merge(one, load, ends, merging, listed) for one, load in zip(verified, loads, strict=True)
    ]
    merging.write()
    weigh_offered(connection, merging.touched, now)
    told = [merging.touched, *([] for _ in merged[1:])]
    return [
        Taken(refusals, records, new, ends)
        for (refusals, new), records in zip(merged, told, strict=True)
    ]


@dataclass(frozen=True)
class _Verified:
    """Batches of one device that are rightly chained and signed, each with what is new of it."""

    batches: Sequence[tuple[Batch, Sequence[LinkedChange]]]
    refusals: list[BatchRefusal]


def _verify(
    connection: sa.Connection,
    taker: Taker,
    load: Load,
    ends: Mapping[int, Held],
    listed: AbstractSet[Body],
    now: int,
) -> _Verified:
    """Verify what one device brings; each batch goes on from those before it."""
    so_far = dict(ends)
    verified, refusals = [], []
    for batch in load.batches:
        try:
            new = _verify_one(connection, taker, batch, load.writers, so_far)
        except Refusal as refusal:
            if isinstance(refusal, Fork):
                _keep_branch(connection, erase_listed(batch, listed), now)
            refusals.append(BatchRefusal(batch.seat, batch.first, refusal.code))
            continue
        verified.append((batch, new))
        if new:
            so_far[batch.seat] = Held(new[-1].seq, new[-1].head)
    return _Verified(verified, refusals)


def _verify_one(
    connection: sa.Connection,
    taker: Taker,
    batch: Batch,
    writers: Mapping[int, Writer],
    ends: Mapping[int, Held],
) -> Sequence[LinkedChange]:
    writer = writers.get(batch.seat)
    if writer is None:
        raise UnknownSeat(batch.seat)
    if batch.protocol not in BATCH_PROTOCOLS_KNOWN:
        raise UnknownProtocol(batch.protocol)
    return take_batch(
        batch,
        office=taker.office,
        public_key=writer.public_key,
        held=ends.get(batch.seat) or Held(0, chain.start(writer.public_key)),
        head_at=_HeldHeads(connection, writer, batch).at,
    )


def _merge(
    verified: _Verified,
    load: Load,
    ends: dict[int, Held],
    merging: Merging,
    listed: AbstractSet[Body],
) -> tuple[list[BatchRefusal], int]:
    """Merge what is new of one device; gives what is refused, and how many changes are new."""
    refusals, count = [*verified.refusals], 0
    for batch, new in verified.batches:
        try:
            _merge_one(load.writers[batch.seat], batch, new, ends, merging, listed)
        except Refusal as refusal:
            refusals.append(BatchRefusal(batch.seat, batch.first, refusal.code))
        else:
            count += len(new)
    return refusals, count


def _merge_one(
    writer: Writer,
    batch: Batch,
    new: Sequence[LinkedChange],
    ends: dict[int, Held],
    merging: Merging,
    listed: AbstractSet[Body],
) -> None:
    if not new:
        return
    held = ends[batch.seat].last if batch.seat in ends else 0
    if new[0].seq > held + 1:
        # What it goes on from was verified, and could not be merged: a log has no gap.
        raise Gap(batch.seat, batch.first, held)
    merging.load(new)
    for change in new:
        if listed and _body_of(change) in listed:
            # Offered again after it was erased: its body was only needed to verify the chain.
            merging.merge(writer, _without_body(change), is_listed=True)
        else:
            merging.merge(writer, change)
    ends[batch.seat] = Held(new[-1].seq, new[-1].head)


def _body_of(change: LinkedChange) -> Body:
    return change.seat, change.seq, chain.body_hash(change.body_bytes)


def _without_body(change: LinkedChange) -> LinkedChange:
    return msgspec.structs.replace(change, body_bytes=chain.erase(change.body_bytes))


class _HeldHeads:
    """The heads that are held of the places of a batch; read at once, if anybody asks."""

    def __init__(self, connection: sa.Connection, writer: Writer, batch: Batch) -> None:
        self._connection = connection
        self._writer = writer
        self._batch = batch
        self._heads: dict[int, bytes] | None = None

    def at(self, seq: int) -> bytes:
        """Give the head at a place up to the last that is held."""
        batch, seat = self._batch, self._writer.seat
        if seq == 0:
            return chain.start(self._writer.public_key)
        if self._heads is None:
            self._heads = heads_between(self._connection, seat, batch.first - 1, batch.last)
        found = self._heads.get(seq)
        if found is None:
            # Held since an earlier batch of this same request, so not in the table yet. The
            # sender repeats it on its own; it loses nothing.
            raise BrokenChain(seat, batch.last)
        return found


def _load_ends(
    connection: sa.Connection, numbers: AbstractSet[int]
) -> tuple[dict[int, Held], set[Body]]:
    """Give where the logs stand, and what is listed as erased in them: in nearly all, nothing."""
    if not numbers:
        return {}, set()
    found = _ends.rows(connection, seats=sorted(numbers))
    ends = {seat: Held(last, head) for seat, last, head, _ in found if last is not None}
    erased = [seat for seat, _, _, is_erased in found if is_erased]
    return ends, load_bodies(connection, erased) if erased else set()


# Not with the writers: theirs are locked first, and only then a log stands still.
_ends = Statement(
    sa.select(
        seats.c.number,
        logs.c.last,
        logs.c.head,
        sa.exists().where(erased_changes.c.seat == seats.c.number),
    )
    .outerjoin(logs, logs.c.seat == seats.c.number)
    .where(Among(seats.c.number, "seats"))
)


def _office_log(connection: sa.Connection, keys: OfficeKeys) -> OwnLog:
    return open_own_log(connection, get_office_seat(connection, keys))


def _keep_branch(connection: sa.Connection, batch: Batch, now: int) -> None:
    """Keep the bytes of a branch, and ask a person to look; once, however often it is sent."""
    kept_heads = sa.select(branches.c.head).where(branches.c.seat == batch.seat)
    held = connection.execute(kept_heads).scalars().all()
    if batch.head in held or len(held) >= BRANCHES_MAX:
        return
    columns = ("seat", "first", "head", "batch", "received")
    kept = msgspec.msgpack.encode(batch)
    insert_rows(connection, branches, columns, [(batch.seat, batch.first, batch.head, kept, now)])
    detail = {"last": batch.last}
    raised = Raised("fork", None, batch.seat, batch.first, None, now, detail)
    write_findings(connection, [raised])

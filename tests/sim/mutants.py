"""Bugs on purpose. A simulation that lets one of them live has stopped testing.

Each is a mistake that somebody could make in the office, on the phone, or in the core itself.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from server.codes.rules import Life
from sync import chain, clock, record, register
from sync import log as core_log
from sync.batch import Batch, link_changes
from sync.change import LinkedChange
from sync.clock import At
from sync.codes import HeldLease
from sync.exchange import Lease
from sync.log import Held
from sync.page import Page
from sync.receipt import Receipt
from sync.refusals import Refusal
from sync.register import Register
from tests.sim import (
    answering,
    authoring,
    codes,
    device,
    erasures,
    merging,
    office,
    receipts,
    receiving,
)
from tests.sim.device import Device
from tests.sim.disk import Disk
from tests.sim.level import Planted
from tests.sim.merging import QUARANTINED, Merging
from tests.sim.office import Office
from tests.sim.office_tables import Folded, Tables
from tests.sim.papers.mutants import PAPERS
from tests.sim.phone import Bundled, Phone, SeatRow
from tests.sim.ports import Feed
from tests.sim.receipts import Probing
from tests.sim.registry import SeatFacts
from tests.sim.wire import read_request
from tests.sim.world import AREAS

SPAN = 100


def _send_before_durable(self: Device, *, is_torn: bool) -> None:
    del is_torn
    self.disk.commit(strict=False)


def _commit_number_loosely(self: Device) -> None:
    self.disk.commit(strict=False)


_prune = receipts.prune


def _prune_at_held(phone: Phone, seat: int, safe: int) -> None:
    del safe
    _prune(phone, seat, phone.held.get(seat, 0))


_weigh = receipts.weigh


def _never_rewind(phone: Phone, probing: Probing, row: SeatRow, receipt: Receipt) -> None:
    if receipt.held >= phone.held.get(row.seat, 0):
        _weigh(phone, probing, row, receipt)


def _believe_any_receipt(phone: Phone, probing: Probing, row: SeatRow, receipt: Receipt) -> None:
    del probing
    if phone.held.get(row.seat, 0) != receipt.held:
        phone.disk.put("held", row.seat, receipt.held)


def _accept_gap(
    batch: Batch,
    *,
    office: str,
    public_key: bytes,
    held: Held,
    head_at: Callable[[int], bytes],
) -> Sequence[LinkedChange]:
    if batch.first > held.last + 1:
        return link_changes(batch.seat, batch.first, batch.changes, held.head)
    return core_log.take_batch(
        batch, office=office, public_key=public_key, held=held, head_at=head_at
    )


def _append_duplicate(
    batch: Batch,
    *,
    office: str,
    public_key: bytes,
    held: Held,
    head_at: Callable[[int], bytes],
) -> Sequence[LinkedChange]:
    new = core_log.take_batch(
        batch, office=office, public_key=public_key, held=held, head_at=head_at
    )
    if new:
        return new
    return link_changes(batch.seat, held.last + 1, batch.changes, held.head)


def _acknowledge_before_commit(self: Office) -> None:
    self.disk.commit(strict=False)


def _take_number_at_the_door(self: Office, body: bytes) -> int | None:
    try:
        if not read_request(body).batches:
            return None
    except Refusal:
        return None
    taken = max(self.tables.counters.values(), default=0) + SPAN
    for area in AREAS:
        self.disk.put("counters", area, taken)
    self.disk.commit(strict=True)
    return taken


def _skip_chain_check(batch: Batch, linked: Sequence[LinkedChange]) -> None:
    del batch, linked


_apply_set, _join = register.apply_set, register.join


def _last_writer_wins(*given: Any) -> Register:
    return _without_losers(_apply_set(*given))


def _joining_last_writer_wins(*given: Any) -> Register:
    return _without_losers(_join(*given))


def _without_losers(both: Register) -> Register:
    winner = register.shown(both)
    return msgspec.structs.replace(both, heads=[winner] if winner else [])


def _forget_gone(*given: Any) -> Register:
    return msgspec.structs.replace(_apply_set(*given), gone=[])


def _follow_any_clock(last: At, foreign: At, now_ms: int) -> At:
    del now_ms
    return max(last, foreign)


def _believe_own_clock(last: At, now_ms: int) -> At:
    del last
    return At(now_ms, 0)


def _keep_unmerged(
    self: Merging, change: LinkedChange, before: Folded, after: record.State
) -> None:
    del before, after
    self._keep(change, QUARANTINED)


def _put_nothing_back(before: record.State, quarantined: LinkedChange) -> list[Any]:
    del before, quarantined
    return []


_put_back = record.put_back


def _put_nil_back(before: record.State, quarantined: LinkedChange) -> list[Any]:
    undoing = _put_back(before, quarantined)
    return [{name: (dots, None) for name, (dots, _) in sets.items()} for sets in undoing]


def _put_back_beside(before: record.State, quarantined: LinkedChange) -> list[Any]:
    undoing = _put_back(before, quarantined)
    named = [quarantined.dot]
    first = {name: (named, value) for name, (_, value) in undoing[0].items()}
    return [first, *undoing[1:]]


def _no_late_put_back(self: Merging, before: record.State, change: LinkedChange) -> None:
    del self, before, change


def _never_wait(state: record.State, skeleton: Any) -> bool:
    del state, skeleton
    return False


def _no_tag(head: bytes) -> bytes:
    del head
    return bytes(8)


def _theirs(ours: record.State, theirs: record.State) -> record.State:
    del ours
    return theirs


def _theirs_alone(state: record.State, changes: Any) -> tuple[record.State, list[Any]]:
    del changes
    return state, []


_take_page = receiving.take_page


def _cursor_first(phone: Phone, feed: Feed, page: Page) -> None:
    if phone.cursors.get(feed) != page.cursor:
        phone.disk.put("cursors", feed, page.cursor)
        phone.disk.commit(strict=True)
    _take_page(phone, feed, page)


def _release_unsent(phone: Phone, feed: Feed, record_id: bytes, unsent: set[bytes]) -> None:
    unsent.clear()
    _release(phone, feed, record_id, unsent)
    for key in [key for key, entry in phone.log.items() if _is_of(entry, record_id)]:
        if record_id not in phone.records:
            phone.disk.drop("log", key)


_release = receiving.release


def _is_of(entry: Any, record_id: bytes) -> bool:
    return bool(entry.change.skeleton.record == record_id)


def _hold_all(tables: Tables, reader: SeatFacts, record_id: bytes) -> bool:
    del reader
    return record_id in tables.records


def _retired_may_read(self: Office, request: Any) -> bool:
    del self, request
    return True


def _use_nothing_up(disk: Disk, seat: int, lease: HeldLease, day: str, ordinal: int) -> None:
    del disk, seat, lease, day, ordinal


def _one_block(tables: Tables, life: Life, request: Any, seat: int, now: int) -> list[Lease]:
    days, tables.leased_days = tables.leased_days, {}
    try:
        return _lend(tables, life, request, seat, now)
    finally:
        tables.leased_days = days


_lend = codes.lend


def _say_nothing_of_areas(facts: SeatFacts, request: Any) -> list[str]:
    del facts, request
    return []


def _all_is_held(refusals: Any) -> str:
    del refusals
    return ""


def _forget_what_was_brought(phone: Phone, response: Any) -> None:
    for outcome in response.opened:
        carried = phone.bundles.get(outcome.bundle)
        if carried is not None:
            held = Bundled(carried.raw, response.epoch)
            phone.disk.put("bundles", outcome.bundle, held)


def _keep_states(self: Phone) -> None:
    for feed in list(self.cursors):
        self.disk.drop("cursors", feed)


def _forget_the_list(self: Office) -> None:
    del self


def _take_it_whole(change: LinkedChange) -> LinkedChange:
    return change


def _keep_what_was_erased(phone: Phone, entries: Any) -> None:
    del phone, entries


MUTANTS: dict[str, list[Planted]] = {
    "send before durable": [(Device, "_commit_log", _send_before_durable)],
    "request number not durable": [(Device, "_commit_number", _commit_number_loosely)],
    "prune at held": [(receipts, "prune", _prune_at_held)],
    "no rewind": [(receipts, "weigh", _never_rewind)],
    "any receipt counts": [(receipts, "weigh", _believe_any_receipt)],
    "accept gap": [(office, "take_batch", _accept_gap)],
    "append duplicate": [(office, "take_batch", _append_duplicate)],
    "acknowledge before commit": [(Office, "_end_transaction", _acknowledge_before_commit)],
    "cursor by sequence": [(Office, "_reserve_number", _take_number_at_the_door)],
    "skip chain check": [(core_log, "require_head", _skip_chain_check)],
    "drop the conflict's loser": [
        (register, "apply_set", _last_writer_wins),
        (register, "join", _joining_last_writer_wins),
    ],
    "forget what is gone": [(register, "apply_set", _forget_gone)],
    "trust device clock": [(clock, "witness", _follow_any_clock)],
    "time runs backwards": [(clock, "tick", _believe_own_clock)],
    "quarantine is not merged": [(Merging, "quarantine", _keep_unmerged)],
    "nothing is put back": [(record, "put_back", _put_nothing_back)],
    "nil is put back": [(record, "put_back", _put_nil_back)],
    "put-backs pile up": [(record, "put_back", _put_back_beside)],
    "no late put-back": [(Merging, "_put_back_late", _no_late_put_back)],
    "no prev": [
        (record, "must_wait", _never_wait),
        (merging, "must_wait", _never_wait),
        (authoring, "must_wait", _never_wait),
    ],
    "no tag in dots": [(chain, "tag", _no_tag)],
    "a page overwrites unsent work": [
        (receiving, "join", _theirs),
        (receiving, "fold", _theirs_alone),
    ],
    "cursor before its page": [(device, "take_page", _cursor_first)],
    "unsent work leaves with its record": [(receiving, "release", _release_unsent)],
    "holdings are ignored": [(answering, "may_hold", _hold_all)],
    "retired seats may read": [(Office, "_may_read", _retired_may_read)],
    "a code uses no number up": [(codes, "use_up", _use_nothing_up)],
    "two seats have one lease": [(office, "lend", _one_block)],
    "one more area is not told": [(answering, "added_areas", _say_nothing_of_areas)],
    "a bundle is held whatever was in it": [(office, "code_of", _all_is_held)],
    "a bundle that waits is forgotten": [(device, "take_outcomes", _forget_what_was_brought)],
    "a restore undoes an erasure": [(Office, "run_again", _forget_the_list)],
    "an erased change comes back whole": [(office, "without_listed", _take_it_whole)],
    "a log keeps what was erased": [(erasures, "erase_log", _keep_what_was_erased)],
    "a state keeps what was erased": [(erasures, "erase_states", _keep_what_was_erased)],
    "states outlive their epoch": [(Phone, "rebuild_states", _keep_states)],
    **PAPERS,
}

# Worlds that caught them when they were planted: tried first, so that they cost little.
CAUGHT_IN: dict[str, int] = {
    "a bundle is held whatever was in it": 6,
    "a bundle that waits is forgotten": 2,
    "a code uses no number up": 33,
    "a foreign paper is readable": 7,
    "a log keeps what was erased": 35,
    "a page overwrites unsent work": 6,
    "a paper is dropped at held": 9,
    "a paper is linked unseen": 36,
    "a restore undoes an erasure": 214,
    "a restored office is not asked again": 9,
    "a state keeps what was erased": 15,
    "accept gap": 6,
    "acknowledge before commit": 6,
    "an erased change comes back whole": 140,
    "an erased paper stays at the office": 243,
    "an erased paper stays on its phone": 96,
    "an offset before its bytes": 78,
    "any receipt counts": 34,
    "cursor before its page": 274,
    "cursor by sequence": 212,
    "drop the conflict's loser": 2,
    "forget what is gone": 19,
    "no late put-back": 19,
    "no prev": 39,
    "no rewind": 4,
    "no tag in dots": 15,
    "papers in a bundle are passed over": 2,
    "prune at held": 4,
    "request number not durable": 2,
    "retired seats may read": 2,
    "skip chain check": 15,
    "states outlive their epoch": 7,
    "time runs backwards": 7,
    "trust device clock": 24,
    "two seats have one lease": 33,
    "unsent work leaves with its record": 11,
    "young orphans are swept": 36,
}

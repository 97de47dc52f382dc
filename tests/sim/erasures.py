"""What was erased by law: the simulated office's list, its bodies, and the phone that hears of it.

1. The list lies beside the database: no restore takes it back, and after each it is run again.
2. What is listed is erased for ever: offered again, it is merged by its skeleton alone.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import msgspec

from sync import chain, record, signature
from sync.batch import Batch
from sync.change import LinkedChange, split
from sync.exchange import ExchangeResponse, Shown
from sync.papers import Body, Erasure, Erasures, find_paper, sign_paper
from tests.sim.office_tables import Tables
from tests.sim.papers.sending import erase_papers
from tests.sim.phone import Phone
from tests.sim.ports import OFFICE
from tests.sim.signing import PrivateKey


def name_of(change: LinkedChange) -> Erasure:
    """Name a change as a list would, whether it still has its body or not."""
    body_hash = chain.body_hash(change.body_bytes)
    return Erasure(change.seat, change.seq, body_hash, chain.tag(change.head))


def without_body(change: LinkedChange) -> LinkedChange:
    """Give what is left of a change."""
    return msgspec.structs.replace(change, body_bytes=chain.erase(change.body_bytes))


# The office


@dataclass
class Listed:
    """The list as it lies beside the database."""

    number: int = 0
    entries: set[Erasure] = field(default_factory=set)

    def add(self, entries: Iterable[Erasure]) -> None:
        """Let it grow, and its number with it."""
        self.entries |= set(entries)
        self.number += 1

    def shown(self, key: PrivateKey, held: int, now: int) -> list[Shown]:
        """Sign it for a device that has an older one."""
        if held >= self.number:
            return []
        entries = sorted(self.entries, key=lambda one: (*one.body, one.tag))
        return [sign_paper(key, signature.ERASURES, [OFFICE, self.number, entries, now])]


def without_listed(change: LinkedChange) -> LinkedChange:
    """Give a change that is listed, and offered again, as it may be taken."""
    return without_body(change)


def bodies_of(changes: Iterable[LinkedChange], record_id: bytes) -> set[Erasure]:
    """Name all that still has a body of a record, of what is in logs and beside them."""
    return {
        name_of(change)
        for change in changes
        if not change.is_erased
        and change.skeleton is not None
        and change.skeleton.record == record_id
    }


def drop_bodies(tables: Tables, entries: Iterable[Erasure]) -> set[bytes]:
    """Drop every body that is listed, in the open transaction; name the records it was of."""
    listed = {one.body for one in entries}
    touched = set()
    for place, row in list(tables.changes.items()):
        if row.change.is_erased or name_of(row.change).body not in listed:
            continue
        tables.disk.put("changes", place, row._replace(change=without_body(row.change)))
        if row.change.skeleton is not None:
            touched.add(row.change.skeleton.record)
    for key, batch in list(tables.branches.items()):
        cut = _cut_batch(batch, listed)
        if cut != batch:
            tables.disk.put("branches", key, cut)
    return touched & tables.records.keys()


def _cut_batch(batch: Batch, listed: AbstractSet[Body]) -> Batch:
    changes: list[bytes] = []
    for seq, change in enumerate(batch.changes, batch.first):
        skeleton, body = split(change)
        is_listed = (batch.seat, seq, chain.body_hash(body)) in listed
        changes.append(skeleton + chain.erase(body) if is_listed else change)
    return msgspec.structs.replace(batch, changes=changes)


# The phone


def heed_erasures(phone: Phone, response: ExchangeResponse, office_key: bytes) -> None:
    """Let go, in the open transaction, of what a newer list in an answer names."""
    for shown in response.shown:
        newest = find_paper(shown, signature.ERASURES, Erasures, OFFICE, office_key)
        if newest is None or newest.number <= phone.row.erasures:
            continue
        phone.note("erasures-heeded")
        erase_log(phone, newest.entries)
        erase_states(phone, newest.entries)
        erase_papers(phone, newest.entries)
        phone.disk.put("numbers", "row", phone.row._replace(erasures=newest.number))


def erase_log(phone: Phone, entries: Sequence[Erasure]) -> None:
    """Drop the bodies from the phone's own logs."""
    for one in entries:
        entry = phone.log.get((one.seat, one.seq))
        if entry is None or entry.change.is_erased or name_of(entry.change).body != one.body:
            continue
        phone.note("erased-in-own-log")
        cut = entry._replace(change=without_body(entry.change))
        phone.disk.put("log", (one.seat, one.seq), cut)


def erase_states(phone: Phone, entries: Sequence[Erasure]) -> None:
    """Drop the values from the states that the phone holds."""
    named = {one.named for one in entries}
    for record_id, kept in list(phone.records.items()):
        state = record.erase(kept.state, named)
        if state != kept.state:
            phone.note("erased-in-state")
            phone.disk.put("records", record_id, kept._replace(state=state))

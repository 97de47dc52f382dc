"""What a phone holds of records: its own view, and the office's word for each as it was given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from sync.change import LinkedChange
from sync.exchange import OfferedState
from sync.limits import STATE_MAC_BYTES
from sync.page import Page, entries_of
from sync.record import State, decode_state, fold, join
from tests.support.entries import cut

LEFT_MARK = b"\x92\x00"
"""What an entry begins with that says: this record left what you hold."""

OwnChanges = Callable[[UUID], Iterable[LinkedChange]]


@dataclass(frozen=True)
class Given:
    """The office's newest word for a record: in which epoch, the bytes, and the mark on them."""

    epoch: int
    state: bytes
    mac: bytes
    is_offered: bool = False


@dataclass
class Holdings:
    """States by record. What the office gave in an earlier epoch is taken afresh in a new one."""

    records: dict[UUID, State] = field(default_factory=dict)
    given: dict[UUID, Given] = field(default_factory=dict)
    offers: list[OfferedState] = field(default_factory=list)

    def take(self, page: Page, epoch: int, own: OwnChanges) -> None:
        """Join a page, or take it in place of what an earlier epoch gave."""
        for place, entry in enumerate(cut(entries_of(page))):
            if entry[:2] == LEFT_MARK:
                record = UUID(bytes=msgspec.msgpack.decode(entry)[1])
                self.records.pop(record, None)
                self.given.pop(record, None)
                continue
            state = decode_state(entry)
            record = UUID(bytes=state.record)
            before, ours = self.given.get(record), self.records.get(record)
            if before is not None and before.epoch != epoch:
                taken = fold(state, own(record))[0]
                if not before.is_offered and _knows_more(decode_state(before.state), taken):
                    self._offer(before)
            else:
                taken = state if ours is None else join(ours, state)
                taken = fold(taken, own(record))[0]
            self.records[record] = taken
            start = place * STATE_MAC_BYTES
            self.given[record] = Given(epoch, entry, page.macs[start : start + STATE_MAC_BYTES])

    def offer_what_is_missing(self, epoch: int) -> None:
        """Offer what the office gave in an earlier epoch and does not give in this one."""
        for record, given in self.given.items():
            if given.epoch != epoch and not given.is_offered:
                self._offer(given)
                self.given[record] = Given(given.epoch, given.state, given.mac, is_offered=True)

    def _offer(self, given: Given) -> None:
        if given.mac:
            self.offers.append(OfferedState(given.state, given.mac))


def _knows_more(theirs: State, ours: State) -> bool:
    return any(seq > ours.seen.get(seat, 0) for seat, seq in theirs.seen.items())

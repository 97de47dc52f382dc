"""Whoever watches the world and writes down what was promised: what must hold at every moment.

It knows the parties by their ports and by the bytes on the wire alone.

I1   a log is gapless and chained, and holds what its author wrote
I2   what a receipt calls safe is in every backup that the office is restored from
I5   nobody is given what is not theirs to hold
I6   no number of a change or a request means two things
I7   a receipt verifies, and the office holds what it says
I14  time never runs backwards in a log, nor follows a clock that is far ahead
I15  nobody edits a record without their own last change to it
I18  what the office says that it holds of a sealed bundle, it holds; a whole one opens
I19  what was erased by law is listed for ever, and its body never comes back to the office

The rest, once all is healed: `judgement.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256

from sync import chain, signature
from sync.batch import Batch
from sync.bundle import BundleMessage
from sync.change import LinkedChange, split, values_of
from sync.clock import START, At
from sync.limits import CLOCK_AHEAD_MS_MAX
from sync.page import entries_of
from sync.papers import Erasure
from sync.receipt import verify_receipt
from sync.reconcile import ASSIGNEE
from sync.record import decode_state, heads, shown
from sync.refusals import BadSignature
from sync.register import open_value
from tests.sim.bundles import open_bundle
from tests.sim.erasures import name_of
from tests.sim.ports import OK, Arrival, Feed, OfficeEngine, Reply, Rights, Written
from tests.sim.receiving import read_mark, split_entries
from tests.sim.registry import Registry
from tests.sim.wire import read_batch, read_envelope, read_request, read_response

Place = tuple[int, int]


class Violated(Exception):
    """An invariant does not hold."""

    def __init__(self, invariant: str, fact: str) -> None:
        super().__init__(f"{invariant}: {fact}")
        self.invariant, self.fact = invariant, fact


def require(claim: bool, invariant: str, fact: str) -> None:
    """Raise Violated unless the claim holds."""
    if not claim:
        raise Violated(invariant, fact)


@dataclass
class Promise:
    """A change that a person was told is saved, and on which phone."""

    phone: int
    written: Written
    is_forgiven: bool = False  # its phone is gone, or was put back to before it


@dataclass
class Witness:
    """What was promised, seen and verified so far."""

    registry: Registry
    office: OfficeEngine
    saved: dict[bytes, Promise] = field(default_factory=dict)
    # What was being written when a phone died: it may be in its log, and nobody was told so.
    torn: dict[bytes, Promise] = field(default_factory=dict)
    written: dict[Place, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    copied_seats: set[int] = field(default_factory=set)
    copied_devices: set[int] = field(default_factory=set)
    # Bundles that were spoiled on their way, and what is in each of the others, by digest.
    worn: set[bytes] = field(default_factory=set)
    bundles: dict[bytes, list[Batch]] = field(default_factory=dict)
    # Told of each bundle that a phone seals, for the papers in it.
    papers_bundled: Callable[[bytes, BundleMessage], None] = field(
        default=lambda _digest, _message: None
    )
    _ends: dict[int, At] = field(default_factory=dict)
    _own_last: dict[tuple[int, bytes], int] = field(default_factory=dict)
    _sent: dict[Place, bytes] = field(default_factory=dict)
    _numbers: dict[Place, bytes] = field(default_factory=dict)
    _issued: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    safe: dict[int, int] = field(default_factory=dict)
    erased: AbstractSet[Erasure] = frozenset()
    _verified: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    _taken_by: dict[bytes, set[int]] = field(default_factory=lambda: defaultdict(set))
    _assigned: dict[bytes, set[int | None]] = field(default_factory=lambda: defaultdict(set))
    # What the present epoch has given, and what an earlier one gave, by feed.
    _given: dict[Feed, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    _given_before: dict[Feed, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def sees_writing(self, phone: int, written: Written, clock_max: int, *, is_saved: bool) -> None:
        """A phone wrote a change; if it is saved, a person was told so."""
        change = written.change
        self.written[change.seat, change.seq].add(change.head)
        (self.saved if is_saved else self.torn)[change.head] = Promise(phone, written)
        assert change.skeleton is not None
        for name, seen in written.saw.items():
            named = set(change.skeleton.fields[name])
            place = f"{change.seat}:{change.seq}"
            fact = f"{place} does not replace just what its author saw in {name}"
            require(named == {dot for dot, _ in seen}, "I4", fact)
        known = (change.seat, record_of(change))
        own = self._own_last.get(known, 0)
        is_old = change.seat not in self.copied_seats and written.seen_own < own
        require(not is_old, "I15", f"{change.seat} edits without its own change {own}")
        if is_saved:
            self._own_last[known] = change.seq
        last = self._ends.get(change.seat, START)
        if change.seat not in self.copied_seats:
            require(change.at > last, "I14", f"time runs backwards in the log of {change.seat}")
            self._ends[change.seat] = change.at if is_saved else last
        ahead = change.at.ms - clock_max
        require(ahead <= CLOCK_AHEAD_MS_MAX, "I14", f"{change.seat}: a clock {ahead} ms ahead")

    def sees_request(self, body: bytes) -> None:
        """A phone sends: no number means two things, unless the phone has a double."""
        request = read_request(body)
        if request.device not in self.copied_devices:
            known = self._numbers.setdefault((request.device, request.number), body)
            require(known == body, "I6", f"request {request.number} of {request.device} twice")
        for raw in request.batches:
            self._sees_batch(read_batch(raw))

    def _sees_batch(self, batch: Batch) -> None:
        if batch.seat in self.copied_seats:
            return
        for seq, change in enumerate(batch.changes, batch.first):
            known = self._sent.setdefault((batch.seat, seq), change)
            if known != change and _without_body(known) != _without_body(change):
                raise Violated("I6", f"change {seq} of {batch.seat} twice")

    def sees_bundles(self, raws: Sequence[bytes]) -> None:
        """A phone seals what it has not sent: it is as good as sent."""
        for raw in raws:
            opened = open_bundle(raw, self.registry.bundle_key(), self.registry.devices)
            if opened.digest in self.worn:
                continue  # carried on for somebody else
            require(opened.message is not None, "I18", f"a bundle is {opened.code} from the start")
            assert opened.message is not None
            self.papers_bundled(opened.digest, opened.message)
            batches = [read_batch(one) for one in opened.message.batches]
            self.bundles[opened.digest] = batches
            for batch in batches:
                self._sees_batch(batch)

    def sees_outcome(self, digest: bytes, code: str) -> None:
        """The office says what became of a bundle: what it says that it holds, it holds."""
        batches = self.bundles.get(digest)
        if batches is None:
            return  # worn on its way
        if not batches:
            return  # papers alone: `papers/promises.py`
        if not code:
            require(self.holds(batches), "I18", "a bundle is said to be held, and is not")
            return
        is_copied = any(batch.seat in self.copied_seats for batch in batches)
        is_known = code in {"gap", "busy"} or (is_copied and code == "broken-chain")
        require(is_known, "I18", f"a whole bundle does not open: {code}")

    def holds(self, batches: Sequence[Batch]) -> bool:
        """Tell whether the office has all of this, in its logs or beside them."""
        missing = {batch.head for batch in batches if not self._is_in_log(batch)}
        return not missing or missing <= self.office.dump().branches

    def _is_in_log(self, batch: Batch) -> bool:
        row = self.office.row(batch.seat, batch.last)
        return row is not None and row.change.head == batch.head

    def sees_commit(self) -> None:
        """The office has committed: its logs grow, gapless and chained, and never shrink."""
        for seat in self.office.seats():
            known = self._verified.get(seat)
            seq, head = known or (0, chain.start(self.registry.public_key_of(seat)))
            last = self.office.last(seat)
            if last < seq:
                raise Violated("I1", f"the log of {seat} shrank from {seq} to {last}")
            for place in range(seq + 1, last + 1):
                head = self._verify_row(seat, place, head)
            if last > seq or known is None:
                self._verified[seat] = (last, head)
        self._check_receipts()

    def _verify_row(self, seat: int, seq: int, head: bytes) -> bytes:
        row = self.office.row(seat, seq)
        if row is None:
            raise Violated("I1", f"the log of {seat} has no {seq}")
        change = row.change
        body_hash = chain.body_hash(change.body_bytes)
        if self.erased and not change.is_erased:
            is_listed = name_of(change) in self.erased
            require(not is_listed, "I19", f"the body of {seat}:{seq} was erased, and is here")
        parts = sha256(change.skeleton_bytes).digest() + body_hash
        own = sha256(head + parts).digest()
        require(change.seq == seq, "I1", f"{seat} has {change.seq} in the place of {seq}")
        require(change.head == own, "I1", f"the chain of {seat} breaks at {seq}")
        if seat in self.registry.seats:
            is_authentic = own in self.written[seat, seq]
            require(is_authentic, "I1", f"{seat} never wrote what stands at its {seq}")
        if row.effect == "applied":
            self._taken_by[record_of(change)].add(seat)
            self._note_assignment(change)
        return own

    def _note_assignment(self, change: LinkedChange) -> None:
        assert change.skeleton is not None
        if ASSIGNEE in change.skeleton.fields and not change.is_erased:
            values = dict(zip(change.skeleton.fields, values_of(change.body_bytes), strict=True))
            self._assigned[record_of(change)].add(values[ASSIGNEE])

    def sees_erasure(self) -> None:
        """The desk erased something, or died over it: what is listed now is erased for ever."""
        listed = self.office.listed()
        missing = self.erased - listed
        require(not missing, "I19", f"{len(missing)} are not listed any more")
        if listed != self.erased:
            self.erased = listed
            self._verified.clear()  # chains must hold without what was dropped

    def _check_receipts(self, places: Iterable[Place] | None = None) -> None:
        office, now = self.office, self.office.epoch
        for epoch, seat in self._issued if places is None else places:
            held, head = self._issued[epoch, seat]
            if epoch != now or held == 0:
                continue
            row = office.row(seat, held)
            if row is None or row.change.head != head or office.last(seat) < held:
                fact = f"{seat} has a receipt for {held} that the office does not hold"
                raise Violated("I7", fact)

    def sees_office_return(self, *, is_restored: bool) -> None:
        """The office is back after a crash, or from its backup."""
        self.sees_erasure()
        if is_restored:
            for feed, records in self._given.items():
                self._given_before[feed] |= records
            self._given.clear()
            self._verified.clear()
            self._taken_by.clear()
            for seat, safe in self.safe.items():
                last = self.office.last(seat)
                require(last >= safe, "I2", f"{seat} is safe up to {safe}, the backup has {last}")
        else:
            self._check_receipts()

    def sees_answer(self, reply: Reply) -> None:
        """The office answers: receipts that verify, and nothing out of the reader's scope."""
        if reply.status != OK:
            return
        response = read_response(reply.body)
        issued: list[Place] = []
        for receipt in response.receipts:
            try:
                verify_receipt(receipt, self.registry.office_key().public)
            except BadSignature:
                raise Violated("I7", f"a receipt of {receipt.seat} does not verify") from None
            self._issued[receipt.epoch, receipt.seat] = (receipt.held, receipt.head)
            issued.append((receipt.epoch, receipt.seat))
            self.safe[receipt.seat] = max(receipt.safe, self.safe.get(receipt.seat, 0))
        for outcome in response.opened:
            self.sees_outcome(outcome.bundle, outcome.code)
        # Those that were given before, the commit was just seen to keep.
        self._check_receipts(issued)

    def sees_pages(self, arrival: Arrival, reply: Reply) -> None:
        """Every state in an answer must be one that the seat that asked may hold.

        Where rights were changed while the office was at it, those of either moment will do.
        """
        if reply.status != OK:
            return
        response = read_response(reply.body)
        if not response.pages:
            return
        envelope = read_envelope(arrival.body)
        reader = self.registry.seats[read_request(arrival.body).seat or 0]
        signed = envelope.seat_signature
        assert signed is not None
        signature.verify(reader.key.public, signature.SEAT, envelope.message, signed)
        today = Rights(reader.areas, self.registry.is_revoked(reader.seat))
        then = arrival.rights.get(reader.seat, today)
        is_revoked = today.is_revoked and then.is_revoked
        require(not is_revoked, "I5", f"{reader.seat} reads after it was revoked")
        for name, page in response.pages.items():
            for entry in split_entries(entries_of(page)):
                version, record = read_mark(entry)
                self._given[Feed(reader.seat, name)].add(record)
                state = decode_state(entry) if version else None
                area = shown(state, "area") if state else None
                is_own = area is None or area in (*today.areas, *then.areas)
                require(is_own, "I5", f"{reader.seat} is given a record of {area}")
                allowed = any(
                    self.registry.seats[seat].staff == reader.staff
                    or (not reader.is_helper and self.registry.seats[seat].team == reader.team)
                    for seat in self._taken_by[record]
                    if seat in self.registry.seats
                ) or reader.staff in (
                    [open_value(head) for head in heads(state, ASSIGNEE)]
                    if state
                    else self._assigned[record]  # told that it left, who had it
                )
                require(allowed, "I5", f"{reader.seat} is given a record that it may not hold")

    def lost_life_gave(self, feed: Feed, record: bytes) -> bool:
        """Tell whether an earlier epoch gave a record in a feed, and this one did not."""
        return record in self._given_before[feed] and record not in self._given[feed]


def record_of(change: LinkedChange) -> bytes:
    """Name the record that a readable change sets."""
    assert change.skeleton is not None
    return change.skeleton.record


def _without_body(change: bytes) -> bytes:
    skeleton, body = split(change)
    return skeleton + chain.erase(body)

"""How the simulated phone weighs what the office says that it holds of its logs.

A receipt counts only where the own log has the same head. Where it does not, the log is sent
again from its start until the parting itself is in a batch, alone, so that it is known exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.batch import Batch
from sync.exchange import ExchangeResponse
from sync.receipt import Receipt, verify_receipt
from sync.refusals import BadSignature
from tests.sim.phone import Phone, SeatRow
from tests.sim.ports import OFFICE
from tests.sim.wire import key_name


@dataclass
class Probing:
    """How far each log was sent again, by seat. It is gone after a crash, and begins anew."""

    upto: dict[int, int] = field(default_factory=dict)
    one_by_one: set[int] = field(default_factory=set)
    steps: int = 0

    def go_to(self, seat: int, upto: int) -> None:
        """Send this log on behind `upto`."""
        self.steps += self.upto.get(seat) != upto
        self.upto[seat] = upto


def take_receipts(
    phone: Phone,
    probing: Probing,
    sent: Sequence[Batch],
    response: ExchangeResponse,
    genuine: Sequence[Receipt],
) -> None:
    """Keep the genuine receipts that count, and follow what the office refused."""
    receipts = {receipt.seat: receipt for receipt in genuine}
    for row in list(phone.seats.values()):
        receipt = receipts.get(row.seat)
        if receipt is None:
            continue
        if row.is_well:
            weigh(phone, probing, row, receipt)
            _follow(phone, probing, row, _sent_on(probing, row, sent, response))
        elif phone.is_retold(row) and response.epoch == phone.row.epoch:
            weigh(phone, probing, row, receipt)
            _follow_retold(phone, probing, row, _sent_on(probing, row, sent, response))


def is_genuine(receipt: Receipt, response: ExchangeResponse, office_key: bytes) -> bool:
    """Tell whether the office signed this receipt, in the epoch that it now speaks of."""
    if (receipt.office, receipt.epoch) != (OFFICE, response.epoch):
        return False
    if receipt.key != key_name(office_key):
        return False
    try:
        verify_receipt(receipt, office_key)
    except BadSignature:
        return False
    return True


def weigh(phone: Phone, probing: Probing, row: SeatRow, receipt: Receipt) -> None:
    """Take a receipt that counts, also one for less than before; else begin to send again."""
    if phone.head_at(row, receipt.held) == receipt.head:
        if phone.held.get(row.seat, 0) != receipt.held:
            if phone.held.get(row.seat, 0) > receipt.held:
                phone.note("rewind")
            phone.disk.put("held", row.seat, receipt.held)
        probing.upto.pop(row.seat, None)
        probing.one_by_one.discard(row.seat)
        prune(phone, row.seat, receipt.safe)
    elif receipt.held >= row.pruned and row.seat not in probing.upto:
        probing.go_to(row.seat, row.pruned)


def _follow(phone: Phone, probing: Probing, row: SeatRow, forked_at: int | None) -> None:
    if forked_at is not None:
        _part(phone, row, forked_at)
    elif probing.upto.get(row.seat) == row.last:
        phone.note("own-copy-is-old")
        # Nothing of it was refused, and yet more is held: this copy is old. What no receipt covers
        # goes over all the same: the answer may be one to a number that this copy has used again.
        _part(phone, row, phone.held.get(row.seat, 0) + 1)


def _follow_retold(phone: Phone, probing: Probing, row: SeatRow, forked_at: int | None) -> None:
    """See in a new epoch that the office has what came before a log parted, else say it again.

    Where another log took its place meanwhile, the office keeps ours as a branch, no state here
    may go on standing on it, and the newest seat that goes on from it carries over the rest.
    """
    if forked_at is not None:
        phone.note("parted-earlier")
        _part(phone, row, forked_at)
        if row.successor:
            for seq in range(forked_at, row.parting):
                phone.disk.put("owed", (row.seat, seq), value=True)
        phone.rebuild_states()
    elif probing.upto.get(row.seat, phone.held.get(row.seat, 0)) < row.last_due:
        return
    settled = phone.seats[row.seat]._replace(agreed=phone.row.epoch)
    phone.disk.put("seats", row.seat, settled)


def _sent_on(
    probing: Probing, row: SeatRow, sent: Sequence[Batch], response: ExchangeResponse
) -> int | None:
    """Go on sending a log again as it was answered; gives the seq of a fork that is known."""
    codes = {one.first: one.code for one in response.refusals if one.seat == row.seat}
    for batch in sent:
        if batch.seat != row.seat:
            continue
        code = codes.get(batch.first)
        if code == "fork" and len(batch.changes) == 1:
            return batch.first
        if code == "fork":
            probing.go_to(row.seat, batch.first - 1)
            probing.one_by_one.add(row.seat)
            return None
        if code == "broken-chain":
            probing.go_to(row.seat, row.pruned)
            return None
        if code is None and row.seat in probing.upto:
            probing.go_to(row.seat, batch.last)
    return None


def _part(phone: Phone, row: SeatRow, parting: int) -> None:
    phone.disk.put("seats", row.seat, phone.seats[row.seat]._replace(parting=parting))


def prune(phone: Phone, seat: int, safe: int) -> None:
    """Drop what a verified backup covers; only below `safe` may a device drop its copy."""
    row = phone.seats[seat]
    upto = min(safe, phone.held.get(seat, 0))
    if upto <= row.pruned or not row.is_well:
        return
    head = phone.head_at(row, upto)
    assert head is not None
    phone.note("pruned")
    for seq in range(row.pruned + 1, upto + 1):
        phone.disk.drop("log", (seat, seq))
    phone.disk.put("seats", seat, row._replace(pruned=upto, pruned_head=head))

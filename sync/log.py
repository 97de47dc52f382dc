"""Taking a batch into a seat's log: in order, with no gap, never rewriting.

held …………………┐
batch          ├─ begins after it       gap    nothing is taken, the receipt says where to go on
               ├─ ends within it        held   if the heads agree: acknowledge again
               ├─ goes on from it       new    what is new is taken
               └─ a common head differs fork   both branches are kept
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.batch import Batch, link_changes, require_head, verify_batch
from sync.change import LinkedChange
from sync.refusals import Fork, Gap


@dataclass(frozen=True, slots=True)
class Held:
    """How far a receiver holds a log, and the head there."""

    last: int
    head: bytes


def take_batch(
    batch: Batch,
    *,
    office: str,
    public_key: bytes,
    held: Held,
    head_at: Callable[[int], bytes],
) -> Sequence[LinkedChange]:
    """Give the changes of a batch that are new to a log; none if all are held already.

    `head_at(seq)` gives the head that the receiver holds at a seq up to `held.last` (0: the start).
    Raises BadSignature, BrokenChain, Malformed, Gap, or Fork; then nothing may be stored as the
    log, and on Fork the batch is kept beside it.
    """
    verify_batch(batch, office, public_key)
    if batch.first > held.last + 1:
        raise Gap(batch.seat, batch.first, held.last)
    before = held.head if batch.first == held.last + 1 else head_at(batch.first - 1)
    linked = link_changes(batch.seat, batch.first, batch.changes, before)
    # A branch that parted before `first` cannot be chained to our head either; the sender, told
    # that its chain is broken, sends from further back until the parting itself is in the batch.
    require_head(batch, linked)
    overlap = min(held.last, batch.last) - batch.first + 1
    for change in linked[: max(overlap, 0)]:
        if head_at(change.seq) != change.head:
            raise Fork(batch.seat, change.seq)
    return linked[max(overlap, 0) :]

"""What the simulated phone sends: batches of what the office has not said that it holds."""

from collections.abc import Iterator

import msgspec

from sync.batch import Batch, sign_batch
from tests.sim.phone import Entry, Phone
from tests.sim.ports import OFFICE
from tests.sim.receipts import Probing

# A span of a log in which no change lies.
NOTHING = (0, 0)


class Habits(msgspec.Struct, frozen=True):
    """How a phone is made: sizes small enough that everything is cut somewhere."""

    batch_changes: int = 3
    batches: int = 4
    want: int = 2000
    # By the order of writing, or by seat, so that what builds on something may come before it.
    sends_by_seat: bool = False
    # A page that a crash takes away is asked for again.
    pages_are_strict: bool = True


def batches(phone: Phone, habits: Habits, probing: Probing) -> Iterator[Batch]:
    """Give what is due, in runs of one seat."""

    def place_in_line(entry: Entry) -> tuple[int, int]:
        return (entry.change.seat if habits.sends_by_seat else 0, entry.turn)

    runs: list[list[Entry]] = []
    waiting = list(due(phone, probing))
    if len(waiting) > 1:
        waiting.sort(key=place_in_line)
    for entry in waiting:
        size = 1 if entry.change.seat in probing.one_by_one else habits.batch_changes
        is_next = runs and runs[-1][-1].change.seat == entry.change.seat
        if is_next and len(runs[-1]) < size:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    for run in runs[: habits.batches]:
        row, last = phone.seats[run[0].change.seat], run[-1].change
        yield sign_batch(
            row.key.private,
            office=OFFICE,
            seat=row.seat,
            first=run[0].change.seq,
            changes=[entry.as_sent for entry in run],
            head=last.head,
        )


def due(phone: Phone, probing: Probing) -> Iterator[Entry]:
    """Give what lies behind the receipts, or behind where the log is being sent again."""
    spans = {
        seat: (probing.upto.get(seat, phone.held.get(seat, 0)), row.last_due)
        for seat, row in phone.seats.items()
        if row.is_well or phone.is_retold(row)
    }
    for (seat, seq), entry in phone.log.items():
        after, last = spans.get(seat, NOTHING)
        if after < seq <= last:
            yield entry

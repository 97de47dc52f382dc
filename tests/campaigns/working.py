"""A phone that never rests: it writes, exchanges, and tries again whatever happens to the office.

It believes signed receipts alone. What one of them covered must be held for ever after.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec

from sync.batch import Batch
from sync.record import State
from sync.refusals import Refusal
from tests.stories.line import Line
from tests.support.phone import Phone, PhoneSeat, Refused, new_record

PAUSE_SECONDS: Final = 0.1
"""After a failure. Real phones wait longer; here that would only be time without load."""

DOSSIERS_MAX: Final = 12
"""Of one round of work."""

HONEST: Final = frozenset({429, 503, 507})
"""Not now: allowed, if it says when."""

SPOILED: Final = frozenset({400, 401})
"""What the office says to a request that was spoiled on its way."""


@dataclass
class WorkingPhone:
    """One phone with one person, in a thread of its own while it works."""

    phone: Phone
    seat: PhoneSeat
    line: Line
    chance: random.Random
    citizens: Iterator[dict[str, Any]]
    answers: Counter[int] = field(default_factory=Counter)
    """Exchanges by status; 0 is no answer at all."""

    acknowledged: int = 0
    unread: int = 0
    broken: list[str] = field(default_factory=list)
    """What must never be, in sentences."""

    is_rough: bool = False
    """Whether its line spoils what goes over it."""

    records: list[UUID] = field(default_factory=list)
    """The dossiers that were taken on it."""

    is_waiting: bool = False
    """Whether a request is out whose answer has not been read."""

    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def is_in_flight(self) -> bool:
        """Whether a byte of a request is out whose answer has not been read."""
        return self.is_waiting and self.line.first_byte_sent.is_set()

    @property
    def faults(self) -> int:
        """Count the answers that no office may give."""
        allowed = HONEST | SPOILED if self.is_rough else HONEST
        failed = {status for status in self.answers if status >= 400} - allowed
        return sum(self.answers[status] for status in failed)

    def own_states(self) -> list[State]:
        """Give the records that were taken on this phone, as it sees them."""
        return [self.phone.records[record] for record in self.records]

    def start(self) -> None:
        """Begin to work."""
        self._ending.clear()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way, and rest."""
        self._ending.set()
        if self._thread:
            self._thread.join(60)
            if self._thread.is_alive():
                self.broken.append("an exchange hangs for a minute")
        self._thread = None

    def write(self) -> None:
        """Take a few dossiers, and mend one that was taken before."""
        if self.records:
            mended = {"answers.child_ethnicity": self.chance.choice(("Mường", "Dao", "Kinh"))}
            self.phone.set(self.seat, self.chance.choice(self.records), mended)
        for _ in range(self.chance.randint(1, DOSSIERS_MAX)):
            record = new_record()
            self.phone.set(self.seat, record, next(self.citizens))
            self.records.append(record)

    def exchange(self) -> bool:
        """Exchange once, in one of the ways that a phone may; tells whether it was answered."""
        before = self.seat.held
        reader = self.seat if self.chance.random() < 0.3 else None
        batches = self._batches(before)
        self.line.reset()
        self.is_waiting = True
        try:
            if not self._is_answered(reader, batches):
                return False
        finally:
            self.is_waiting = False
        self._note_held(before)
        return True

    def hand_in(self, seconds: float = 30) -> None:
        """Go on until the office holds everything, or say that it does not."""
        deadline = time.monotonic() + seconds
        while self.seat.held < self.seat.last:
            if time.monotonic() > deadline:
                self.broken.append(f"the office holds {self.seat.held} of {self.seat.last}")
                return
            if not self.exchange():
                time.sleep(PAUSE_SECONDS)

    def _work(self) -> None:
        failed = False
        while not self._ending.is_set():
            if self.seat.held == self.seat.last:
                self.write()
            elif failed:
                self._ask_how_far()
            failed = not self.exchange()
            if failed:
                self._ending.wait(PAUSE_SECONDS)

    def _ask_how_far(self) -> None:
        """Send nothing, and hear what came of the lost exchange: all of it, or nothing."""
        held = self.seat.held
        if not self._is_answered(None, []):
            return
        if self.seat.held not in (held, self.seat.last):
            self.broken.append(f"a batch of {held + 1} to {self.seat.last} is stored half")
        self.unread += self.seat.held > held
        self._note_held(held)

    def _batches(self, held: int) -> list[Batch]:
        """Offer what is not acknowledged: once, in two parts, or with what is held already."""
        first, last, office = held + 1, self.seat.last, self.phone.office
        if first > last:
            return []
        match self.chance.randrange(4):
            case 0 if last > first:
                middle = self.chance.randrange(first, last)
                return [
                    self.seat.batch(office, first, middle),
                    self.seat.batch(office, middle + 1, last),
                ]
            case 1:
                return [self.seat.batch(office, max(1, held - 20), last)]
            case _:
                return [self.seat.batch(office, first, last)]

    def _is_answered(self, reader: PhoneSeat | None, batches: list[Batch]) -> bool:
        """Exchange; tells whether the office itself answered, and gave what was asked."""
        try:
            self.phone.exchange(reader, batches=batches)
        except httpx.RequestError:
            self.answers[0] += 1
        except Refused as refused:
            self._note_refusal(refused)
        except (Refusal, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            # Something answered that is not the office, or no longer what it said.
            self.answers[0] += 1
            if not self.is_rough:
                self.broken.append(f"an answer cannot be read: {type(fault).__name__}")
        else:
            self.answers[200] += 1
            return True
        return False

    def _note_held(self, before: int) -> None:
        held = self.seat.held
        if held < self.acknowledged:
            self.broken.append(f"{self.acknowledged} were acknowledged, now {held} are held")
        self.acknowledged = max(self.acknowledged, before, held)

    def _note_refusal(self, refused: Refused) -> None:
        self.answers[refused.status] += 1
        if self.is_rough and refused.status in SPOILED:
            return
        if refused.status not in HONEST:
            self.broken.append(f"an exchange was answered {refused}")
        elif not refused.headers.get("retry-after", "").isdecimal():
            self.broken.append(f"{refused.status} without Retry-After")

"""Kills an office at chosen moments of an exchange: while it reads, works, or answers."""

import random
import threading
import time
from dataclasses import dataclass
from typing import Final

import httpx

from tests.stories.line import Line
from tests.stories.office import OfficeProcess
from tests.support.phone import Phone

REQUEST_BYTES: Final = 5_000
"""Less than forty dossiers have: a line that stops before this cuts their request in two."""


@dataclass
class Attempt:
    """One exchange in a thread of its own."""

    phone: Phone
    answered_at: float | None = None

    def run(self) -> None:
        """Exchange; a broken line is what this is about."""
        try:
            self.phone.exchange()
        except httpx.TransportError:
            return
        self.answered_at = time.monotonic()


@dataclass(frozen=True)
class Killer:
    """Each deed exchanges, kills the office at its moment, and answers when that was."""

    office: OfficeProcess
    line: Line
    chance: random.Random
    seconds: float
    """How long an exchange takes in peace."""

    def while_sending(self, attempt: Attempt) -> float:
        """Kill it when it has read a part of the request."""
        self.line.reset()
        self.line.stops_after = self.chance.randrange(1, REQUEST_BYTES)
        killed_at = self._kill_at(self.line.stopped, attempt)
        self.line.stops_after = None
        return killed_at

    def while_working(self, attempt: Attempt) -> float:
        """Kill it at any time after the first byte, as long as an exchange takes."""
        self.line.reset()
        delay = self.chance.uniform(0, self.seconds)
        return self._kill_at(self.line.first_byte_sent, attempt, delay)

    def while_answering(self, attempt: Attempt) -> float:
        """Kill it when it has stored everything and answered, and nobody has read it."""
        self.line.reset()
        self.line.swallows_answers = True
        killed_at = self._kill_at(self.line.answer_begun, attempt)
        self.line.swallows_answers = False
        return killed_at

    def _kill_at(self, moment: threading.Event, attempt: Attempt, delay: float = 0) -> float:
        thread = threading.Thread(target=attempt.run)
        thread.start()
        assert moment.wait(20)
        time.sleep(delay)
        killed_at = time.monotonic()
        self.office.kill()
        thread.join(30)
        assert not thread.is_alive()
        return killed_at

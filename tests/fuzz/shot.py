"""One hostile request, and what may come of it.

Allowed is any answer below 500, and a 503 or 507 that says when to come again. Nothing may take
longer than five seconds, and the office must not end.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

SECONDS_MAX: Final = 5.0
HONEST: Final = frozenset({503, 507})


@dataclass(frozen=True)
class Shot:
    """A request as it is sent. `raw`: all of it, request line and headers included."""

    kind: str
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """What came back; status 0 where the office hung up without an answer."""

    status: int
    seconds: float
    retry_after: str | None = None

    @property
    def fault(self) -> str | None:
        """Say what must never happen, if it did."""
        if self.seconds > SECONDS_MAX:
            return f"took {self.seconds:.1f} s"
        if self.status in HONEST and self.retry_after:
            return None
        return f"answered {self.status}" if self.status >= 500 else None


@dataclass
class Tally:
    """What became of a run: answers by kind and status, and the faults, to be replayed."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self.answers.total()

    def note(self, place: int, shot: Shot, outcome: Outcome) -> None:
        """Count one."""
        self.answers[shot.kind, outcome.status] += 1
        self.slowest = max(self.slowest, outcome.seconds)
        if outcome.fault:
            self.faults.append(
                f"#{place} {shot.kind} {shot.method} {shot.path[:120]}: {outcome.fault}"
            )

    def deep(self, kind: str, *statuses: int) -> int:
        """How many of a kind got so far that they were answered like this."""
        return sum(self.answers[kind, status] for status in statuses)

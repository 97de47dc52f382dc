"""What a campaign counts, and what it must never find."""

from dataclasses import dataclass, fields


class PromiseBroken(AssertionError):
    """A campaign has found what must never be; the message says what, in numbers."""


@dataclass(frozen=True)
class Tally:
    """The figures of some rounds; they add up."""

    rounds: int = 0
    steps: int = 0
    """What a round is made of, where that is worth counting: seeds, requests, cuts."""

    kills: int = 0
    in_flight: int = 0
    """Kills that fell between the first byte sent and the answer read, or into a write."""

    unread: int = 0
    """Kills after which something proved to be stored whose answer nobody had read."""

    acknowledged: int = 0
    """Changes (or answers, in a browser) that somebody was told to be kept."""

    lost: int = 0
    """Of these, how many were not found again."""

    duplicates: int = 0
    forks: int = 0
    faults: int = 0
    """Answers of 5xx other than an honest 503 or 507 with `Retry-After`; crashes, tracebacks."""

    def __add__(self, other: "Tally") -> "Tally":
        """Add up."""
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))

    @property
    def broken(self) -> list[str]:
        """Name the promises that were broken; mostly nothing."""
        never = ("lost", "duplicates", "forks", "faults")
        return [f"{getattr(self, name)} {name}" for name in never if getattr(self, name)]

    def require_kept(self) -> "Tally":
        """Pass the tally on if every promise was kept; raises PromiseBroken."""
        if self.broken:
            raise PromiseBroken(", ".join(self.broken))
        return self

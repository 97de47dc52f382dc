"""The hybrid logical clock that orders changes for people to read.

It never decides what is kept (`docs/protocol.md`, part 5).
"""

from typing import NamedTuple

from sync.limits import CLOCK_AHEAD_MS_MAX


class At(NamedTuple):
    """Milliseconds of the author's clock, then a counter among changes of one millisecond."""

    ms: int
    counter: int


START = At(0, 0)


def tick(last: At, now_ms: int) -> At:
    """Give the time of the next change: after `last`, whatever the device's clock says."""
    if now_ms > last.ms:
        return At(now_ms, 0)
    return At(last.ms, last.counter + 1)


def witness(last: At, foreign: At, now_ms: int) -> At:
    """Follow a foreign time, unless it is so far ahead that its clock must be wrong."""
    if foreign.ms > now_ms + CLOCK_AHEAD_MS_MAX:
        return last
    return max(last, foreign)

"""The office's own time. Deeds take `now` as an argument; only doors and the cli ask here.

One clock a process: the world's, except where an office is served in a world that is made up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import time_ns

Clock = Callable[[], int]


def now_ms() -> int:
    """Milliseconds since the Unix epoch."""
    return _clock()


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    """Go by another clock while the context is open."""
    global _clock  # noqa: PLW0603 -- handed through every door, it would be an argument of them all
    before, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = before


def _real() -> int:
    return time_ns() // 1_000_000


_clock: Clock = _real

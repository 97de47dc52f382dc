"""Runs of a feed's entries, packed and marked once, kept in memory for the next phone.

A page is runs packed one by one and joined: raw deflate allows it, each run being whole in itself.
Many phones pull the same entries: those of a team, and after a restore everybody everything.

1. A run is known by what it is made of: each entry's number in the feed, its record and how far the
   record had come. No other content can ever stand under the same key, so nothing goes stale.
2. Where a run ends depends on its entries alone, so that phones with other cursors meet in it.
3. What is kept is bounded, and let go of when something was erased by law.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from threading import Lock
from typing import Final, NamedTuple

import msgspec

RUNS_BYTES_MAX: Final = 16 * 1024 * 1024
"""Some 30,000 states as they are packed."""

ENDS_RUN_BELOW: Final = 8
"""A record whose id ends in a byte below this ends a run: every thirty-second, by chance."""


class Listed(NamedTuple):
    """An entry of a page before its bytes are read; `size` is that of the state."""

    number: int
    record: bytes
    left: bool
    size: int
    turns: int
    last_received: int


Key = bytes


_encode: Final = msgspec.msgpack.Encoder().encode


class PackedRun(NamedTuple):
    """Entries packed by deflate up to a whole byte, and their marks."""

    packed: bytes
    marks: bytes


class PackedRuns:
    """What is kept, the least used first. Readers are threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._runs: OrderedDict[Key, PackedRun] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Key) -> PackedRun | None:
        """Give a run that is kept, and keep it longer."""
        with self._lock:
            run = self._runs.get(key)
            if run is not None:
                self._runs.move_to_end(key)
            return run

    def keep(self, key: Key, run: PackedRun) -> None:
        """Keep a run, and let go of others when it becomes too much."""
        with self._lock:
            if key in self._runs:
                return
            self._runs[key] = run
            self._bytes += _weight(key, run)
            while self._bytes > RUNS_BYTES_MAX:
                self._bytes -= _weight(*self._runs.popitem(last=False))

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._runs.clear()
            self._bytes = 0


def key_of(area: str, run: Sequence[Listed]) -> Key:
    """Give what a run is known by: bytes, whose hash is worked out once."""
    return _encode((area, run))


def runs_of(entries: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """Cut the entries of a page into runs."""
    ends = [place for place, one in enumerate(entries, 1) if one.record[-1] < ENDS_RUN_BELOW]
    for first, end in pairwise(sorted({0, *ends, len(entries)})):
        yield entries[first:end]


def _weight(key: Key, run: PackedRun) -> int:
    """Give about how many bytes a run takes, with its key."""
    return len(run.packed) + len(run.marks) + len(key)

"""The office's own time. Deeds take `now` as an argument; only doors and the cli ask here."""

from time import time_ns


def now_ms() -> int:
    """Milliseconds since the Unix epoch."""
    return time_ns() // 1_000_000

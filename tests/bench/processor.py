"""What other processes have computed, and the memory that they hold."""

import time
from collections.abc import Callable
from pathlib import Path


def cpu_clock(pids: list[int]) -> Callable[[], float]:
    """Give a clock of what these processes compute; it stands still for one that has ended.

    A database cleans up in processes that come and go: what one had spent before must not be taken
    from what the others spend.
    """
    spent = dict.fromkeys(pids, 0.0)

    def now() -> float:
        for pid in pids:
            spent[pid] = max(spent[pid], cpu_seconds([pid]))
        return sum(spent.values())

    return now


def cpu_seconds(pids: list[int]) -> float:
    """Add up the processor time of these processes, to the nanosecond; the dead count nothing."""
    return sum(_cpu_of(pid) for pid in pids)


def children_of(parent: int) -> list[int]:
    """Name the processes that this one started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended while we looked
        if int(parts[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def memory_bytes(pid: int) -> int:
    """Give what a process holds in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def _cpu_of(pid: int) -> float:
    # The clock of another process, as clock_getcpuclockid(3) names it. The ticks in /proc are ten
    # milliseconds long: too coarse for one exchange.
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0

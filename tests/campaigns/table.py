"""Prints the newest lines of the campaigns' log as a table for people."""

import csv
from typing import Final

from tests.campaigns.journal import LOG

SHOWN: Final = (
    *("part", "rounds", "steps", "kills", "in_flight", "unread"),
    *("acknowledged", "lost", "duplicates", "forks", "faults", "seconds", "outcome"),
)


def print_log(lines: int) -> None:
    """Print the last so many lines."""
    with LOG.open(encoding="utf-8", newline="") as file:
        newest = list(csv.DictReader(file))[-lines:]
    rows = [[name.replace("_", " ") for name in SHOWN]]
    rows += [[line[name] for name in SHOWN] for line in newest]
    widths = [max(len(row[place]) for row in rows) for place in range(len(SHOWN))]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())

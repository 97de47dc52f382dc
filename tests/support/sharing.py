"""Shares the tests out among workers: file by file, and what takes minutes first.

A file goes to one worker, so that its office and its browser are opened once. What is quick comes
last: there is always a small file left for a core that has nothing else to do.
"""

from pathlib import Path
from typing import Final

import pytest
from xdist.scheduler import LoadFileScheduling

TESTS: Final = Path(__file__).parents[1]

LONG: Final = frozenset({"campaigns", "engines", "fuzz", "sim", "stories"})
"""Folders in which one file may take minutes."""

PARTS: Final = {
    "test_each_state.py": ("vi-", "en-"),
    "test_every_procedure.py": ("sqlite", "postgresql"),
    "test_simulation.py": ("TestTheSameWorlds", "TestNewWorlds"),
}
"""The longest files, and what stands in the names of their parts; these share nothing dear."""


class FileByFile(LoadFileScheduling):  # type: ignore[misc] # xdist ships no types
    """Gives each file to one worker, and the longest in parts."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        parts = [part for part in PARTS.get(Path(file).name, ()) if part in test]
        return "::".join([file, *parts])


def put_in_order(items: list[pytest.Item], *, is_shared: bool) -> None:
    """Put what takes long first where workers share it, else last: quick tests fail sooner."""
    items.sort(key=_takes_long, reverse=is_shared)


def _takes_long(item: pytest.Item) -> bool:
    return item.path.relative_to(TESTS).parts[0] in LONG

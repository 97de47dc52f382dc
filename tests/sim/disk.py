"""A disk with a pending and a durable part, for phones and for the office alike.

1. What a strict commit wrote, and all before it, survives every crash.
2. Of what was committed without, a crash keeps the first transactions, in order, and no half one.
"""

from collections.abc import Callable, Hashable
from typing import Any, Self

Table = dict[Any, Any]

_ABSENT = object()


class DiskFull(Exception):
    """The transaction did not fit; nothing of it was kept."""


class Disk:
    """Tables by name. Writes join the open transaction until `commit`."""

    def __init__(self) -> None:
        self.is_full = False
        self.moves = 0  # grows with every write that is more than a counted request
        self._tables: dict[str, Table] = {}
        self._open: list[tuple[Table, Hashable, Any]] = []
        self._pending: list[list[tuple[Table, Hashable, Any]]] = []

    def table(self, name: str) -> Table:
        """Give a table as it stands, open and pending writes included. It is only to be read."""
        return self._tables.setdefault(name, {})

    def put(self, name: str, key: Hashable, value: Any) -> None:
        """Write a row."""
        table = self._tables[name] if name in self._tables else self.table(name)
        self._open.append((table, key, table.get(key, _ABSENT)))
        table[key] = value
        self.moves += name != "numbers"

    def drop(self, name: str, key: Hashable) -> None:
        """Take a row away, if it is there."""
        table = self.table(name)
        if key in table:
            self._open.append((table, key, table.pop(key)))
            self.moves += 1

    def commit(self, *, strict: bool) -> None:
        """End the transaction; raise DiskFull, with nothing kept, if it does not fit."""
        if self.is_full and self._open:
            self.rollback()
            raise DiskFull
        self._pending.append(self._open)
        self._open = []
        if strict:
            self._pending.clear()

    def rot(self) -> None:
        """Let what was just written stand as if it always had: no crash takes it back."""
        self._open = []

    def rollback(self) -> None:
        """Forget the open transaction."""
        _undo(self._open)
        self._open = []

    def crash(self, keep: Callable[[int], int]) -> int:
        """Lose the open transaction and all pending ones but the first `keep(count)`."""
        self.rollback()
        count = len(self._pending)
        kept = keep(count) if count else 0
        for transaction in reversed(self._pending[kept:]):
            _undo(transaction)
        self._pending.clear()
        return count - kept

    def copy(self) -> Self:
        """Give a second disk with the same content, all of it durable."""
        twin = type(self)()
        twin._tables = {name: dict(table) for name, table in self._tables.items()}
        return twin


def _undo(transaction: list[tuple[Table, Hashable, Any]]) -> None:
    for table, key, old in reversed(transaction):
        if old is _ABSENT:
            del table[key]
        else:
            table[key] = old

"""Columns as PostgreSQL's binary arrays, written whole.

The driver writes a list value by value, in Python; that costs three times as much (measured), and
a group of fifty devices brings a hundred thousand values.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from struct import Struct
from typing import Any, Final

import psycopg
from psycopg.adapt import Dumper

_length: Final = Struct("!i").pack
# Dimensions, whether there are nulls, the type of the values; how many they are, counted from 1.
_head: Final = Struct("!iiIii").pack
_NULL: Final = _length(-1)

_Write = Callable[[Sequence[Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Array:
    """An array as PostgreSQL reads it. Its statement has to say which type it is of."""

    written: bytes


class _ArrayDumper(Dumper):
    format = psycopg.pq.Format.BINARY

    def dump(self, obj: Array) -> bytes:
        """Send it as it is."""
        return obj.written


psycopg.adapters.register_dumper(Array, _ArrayDumper)


def array_of(kind: str, values: Sequence[Any]) -> Array:
    """Give the array of a column of this type, as `CREATE TABLE` names it."""
    number, write = _KINDS[kind]
    has_null = None in values
    parts = map(partial(_write_or_null, write), values) if has_null else write(values)
    return Array(b"".join(chain((_head(1, has_null, number, len(values), 1),), parts)))


def _write_or_null(write: _Write, value: object) -> bytes:
    return _NULL if value is None else b"".join(write((value,)))


def _write_bytes(values: Sequence[bytes]) -> Iterable[bytes]:
    return chain.from_iterable(zip(map(_length, map(len, values)), values, strict=True))


def _write_texts(values: Sequence[str]) -> Iterable[bytes]:
    return _write_bytes(list(map(str.encode, values)))


def _writer_of(size: int, form: str) -> _Write:
    """Give what writes values that are all of one size."""
    pack = Struct(f"!i{form}").pack
    return lambda values: map(pack, repeat(size), values)


# PostgreSQL's own numbers of the types (`pg_type.oid`), which never change.
_KINDS: Final[Mapping[str, tuple[int, _Write]]] = {
    "BOOLEAN": (16, _writer_of(1, "?")),
    "BYTEA": (17, _write_bytes),
    "BIGINT": (20, _writer_of(8, "q")),
    "INTEGER": (23, _writer_of(4, "i")),
    "TEXT": (25, _write_texts),
}

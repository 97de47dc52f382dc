"""The registers of a record that has had one change, kept as the bytes that the change brought.

1. They say and encode to what a plain dict of registers would: nobody can tell them apart.
2. Values stay shut, and a register is made only where somebody asks for it: most records are
   stored, projected and sent without anybody looking at most of their fields.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from sync.change import Dot
from sync.register import Head, Register

_encode: Final = msgspec.msgpack.Encoder().encode

# MessagePack: arrays of up to fifteen values, and of more.
_SHORT_ARRAY: Final = 0x90
_SHORT_ARRAY_MAX: Final = 15
_LONG_ARRAY: Final = b"\xdc"
# What stands around a register's one head: [field, [[dot, at, received, value]], []].
_REGISTER: Final = b"\x93"
_ONE_HEAD: Final = b"\x91\x94"
_NONE_GONE: Final = b"\x90"


class FirstRegisters(Mapping[str, Register]):
    """Registers of one head each, all by the same change, that replaced nothing."""

    __slots__ = ("_at", "_dot", "_received", "_values")

    def __init__(
        self,
        dot: Dot,
        at: tuple[int, int],
        received: int,
        values: Iterable[tuple[str, msgspec.Raw]],
    ) -> None:
        """Keep what the change set, by field."""
        self._dot = dot
        self._at = at
        self._received = received
        self._values = dict(values)

    def __getitem__(self, field: str) -> Register:
        """Make the register of a field."""
        head = Head(self._dot, self._at, self._received, self._values[field])
        return Register(field, [head], [])

    def __contains__(self, field: object) -> bool:
        """Tell whether the change set a field, without making anything."""
        return field in self._values

    def __iter__(self) -> Iterator[str]:
        """Name the fields."""
        return iter(self._values)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self._values)

    def open(self, field: str) -> Any:  # noqa: ANN401 - whatever was answered
        """Open the value of a field; None if it is not set. No register is made for it."""
        value = self._values.get(field)
        return None if value is None else msgspec.msgpack.decode(value)

    def encode(self) -> bytes:
        """Give the bytes of the list of these registers, as it stands in a state."""
        fields = sorted(self._values)
        head = _encode((self._dot, self._at, self._received))[1:]
        # opening, head, value; opening, head, value; …
        parts: list[bytes | msgspec.Raw] = [head] * (3 * len(fields))
        parts[::3] = map(_opening, fields)
        parts[2::3] = [self._values[field] for field in fields]
        # Before the first there is no register to close.
        parts[0] = _opening(fields[0])[len(_NONE_GONE) :]
        return b"".join((_array_of(len(fields)), *parts, _NONE_GONE))


def _array_of(count: int) -> bytes:
    if count <= _SHORT_ARRAY_MAX:
        return bytes((_SHORT_ARRAY | count,))
    return _LONG_ARRAY + count.to_bytes(2, "big")


@lru_cache(4_096)  # a catalogue's names come again with every change
def _opening(field: str) -> bytes:
    """Give what closes the register before, and opens that of a field up to its head."""
    return _NONE_GONE + _REGISTER + _encode(field) + _ONE_HEAD

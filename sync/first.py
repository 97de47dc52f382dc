"""The registers of a record that has had one change, kept as the bytes that the change brought.

1. They say and encode to what a plain dict of registers would: nobody can tell them apart.
2. Values stay shut, and a register is made only where somebody asks for it: most records are
   stored, projected and sent without anybody looking at most of their fields.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from sync.change import Dot
from sync.field_names import SortedNames
from sync.register import Head, Register

_encode: Final = msgspec.msgpack.Encoder().encode
_open: Final = msgspec.msgpack.Decoder().decode

# MessagePack: arrays of up to fifteen values, and of more.
_SHORT_ARRAY: Final = 0x90
_SHORT_ARRAY_MAX: Final = 15
_LONG_ARRAY: Final = b"\xdc"
# What stands around a register's one head: [field, [[dot, at, received, value]], []].
_REGISTER: Final = b"\x93"
_ONE_HEAD: Final = b"\x91\x94"
_NEXT: Final = msgspec.Raw(b"\x90" + _REGISTER)


class FirstRegisters(Mapping[str, Register], SortedNames):
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
        SortedNames.__init__(self, self._values)

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
        return None if value is None else _open(value)

    def encode(self) -> bytes:
        """Give the bytes of the list of these registers, as it stands in a state."""
        fields = self.by_name
        head = msgspec.Raw(_ONE_HEAD + _encode((self._dot, self._at, self._received))[1:])
        # name, head, value, what stands before the next name; name, head, …
        parts: list[str | msgspec.Raw] = [_NEXT] * (4 * len(fields))
        parts[::4] = fields
        parts[1::4] = [head] * len(fields)
        parts[2::4] = list(map(self._values.__getitem__, fields))
        # Written in one go as if they were a list: what is shut goes in as it is.
        written = _encode(parts)[len(_array_of(len(parts))) : -len(_REGISTER)]
        return b"".join((_array_of(len(fields)), _REGISTER, written))


def _array_of(count: int) -> bytes:
    if count <= _SHORT_ARRAY_MAX:
        return bytes((_SHORT_ARRAY | count,))
    return _LONG_ARRAY + count.to_bytes(2, "big")

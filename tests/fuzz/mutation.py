"""Spoils what was right: bytes anywhere, and values inside of MessagePack."""

from random import Random
from typing import Any, Final

import msgspec

NASTY: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**53 - 1,
    2**53,
    2**63 - 1,
    2**64 - 1,
    -(2**63),
    0.5,
    float("inf"),
    float("nan"),
    "",
    "\0",
    "a" * 300,
    "\ud800".encode("utf-8", "surrogatepass"),
    "e\u0301" * 10,  # not NFC
    "🏥" * 90,
    "../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    b"",
    b"\xff" * 16,
    b"\0" * 65,
    b"x" * 70_000,
    [],
    [[]],
    [None] * 2_000,
    {},
    {"": None},
    {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}},
)

NASTY_BYTES: Final = (
    b"\xc1",  # never used
    b"\xdd\xff\xff\xff\xff",  # a list of four billion
    b"\xdf\xff\xff\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff",
    b"\xa2\xff\xfe",  # no UTF-8
    b"\xd4\x01\x00",  # an extension
    b"\x91" * 5_000,
    b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00",
)


def spoil_bytes(chance: Random, given: bytes) -> bytes:
    """Flip, cut, double, insert or fill in a few places."""
    spoilt = bytearray(given)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(spoilt) + 1)
        match chance.randrange(6):
            case 0 if spoilt:
                spoilt[min(at, len(spoilt) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                del spoilt[at:]
            case 2:
                spoilt[at:at] = spoilt[at : at + chance.randrange(64)]
            case 3:
                spoilt[at:at] = chance.randbytes(chance.randrange(1, 16))
            case 4:
                spoilt[at:at] = chance.choice(NASTY_BYTES)
            case _:
                del spoilt[at : at + chance.randrange(1, 64)]
    return bytes(spoilt)


def spoil_value(chance: Random, packed: bytes) -> bytes:
    """Replace, drop, double or add values anywhere inside; bytes that hold MessagePack too."""
    try:
        tree = msgspec.msgpack.decode(packed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return spoil_bytes(chance, packed)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        tree = _spoil(chance, tree)
    return msgspec.msgpack.encode(tree)


def _spoil(chance: Random, node: Any) -> Any:
    if isinstance(node, dict) and node and chance.random() < 0.85:
        return _spoil_map(chance, node)
    if isinstance(node, list) and node and chance.random() < 0.85:
        place = chance.randrange(len(node))
        match chance.randrange(5):
            case 0:
                return node[:place] + node[place + 1 :]
            case 1:
                return [*node, node[place]]
            case _:
                return [*node[:place], _spoil(chance, node[place]), *node[place + 1 :]]
    if isinstance(node, bytes) and len(node) > 2 and chance.random() < 0.5:
        return spoil_bytes(chance, node)
    if isinstance(node, int) and not isinstance(node, bool) and chance.random() < 0.4:
        return max(-(2**63), min(2**64 - 1, node + chance.choice((-1, 1, 7, 1_000_000))))
    return chance.choice(NASTY)


def _spoil_map(chance: Random, node: dict[Any, Any]) -> dict[Any, Any]:
    key = chance.choice(list(node))
    match chance.randrange(6):
        case 0:
            return {name: value for name, value in node.items() if name != key}
        case 1:
            return node | {"unknown": chance.choice(NASTY)}
        case _:
            return node | {key: _spoil(chance, node[key])}

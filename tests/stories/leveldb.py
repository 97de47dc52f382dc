"""Reads what a browser's LevelDB keeps, so that text in it can be searched for.

Only as much of the formats as a search needs: log records are joined again where a block of 32 KiB
cuts them, tables' blocks are un-snappied, and so are values that the browser packs by itself.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

LOG_BLOCK: Final = 32 * 1024
LOG_HEADER: Final = 7
FOOTER: Final = 48
TABLE_MAGIC: Final = bytes.fromhex("57fb808b247547db")
BLOCK_TRAILER: Final = 5
SNAPPY: Final = 1
PACKED_VALUE: Final = b"\xff\x11\x02"
"""Chromium writes this before a value that it has packed with Snappy."""


class BadSnappy(Exception):
    """These bytes are no Snappy stream."""


def clear_parts(path: Path) -> Iterator[bytes]:
    """Give everything that a file holds in a form that can be searched; the plain bytes first."""
    raw = path.read_bytes()
    yield raw
    parts = []
    if path.suffix == ".log":
        parts = [_log_records(raw)]
    elif raw.endswith(TABLE_MAGIC):
        parts = list(_table_blocks(raw))
    for part in (raw, *parts):
        if part is not raw:
            yield part
        yield from _packed_values(part)


def _log_records(raw: bytes) -> bytes:
    """Join the payloads of a log: a record goes on in the next block after another header."""
    found = bytearray()
    for start in range(0, len(raw), LOG_BLOCK):
        block = raw[start : start + LOG_BLOCK]
        place = 0
        while place + LOG_HEADER <= len(block):
            size = int.from_bytes(block[place + 4 : place + 6], "little")
            found += block[place + LOG_HEADER : place + LOG_HEADER + size]
            place += LOG_HEADER + size
            if not size and not block[place - 1]:
                break  # the block is padded from here on
    return bytes(found)


def _table_blocks(raw: bytes) -> Iterator[bytes]:
    """Give the data blocks of a sorted table, unpacked."""
    footer = raw[-FOOTER:]
    _, place = _varint(footer, 0)
    _, place = _varint(footer, place)
    offset, place = _varint(footer, place)
    size, _ = _varint(footer, place)
    index = _block(raw, offset, size)
    restarts = int.from_bytes(index[-4:], "little")
    place, end = 0, len(index) - 4 * (restarts + 1)
    while place < end:
        _, place = _varint(index, place)
        unshared, place = _varint(index, place)
        value_size, place = _varint(index, place)
        handle = index[place + unshared : place + unshared + value_size]
        place += unshared + value_size
        data_offset, at = _varint(handle, 0)
        data_size, _ = _varint(handle, at)
        yield _block(raw, data_offset, data_size)


def _block(raw: bytes, offset: int, size: int) -> bytes:
    content = raw[offset : offset + size]
    return unsnappy(content) if raw[offset + size] == SNAPPY else content


def _packed_values(part: bytes) -> Iterator[bytes]:
    place = part.find(PACKED_VALUE)
    while place >= 0:
        with suppress(BadSnappy):  # three bytes may only look like it
            yield unsnappy(part[place + len(PACKED_VALUE) :])
        place = part.find(PACKED_VALUE, place + 1)


def unsnappy(packed: bytes) -> bytes:
    """Unpack one stream; what stands behind its end is left alone. Raises BadSnappy."""
    try:
        size, place = _varint(packed, 0)
        found = bytearray()
        while len(found) < size:
            place = _element(packed, place, found)
    except IndexError:
        raise BadSnappy from None
    return bytes(found)


def _element(packed: bytes, place: int, found: bytearray) -> int:
    tag = packed[place]
    kind, rest = tag & 3, tag >> 2
    place += 1
    if kind == 0:
        more = max(rest - 59, 0)
        length = int.from_bytes(packed[place : place + more], "little") if more else rest
        place += more
        literal = packed[place : place + length + 1]
        if len(literal) <= length:
            raise BadSnappy
        found += literal
        return place + length + 1
    if kind == 1:
        length, offset = (rest & 7) + 4, (tag >> 5) << 8 | packed[place]
        place += 1
    else:
        wide = 2 if kind == 2 else 4
        length, offset = rest + 1, int.from_bytes(packed[place : place + wide], "little")
        place += wide
    if not 0 < offset <= len(found):
        raise BadSnappy
    for _ in range(length):
        found.append(found[-offset])
    return place


def _varint(raw: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place

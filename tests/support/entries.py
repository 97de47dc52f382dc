"""Cuts the bytes of a page into its entries, by stepping over MessagePack values."""

from collections.abc import Iterator

_SIZED = {  # lead: (bytes of the length, values per item, bytes per item)
    0xC4: (1, 0, 1), 0xC5: (2, 0, 1), 0xC6: (4, 0, 1),
    0xD9: (1, 0, 1), 0xDA: (2, 0, 1), 0xDB: (4, 0, 1),
    0xDC: (2, 1, 0), 0xDD: (4, 1, 0), 0xDE: (2, 2, 0), 0xDF: (4, 2, 0),
}  # fmt: skip
_FIXED = {
    0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8,
    0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8,
}  # fmt: skip


def cut(entries: bytes) -> Iterator[bytes]:
    """Give each value of the bytes."""
    place = 0
    while place < len(entries):
        end = _end(entries, place)
        yield entries[place:end]
        place = end


def _end(data: bytes, place: int) -> int:
    """Step over one value, and over those within it."""
    waiting = 1
    while waiting:
        lead = data[place]
        place += 1
        waiting -= 1
        if lead <= 0x7F or lead >= 0xE0:
            continue
        if lead <= 0x8F:
            waiting += 2 * (lead & 0x0F)
        elif lead <= 0x9F:
            waiting += lead & 0x0F
        elif lead <= 0xBF:
            place += lead & 0x1F
        elif lead in _FIXED:
            place += _FIXED[lead]
        else:
            length_bytes, values, size = _SIZED[lead]
            count = int.from_bytes(data[place : place + length_bytes], "big")
            place += length_bytes + count * size
            waiting += count * values
    return place

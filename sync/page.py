"""A page: stored entries of an area, one after the other, and how far they bring a reader.

The office packs entries in runs as it once stored them; what is unpacked is what is marked.
"""

import zlib
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from sync.change import Count
from sync.limits import EXCHANGE_INFLATED_BYTES_MAX
from sync.refusals import Malformed

PACKED_END: Final = b"\x03\x00"
"""What ends raw deflate behind parts that each end at a whole byte: an empty last block."""

_RAW_WINDOW: Final = -15
"""To zlib: deflate without a header."""


class Page(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """States and marks of an area; the cursor behind the last of them.

    `macs` has 16 bytes for each entry, in their order; `packed` is the entries by raw deflate, in
    place of `entries` (both from version 2).
    """

    entries: bytes = b""
    cursor: Count
    more: bool = False
    macs: bytes = b""
    packed: Annotated[bytes, Meta(max_length=EXCHANGE_INFLATED_BYTES_MAX)] = b""


def entries_of(page: Page) -> bytes:
    """Give the entries of a page, however they came; raise Malformed if they do not unpack."""
    if not page.packed:
        return page.entries
    inflating = zlib.decompressobj(_RAW_WINDOW)
    try:
        entries = inflating.decompress(page.packed, EXCHANGE_INFLATED_BYTES_MAX)
    except zlib.error:
        raise Malformed("the entries of a page") from None
    if not inflating.eof or inflating.unused_data:
        raise Malformed("the entries of a page")
    return entries

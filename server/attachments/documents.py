"""Looks into a PDF file, simply and with caution: pages to read, and nothing that runs.

1. Names that run, open or carry something are refused wherever they stand, however spelled.
2. What cannot be looked into (encrypted, packed in a way not known here) is refused.

It runs in a process of its own (`inspection.py`) and imports nothing of the office.
"""

import re
import zlib
from typing import Final

from server.attachments.images import Unfit

INFLATED_BYTES_MAX: Final = 64 * 1024 * 1024
"""What all packed objects of one file may inflate to; a scan of 100 pages has a few kilobytes."""

_HEAD: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \t]")
_TAIL: Final = re.compile(rb"startxref\s+\d+\s+%%EOF\s{0,4}\Z")
_END_BYTES: Final = 64

# Long enough that they never stand in packed pixels by chance.
_RUNNING: Final = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|Rendition|GoToE|GoToR)"
)
_SHORT: Final = re.compile(rb"/(JS|XFA)(?![A-Za-z0-9])")
_STREAM: Final = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_PACKED: Final = re.compile(rb"/ObjStm\b")
_BEGIN: Final = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY_BYTES_MAX: Final = 1_000
_FILTER: Final = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


def inspect_pdf(data: bytes) -> None:
    """Pass if this is such a document, else raise Unfit."""
    if not _HEAD.match(data):
        raise Unfit("another-type")
    if not _TAIL.search(data[-_END_BYTES:]):
        raise Unfit("trailing-bytes")
    plain = _unescaped(data)
    if re.search(rb"/Encrypt\b", plain):
        raise Unfit("encrypted")
    opened = _open_packed(data)
    if len(opened) != len(_PACKED.findall(plain)):
        raise Unfit("unreadable")
    for text in (plain, *opened):
        if _RUNNING.search(text):
            raise Unfit("script")
    for text in (_STREAM.sub(b"", plain), *opened):
        if _SHORT.search(text):
            raise Unfit("script")


def _unescaped(text: bytes) -> bytes:
    """Spell names plainly: `/J#61vaScript` is JavaScript to every reader."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)


def _open_packed(data: bytes) -> list[bytes]:
    """Inflate the streams that hold further objects."""
    opened: list[bytes] = []
    left = INFLATED_BYTES_MAX
    for begin in _BEGIN.finditer(data):
        before = data[max(0, begin.start() - _DICTIONARY_BYTES_MAX) : begin.start()]
        told = _unescaped(before[before.rfind(b"obj") :])
        if not _PACKED.search(told):
            continue
        filters = [one[1].strip(b"[] /") for one in _FILTER.finditer(told)]
        # A predictor would spell the names anew.
        if filters != [b"FlateDecode"] or b"/DecodeParms" in told:
            raise Unfit("unreadable")
        inflating = zlib.decompressobj()
        try:
            text = inflating.decompress(data[begin.end() :], left)
        except zlib.error:
            raise Unfit("broken") from None
        left -= len(text)
        if not inflating.eof or left <= 0:
            raise Unfit("unreadable")
        opened.append(_unescaped(text))
    return opened

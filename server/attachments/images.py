"""Looks into a JPEG, PNG or WebP file: an image and nothing else, with no place in it.

1. Every byte belongs to the image: nothing before, behind or beside it that another program
   could take for a page, a script or an archive.
2. Its pixels are counted before they are decoded, and then all of them are.

It runs in a process of its own (`inspection.py`) and imports nothing of the office.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image, UnidentifiedImageError

PIXELS_MAX: Final = 50_000_000
"""The largest sensors in phones; at four bytes a pixel, 200 MB to decode."""

INFLATED_BYTES_AT_ONCE: Final = 1024 * 1024

FORMAT_BY_TYPE: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

# Chunks and segments that make up a picture. Texts, comments and unknown ones hide things.
_JPEG_KNOWN: Final = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_PNG_KNOWN: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP pHYs sBIT bKGD eXIf cICP".split()
)
_WEBP_KNOWN: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF"))

_JPEG_ASIDE: Final = frozenset((*range(0xE0, 0xF0), 0xFE))  # of applications, and comments
_JPEG_LEAD, _JPEG_PIXELS, _JPEG_END = 0xFF, 0xDA, 0xD9
_JPEG_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")
# The pointer to the GPS directory, in both byte orders: one entry, an unsigned long.
_GPS_POINTERS: Final = (b"\x25\x88\x04\x00\x01\x00\x00\x00", b"\x88\x25\x00\x04\x00\x00\x00\x01")
_GPS: Final = 0x8825


class Unfit(Exception):
    """What a file holds that it may not; the reason is a word that is stable."""

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


def inspect_image(data: bytes, media_type: str) -> None:
    """Pass if this is such an image and nothing else, else raise Unfit."""
    walk = {"image/jpeg": _walk_jpeg, "image/png": _walk_png, "image/webp": _walk_webp}
    try:
        for aside in walk[media_type](data):
            if any(pointer in aside for pointer in _GPS_POINTERS):
                raise Unfit("location")
        _decode(data, FORMAT_BY_TYPE[media_type])
    except (struct.error, IndexError, zlib.error):
        raise Unfit("broken") from None


def _decode(data: bytes, format_: str) -> None:
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    try:
        with Image.open(io.BytesIO(data), formats=[format_]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Unfit("too-many-pixels")
            if getattr(image, "n_frames", 1) != 1:
                raise Unfit("moving")
            if image.getexif().get_ifd(_GPS):
                raise Unfit("location")
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("too-many-pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, TypeError, KeyError):
        raise Unfit("broken") from None


def _walk_jpeg(data: bytes) -> Iterator[bytes]:
    """Step from segment to segment up to the end of the image, which must be that of the file."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise Unfit("another-type")
    place = 2
    while (marker := data[place + 1]) != _JPEG_END:
        if data[place] != _JPEG_LEAD:
            raise Unfit("broken")
        if marker == _JPEG_LEAD:  # a fill byte
            place += 1
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker in _JPEG_ASIDE:
            yield _known_segment(marker, data[place + 4 : place + 2 + length])
        place += 2 + length
        if marker == _JPEG_PIXELS:  # up to the next marker
            found = _JPEG_MARKER.search(data, place)
            if found is None:
                raise Unfit("broken")
            place = found.start()
    if data[place] != _JPEG_LEAD:
        raise Unfit("broken")
    if place + 2 != len(data):
        raise Unfit("trailing-bytes")


def _known_segment(marker: int, segment: bytes) -> bytes:
    """Give what stands beside the pixels, if it is of a kind that pictures have."""
    known = _JPEG_KNOWN.get(marker)
    if known is None or not segment.startswith(known):
        raise Unfit("hidden-data")
    return segment


def _walk_png(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Unfit("another-type")
    place, pixels, name = 8, zlib.decompressobj(), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        chunk = data[place + 8 : place + 8 + length]
        (crc,) = struct.unpack_from(">I", data, place + 8 + length)
        if name not in _PNG_KNOWN:
            raise Unfit("moving" if name == b"acTL" else "hidden-data")
        if crc != zlib.crc32(chunk, zlib.crc32(name)):
            raise Unfit("broken")
        if name == b"eXIf":
            yield chunk
        if name == b"IDAT":
            _inflate_away(pixels, chunk)
        if name == b"IEND" and chunk:
            raise Unfit("hidden-data")
        place += 12 + length
    if place != len(data):
        raise Unfit("trailing-bytes")


def _inflate_away(pixels: "zlib._Decompress", chunk: bytes) -> None:
    """Follow the pixels to see that nothing stands behind them within their chunks."""
    if pixels.eof:
        raise Unfit("trailing-bytes")
    while chunk:
        pixels.decompress(chunk, INFLATED_BYTES_AT_ONCE)
        chunk = pixels.unconsumed_tail
    if pixels.unused_data:
        raise Unfit("trailing-bytes")


def _walk_webp(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Unfit("another-type")
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 != len(data):
        raise Unfit("trailing-bytes")
    place = 12
    while place < len(data):
        name, length = struct.unpack_from("<4sI", data, place)
        if name not in _WEBP_KNOWN:
            raise Unfit("moving" if name in (b"ANIM", b"ANMF") else "hidden-data")
        chunk = data[place + 8 : place + 8 + length]
        if len(chunk) != length:
            raise Unfit("broken")
        if name == b"EXIF":
            yield chunk
        place += 8 + length + length % 2
    if place != len(data):
        raise Unfit("broken")

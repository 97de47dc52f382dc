"""What is taken as an image or a document, and what is refused: polyglots, bombs, places."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.attachments.documents import inspect_pdf
from server.attachments.images import PIXELS_MAX, Unfit
from server.attachments.inspection import find_fault, inspect
from tests.support.tus import photo_of

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
PHOTOS = {JPEG: photo_of(), PNG: photo_of(format_="PNG"), WEBP: photo_of(format_="WEBP")}


def image(format_: str, size: tuple[int, int] = (8, 8), **how: object) -> bytes:
    """Write a small picture."""
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, format_, **how)
    return written.getvalue()


def exif(*, gps: bool) -> bytes:
    """Write EXIF with the way up, and a place if asked for."""
    made = Image.Exif()
    made[0x0112] = 6
    if gps:
        made.get_ifd(0x8825).update({1: "N", 2: (20.0, 43.0, 1.0), 3: "E", 4: (105.0, 44.0, 1.0)})
    return made.tobytes()


def archive() -> bytes:
    """Write a ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("evil.html", "<b>hello</b>")
    return written.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """Write a chunk of PNG."""
    crc = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    """Write a PNG by hand."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """Write a document of one empty page, with further objects."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    body += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    body += b"\n".join(objects)
    return body + b"\nxref\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n" + tail


def stream(content: bytes, told: bytes = b"") -> bytes:
    """Write a packed stream of a document."""
    packed = zlib.compress(content)
    head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(packed), told)
    return b"9 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj"


JPEG_COMMENT = b"\xff\xfe\x00\x0a<b>hello"
PIXELS = zlib.compress(bytes(9 * 8))

FIT = {
    **{f"a photo as {name}": (name, photo) for name, photo in PHOTOS.items()},
    "a progressive photo": (JPEG, image("JPEG", progressive=True)),
    "a photo that says its way up": (JPEG, image("JPEG", exif=exif(gps=False))),
    "a photo with a profile": (JPEG, image("JPEG", icc_profile=b"profile" * 20)),
    "a lossless WebP": (WEBP, image("WEBP", lossless=True)),
    "a PNG by hand": (PNG, png(8, 8, PIXELS)),
    "a document": (PDF, pdf()),
    "a document with packed objects": (PDF, pdf(stream(b"<< /A /B >>", b"/Type /ObjStm"))),
    "a scan as a document": (PDF, pdf(stream(b"/JS pixels", b"/Subtype /Image"))),
}

UNFIT = {
    # Types that are not what they say, and what is not taken at all.
    "a PNG that says JPEG": (JPEG, PHOTOS[PNG], "another-type"),
    "a JPEG that says PDF": (PDF, PHOTOS[JPEG], "another-type"),
    "a GIF": (PNG, image("GIF"), "another-type"),
    "an SVG": (PNG, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "polyglot"),
    "a page": (JPEG, b"<!DOCTYPE html><script>alert(1)</script>", "polyglot"),
    "nothing": (JPEG, b"", "another-type"),
    # Bytes behind, before and within.
    **{
        f"{name} with a tail": (name, photo + b"\0", "trailing-bytes")
        for name, photo in PHOTOS.items()
    },
    **{
        f"{name} with an archive": (name, photo + archive(), "polyglot")
        for name, photo in PHOTOS.items()
    },
    "a document with an archive": (PDF, pdf(tail=archive()), "polyglot"),
    "a photo within a photo": (JPEG, PHOTOS[JPEG] + PHOTOS[JPEG], "trailing-bytes"),
    "a script in a comment": (
        JPEG,
        PHOTOS[JPEG][:2] + JPEG_COMMENT + PHOTOS[JPEG][2:],
        "hidden-data",
    ),
    "a script in a text": (PNG, png(8, 8, PIXELS, chunk(b"tEXt", b"a\0b")), "hidden-data"),
    "a chunk of its own": (PNG, png(8, 8, PIXELS, chunk(b"loCo", b"anything")), "hidden-data"),
    "bytes behind the pixels": (PNG, png(8, 8, PIXELS + b"hidden"), "trailing-bytes"),
    "a wrong checksum": (PNG, png(8, 8, PIXELS).replace(b"IDAT", b"IDAU"), "hidden-data"),
    "markup in the pixels": (PNG, png(8, 8, zlib.compress(b"<script>", 0)), "polyglot"),
    "a page in a profile": (JPEG, image("JPEG", icc_profile=b"<html>hello</html>"), "polyglot"),
    "a document in a profile": (JPEG, image("JPEG", icc_profile=b"%PDF-1.7 hello"), "polyglot"),
    "a document behind a page": (PDF, b"<html>" + pdf(), "another-type"),
    "a document with a tail": (PDF, pdf(tail=b"<b>hello</b>"), "trailing-bytes"),
    # Broken ones.
    **{f"half a {name}": (name, photo[: len(photo) // 2], None) for name, photo in PHOTOS.items()},
    "a length that lies": (JPEG, PHOTOS[JPEG][:4] + b"\xff\xff" + PHOTOS[JPEG][6:], None),
    # What moves.
    "a moving WebP": (
        WEBP,
        image("WEBP", save_all=True, append_images=[Image.new("RGB", (8, 8))]),
        "moving",
    ),
    "a moving PNG": (
        PNG,
        image("PNG", save_all=True, append_images=[Image.new("RGB", (8, 8))]),
        "moving",
    ),
    # Places.
    "a place in a JPEG": (JPEG, image("JPEG", exif=exif(gps=True)), "location"),
    "a place in a PNG": (PNG, image("PNG", exif=exif(gps=True)), "location"),
    "a place in a WebP": (WEBP, image("WEBP", exif=exif(gps=True)), "location"),
    "a place in XMP": (
        WEBP,
        image("WEBP", xmp=b"<x:xmpmeta exif:GPSLatitude='20'/>"),
        "hidden-data",
    ),
    # Bombs.
    "a PNG bomb": (PNG, png(40_000, 40_000, zlib.compress(bytes(10_000_000))), "too-many-pixels"),
    "one pixel too many": (PNG, png(PIXELS_MAX + 1, 1, PIXELS), "too-many-pixels"),
    # Documents that do something.
    "JavaScript": (
        PDF,
        pdf(b"4 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj"),
        "script",
    ),
    "JavaScript spelled": (PDF, pdf(b"4 0 obj << /S /J#61vaScr#69pt >> endobj"), "script"),
    "JavaScript by its short name": (PDF, pdf(b"4 0 obj << /JS 5 0 R >> endobj"), "script"),
    "JavaScript packed": (
        PDF,
        pdf(stream(b"<< /S /JavaScript /JS (x) >>", b"/Type /ObjStm")),
        "script",
    ),
    "JavaScript packed twice": (
        PDF,
        pdf(
            stream(b"<<>>", b"/Type /ObjStm").replace(b"/FlateDecode", b"[/FlateDecode /LZWDecode]")
        ),
        "unreadable",
    ),
    "packed and spelled anew": (
        PDF,
        pdf(stream(b"<<>>", b"/Type /O#62jStm /DecodeParms << /Predictor 12 >>")),
        "unreadable",
    ),
    "packed far from its name": (
        PDF,
        pdf(stream(b"<<>>", b"/Type /ObjStm " + b" " * 2_000)),
        "unreadable",
    ),
    "a program to start": (PDF, pdf(b"4 0 obj << /S /Launch /F (calc.exe) >> endobj"), "script"),
    "a file within": (PDF, pdf(b"4 0 obj << /Type /EmbeddedFile >> endobj"), "script"),
    "a form that runs": (PDF, pdf(b"4 0 obj << /XFA [5 0 R] >> endobj"), "script"),
    "an encrypted document": (PDF, pdf(b"trailer << /Encrypt 5 0 R >>"), "encrypted"),
    "a packed bomb": (
        PDF,
        pdf(stream(bytes(70_000_000), b"/Type /ObjStm")),
        "unreadable",
    ),
}


@pytest.mark.parametrize("what", FIT)
def test_it_is_taken(what: str) -> None:
    media_type, data = FIT[what]

    inspect(data, media_type)


@pytest.mark.parametrize("what", UNFIT)
def test_it_is_refused(what: str) -> None:
    media_type, data, reason = UNFIT[what]

    with pytest.raises(Unfit) as refused:
        inspect(data, media_type)

    assert reason is None or refused.value.reason == reason


def test_any_cut_is_seen() -> None:
    for media_type, photo in PHOTOS.items():
        for end in range(0, len(photo) - 1, max(1, len(photo) // 30)):
            with pytest.raises(Unfit):
                inspect(photo[:end], media_type)


def test_the_process_beside_says_the_same(tmp_path: Path) -> None:
    for what in ("a photo as image/webp", "a document"):
        media_type, data = FIT[what]
        assert find_fault(_file(tmp_path, data), media_type) is None
    for what in ("a PNG bomb", "JavaScript", "a place in a JPEG"):
        media_type, data, reason = UNFIT[what]
        assert find_fault(_file(tmp_path, data), media_type) == reason


def test_a_decoder_that_wants_too_much_takes_nobody_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """THREAT-14: whatever happens in that process, it is a refusal here."""
    program = "import sys; sys.stdout.write('fit'); sys.stdout.flush(); "
    for end in ("sys.exit(3)", "import os; os.kill(os.getpid(), 9)", "raise MemoryError"):
        monkeypatch.setattr("server.attachments.inspection._PROGRAM", program + end)
        assert find_fault(_file(tmp_path, b"x"), JPEG) == "too-heavy"
    heavy = (
        "import sys; sys.path.insert(0, sys.argv[1]); import server.attachments.inspection as i;"
    )
    heavy += "i._limit(i.resource.RLIMIT_AS, i.MEMORY_BYTES_MAX); bytearray(2 * i.MEMORY_BYTES_MAX)"
    monkeypatch.setattr("server.attachments.inspection._PROGRAM", heavy)
    assert find_fault(_file(tmp_path, b"x"), JPEG) == "too-heavy"


def test_the_process_beside_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUUDONG_SECRET", "a secret that no decoder should see")
    program = (
        "import os, sys; sys.stdout.write('none' if 'LUUDONG_SECRET' in os.environ else 'fit')"
    )
    monkeypatch.setattr("server.attachments.inspection._PROGRAM", program)

    assert find_fault(_file(tmp_path, b"x"), JPEG) is None


def test_pixels_never_look_like_a_script() -> None:
    """A scan of some megabytes holds every three letters somewhere."""
    noise = bytes(i * 7919 >> 3 & 0xFF for i in range(300_000)) + b" /JS /AA /XFA "
    plain = b"9 0 obj\n<< /Length 9 >>\nstream\n" + noise + b"\nendstream\nendobj"

    inspect_pdf(pdf(plain))


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path

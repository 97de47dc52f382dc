"""Looks into a file that somebody sent, in a process of its own with little memory and time.

A decoder that is tricked into a bomb, a loop or worse takes that process down and nothing else. It
is given no environment, so there is no secret in it.
"""

import os
import re
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

MEMORY_BYTES_MAX: Final = 1024 * 1024 * 1024
CPU_SECONDS_MAX: Final = 20
SECONDS_MAX: Final = 60

TOO_HEAVY: Final = "too-heavy"
"""The reason where the process did not come to an end of its own."""

_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from server.attachments.inspection import main; main(*sys.argv[2:])"
)
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_REASON: Final = re.compile(r"[a-z-]{2,40}")

# What a browser could be made to run; long enough to stand in no picture by chance.
_MARKUP: Final = re.compile(rb"<(script|!doctype|iframe)", re.IGNORECASE)
_MARKUP_AT_HEAD: Final = re.compile(rb"<(html|svg|body|\?php|\?xml)|%PDF-", re.IGNORECASE)
_HEAD_BYTES: Final = 4096
_ARCHIVE_END: Final = b"PK\x05\x06"
_ARCHIVE_END_BYTES: Final = 22


def find_fault(path: Path, media_type: str) -> str | None:
    """Say in a word why this file is not taken; nothing if it is. It takes a while."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    root = Path(__file__).parents[2]
    command = [sys.executable, "-I", "-c", _PROGRAM, str(root), str(path), media_type]
    try:
        ran = subprocess.run(  # noqa: S603 -- our own program, on a path that we chose
            command, env=environment, capture_output=True, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        return TOO_HEAVY
    said = ran.stdout.decode("ascii", "replace").strip()
    if ran.returncode == 0 and said == "fit":
        return None
    return said if ran.returncode == 0 and _REASON.fullmatch(said) else TOO_HEAVY


def main(path: str, media_type: str) -> None:
    """Inspect one file within the limits, and say the outcome; what runs in that process."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES_MAX)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS_MAX)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    # The decoders are loaded under the limits too.
    from server.attachments.images import Unfit  # noqa: PLC0415

    try:
        inspect(Path(path).read_bytes(), media_type)
    except Unfit as unfit:
        sys.stdout.write(unfit.reason)
    except MemoryError:
        sys.stdout.write(TOO_HEAVY)
    else:
        sys.stdout.write("fit")


def inspect(data: bytes, media_type: str) -> None:
    """Pass if the bytes are what they are said to be, else raise Unfit with a reason."""
    from server.attachments.documents import inspect_pdf  # noqa: PLC0415 -- as above
    from server.attachments.images import Unfit, inspect_image  # noqa: PLC0415

    is_pdf = media_type == "application/pdf"
    head = data[5 if is_pdf else 0 : _HEAD_BYTES]
    if _MARKUP.search(data) or (_MARKUP_AT_HEAD.search(head) and not is_pdf) or is_archive(data):
        raise Unfit("polyglot")
    if is_pdf:
        inspect_pdf(data)
    else:
        inspect_image(data, media_type)


def is_archive(data: bytes) -> bool:
    """Tell whether a reader of ZIP archives would find one: they look from the end."""
    first = max(0, len(data) - 65_535 - _ARCHIVE_END_BYTES)
    place = data.rfind(_ARCHIVE_END, first)
    while place >= 0:
        size = int.from_bytes(data[place + 12 : place + 16], "little")
        directory = data[place - size : place] if size else b"PK\x01\x02"
        if directory.startswith(b"PK\x01\x02"):
            return True
        place = data.rfind(_ARCHIVE_END, first, place)
    return False


def _limit(kind: int, most: int) -> None:
    # Some systems refuse some of them; the time limit of the caller always holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))

"""What a phone loads before anybody can work: measured on the built app (UX-90)."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.stories.office import REPOSITORY

BUILT: Final = REPOSITORY / "pwa" / "dist" / "app"

SCRIPT_BYTES_MAX: Final = 150_000
"""Of the first load, packed: some three seconds on a line of 400 kbit/s."""

SHELL_BYTES_MAX: Final = 600_000
"""Page, styles, letters and script that open the first screen, as they travel."""


def test_the_first_load_is_light() -> None:
    page = (BUILT / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="/app/([^"]+\.(?:js|css))"', page)
    scripts = [BUILT / name for name in named if name.endswith(".js")]
    styles = [BUILT / name for name in named if name.endswith(".css")]
    letters = BUILT.rglob("*.woff2")

    assert scripts
    assert packed(scripts) <= SCRIPT_BYTES_MAX
    first = [BUILT / "index.html", *scripts, *styles]
    assert packed(first) + sum(path.stat().st_size for path in letters) <= SHELL_BYTES_MAX


def packed(paths: Iterable[Path]) -> int:
    """Count the bytes of files as a server sends them."""
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)

"""A newer version of the app at the same office: whatever it was built from has another name.

The program is the same (links lead to it); only the built app beside it is a copy in which every
script and style has another name, and so every file that says one has changed. As after a real
build, nothing that only the older version knows is to be had from the office any more.
"""

import re
from pathlib import Path
from typing import Final

from tests.stories.office import REPOSITORY

_DIGEST: Final = re.compile(r"(?<=[\"'`])[0-9a-f]{16}(?=[\"'`])")
_READ: Final = {".js", ".css", ".html", ".webmanifest"}


def rebuild_app(folder: Path) -> Path:
    """Lay an office's program with a newer app into a folder; answers the folder."""
    (folder / "pwa").mkdir(parents=True)
    for part in (*REPOSITORY.iterdir(), *(REPOSITORY / "pwa").iterdir()):
        if part.name not in {"pwa", "dist", ".git"}:
            (folder / part.relative_to(REPOSITORY)).symlink_to(part)
    built = REPOSITORY / "pwa" / "dist"
    assets = (built / "app" / "assets").iterdir()
    # The code reader is none of ours: builds differ, and it stays the same file.
    names = {path.name: _newer(path.name) for path in assets if path.suffix != ".wasm"}
    # The longest first: a name may end as another does.
    ordered = sorted(names, key=len, reverse=True)
    for path in (path for path in built.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix in _READ and (built / "app") in path.parents:
            for name in ordered:
                content = content.replace(name.encode(), names[name].encode())
        placed = folder / "pwa" / "dist" / path.relative_to(built)
        placed.parent.mkdir(parents=True, exist_ok=True)
        placed.with_name(names.get(path.name, path.name)).write_bytes(content)
    _name_anew(folder / "pwa" / "dist" / "app" / "sw.js")
    return folder


def _newer(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-newer{dot}{ending}"


def _name_anew(worker: Path) -> None:
    """Give the build another digest, as its changed files would."""
    script, found = _DIGEST.subn(lambda digest: digest[0][::-1], worker.read_text("utf-8"))
    assert found == 1, "the worker names its build once"
    worker.write_text(script, "utf-8")

"""The built files of the field app and the desk, served from memory with ETags.

Only what was there at the start is ever served, by its exact name: no path is resolved.
"""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

AnyRequest = Request[Any, Any, State]

DIST: Final = Path(__file__).parents[1] / "pwa" / "dist"

_PACKED_TYPES: Final = (
    *("text/", "application/javascript", "application/json"),
    *("application/wasm", "image/svg"),
)

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True)
class BuiltFile:
    """One file, plain and, where that helps, packed by gzip."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    is_lasting: bool


def read_built(folder: Path) -> Mapping[str, BuiltFile]:
    """Read every file of a folder by its path within; nothing if it was not built."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _read(path, folder) for path in files}


def app_handlers(folder: Path = DIST / "app") -> list[HTTPRouteHandler]:
    """Serve the field app below `/app/`; a path that is no file is the app's own business."""
    files = read_built(folder)

    @get("/app")
    async def app(request: AnyRequest) -> Response[bytes]:
        # The router takes both for one address, but the service worker's scope is `/app/`.
        if not request.scope["raw_path"].endswith(b"/"):
            return Response(b"", status_code=308, headers={"Location": "/app/"})
        return _answer(request, _find_built(files, "index.html"))

    @get("/app/{path:path}")
    async def app_file(request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
        name = path.strip("/")
        known = name in files or "." in name
        return _answer(request, _find_built(files, name if known else "index.html"))

    @post("/app/share", status_code=303)
    async def share() -> Response[bytes]:
        # What is shared into the app is for its worker alone, who seals it. Where none answers,
        # nothing of it is read here, and the app says that nothing came.
        return Response(b"", headers={"Location": "/app/#/shared?kept=0&not=unread"})

    return [app, app_file, share]


def desk_handlers(folder: Path = DIST / "desk") -> list[HTTPRouteHandler]:
    """Serve script and style of the desk below `/desk/assets/`."""
    files = read_built(folder)

    @get("/desk/assets/{path:path}")
    async def assets(request: AnyRequest, path: FromPath[str]) -> Response[bytes]:
        return _answer(request, files.get(path.strip("/")))

    return [assets]


def _find_built(files: Mapping[str, BuiltFile], name: str) -> BuiltFile | None:
    if not files:
        raise ServiceUnavailableException(detail="the field app is not built: make build")
    return files.get(name)


def _answer(request: AnyRequest, found: BuiltFile | None) -> Response[bytes]:
    if found is None:
        raise NotFoundException
    headers = {
        "ETag": found.etag,
        "Vary": "Accept-Encoding",
        # Names in `assets/` carry a digest; everything else must be asked for again.
        "Cache-Control": "public, max-age=31536000, immutable" if found.is_lasting else "no-cache",
    }
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if found.etag in known or f"W/{found.etag}" in known:
        return Response(b"", status_code=304, headers=headers)
    content = found.content
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = found.packed
    return Response(content, media_type=found.media_type, headers=headers)


def _read(path: Path, folder: Path) -> BuiltFile:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    within = path.relative_to(folder).as_posix()
    return BuiltFile(
        content,
        # Once, at the start, and as small as it goes: a new phone fetches all of it over its link.
        gzip.compress(content, mtime=0) if media_type.startswith(_PACKED_TYPES) else None,
        media_type,
        f'"{sha256(content).hexdigest()[:32]}"',
        folder.name == "app" and within.startswith("assets/"),
    )

"""The real office at the door of the attachments: its own routes, files and turns.

1. What waits for disk or decoder waits at a gate of the world's, so the office may die there.
2. What is replaced has tests of its own: the process that looks into a file, the stream that gives
   one out, and how long an upload is kept.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

import sqlalchemy as sa
from litestar import Response

from server.attachments import api, carried, expiration, reading, reception, turns
from server.attachments.expiration import sweep
from server.attachments.rules import AttachmentName
from server.attachments.staging import Staging
from server.attachments.tables import held_attachments
from server.backups.manifest import ATTACHMENTS
from server.exchange import bundled_attachments
from server.settings import Settings
from tests.sim.papers.door import (
    EXPIRES_MS,
    UNFIT,
    DoorAnswer,
    DoorRequest,
    PaperName,
    PapersHeld,
)
from tests.sim.served.door import knock
from tests.sim.served.stepping import Call, TurnLock

if TYPE_CHECKING:
    from tests.sim.served.office import ServedOffice

WAITING = (reception, api, reading, expiration, bundled_attachments)


class Turn(turns._Turn):
    """A turn at an upload, for which the world knows who waits."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = TurnLock()


class ServedPapers:
    """See `PaperOffice` for what its deeds mean."""

    def __init__(self, office: "ServedOffice") -> None:
        self._office = office
        self._calls: dict[int, Call[DoorAnswer]] = {}
        self._begun = 0
        # Then a restore must come to its end: nobody opens an office without its files.
        self.is_burnt = False

    def open(self) -> None:
        """Every answer has a token anyway."""

    def begin(self, asked: DoorRequest) -> int:
        self._begun += 1
        self._calls[self._begun] = self._office.begin(lambda app: knock(app, asked))
        return self._begun

    def go_on(self, ticket: int, _now: int) -> DoorAnswer | None:
        call = self._calls[ticket]
        if not call.is_over:
            self._office.step(call)
        if not call.is_over:
            return None
        del self._calls[ticket]
        answer = call.task.result()
        self._office.require_no_mistake(answer.status)
        return answer

    def forget(self) -> list[Call[DoorAnswer]]:
        """Give up whoever is under way; names them."""
        left, self._calls = list(self._calls.values()), {}
        return left

    def sweep(self, now: int) -> None:
        database = self._office.office.database
        self._office.carry_out(sweep(database, self._staging, now, EXPIRES_MS))

    @property
    def _staging(self) -> Staging:
        return Staging(self._office.folder.settings.uploads_folder)

    def burn(self) -> None:
        self.is_burnt = True
        for folder in (ATTACHMENTS, "uploads"):
            shutil.rmtree(self._office.folder.data / folder, ignore_errors=True)

    def dump(self) -> PapersHeld:
        rows = self._office.run(lambda c: c.execute(sa.select(held_attachments)).all())
        storage = self._office.office.storage
        held = {}
        for row in rows:
            name = AttachmentName(UUID(bytes=row.record), row.digest)
            is_here = storage.size(name) is not None
            held[PaperName(row.record, row.digest)] = (
                b"".join(storage.read(name)) if is_here else b""
            )
        data = self._office.folder.data
        files = [*_files(data / ATTACHMENTS), *_files(data / "uploads")]
        return PapersHeld(held, [path.read_bytes() for path in files])


@contextmanager
def papers_held(office: "ServedOffice", now: Callable[[], int]) -> Iterator[None]:
    """Let the world hold what papers wait for, and tell the time of their files."""
    write = Staging.write

    def write_now(self: Staging, upload: str, offset: int, piece: bytes) -> None:
        write(self, upload, offset, piece)
        moment = now() * 1_000_000
        os.utime(self.path(upload), ns=(moment, moment))

    with ExitStack() as held:
        for module in WAITING:
            held.enter_context(patch.object(module, "aside", office.aside))
        for module in (reception, carried):
            held.enter_context(patch.object(module, "find_fault", find_fault))
        held.enter_context(patch.object(reading, "Stream", at_once))
        held.enter_context(patch.object(turns, "_Turn", Turn))
        held.enter_context(patch.object(Staging, "write", write_now))
        held.enter_context(patch.object(Settings, "upload_ms", EXPIRES_MS))
        yield


def find_fault(path: Path, _media_type: str) -> str | None:
    """Say what the process that looks into files would: here, by how they begin."""
    return "unfit" if path.read_bytes().startswith(UNFIT) else None


def at_once(pieces: Iterator[bytes], **given: Any) -> Response[bytes]:
    """Answer with a file in one piece: a stream would be read by threads."""
    return Response(b"".join(pieces), **given)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())

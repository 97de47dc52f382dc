"""The simulated office at the door of the attachments, beside `tests.sim.office`.

1. An offset moves only after the bytes before it are on the disk, and only from where it was.
2. It reaches the length only in the transaction that links the paper to its record, after the hash
   of the whole and its content were found right.
3. Files lie beside the database: neither goes back or forward with the other.
"""

from base64 import b64decode
from collections.abc import Callable, Generator, Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sync.bundle import CarriedAttachment
from sync.exchange import ExchangeRequest
from tests.sim.disk import Disk
from tests.sim.office_tables import Tables
from tests.sim.papers.door import (
    BAD_TOKEN,
    CLIENT_GONE,
    CREATED,
    DOOR,
    EXPIRES_MS,
    GONE,
    MISMATCH,
    NO_CONTENT,
    OK,
    REFUSED_CONTENT,
    UNFIT,
    UNKNOWN,
    WRONG_HASH,
    DoorAnswer,
    DoorRequest,
    PaperName,
    PapersHeld,
)
from tests.sim.papers.naming import Naming, names_in
from tests.sim.registry import Registry, SeatFacts

Steps = Generator[None, int, DoorAnswer]

OURS = {"tus-resumable": "1.0.0"}
HANDS_IN = 0
TOKEN_MS = 3_600_000


class Upload(NamedTuple):
    """How far an upload is; the database's word for it."""

    name: PaperName
    device: int
    length: int
    offset: int
    expires_at: int


class Staged(NamedTuple):
    """The file of an upload, and when it was last written to."""

    data: bytes
    at: int


class NotTaken(Exception):
    """Ends a request with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Reception:
    """See `PaperOffice` for what its deeds mean."""

    def __init__(
        self, tables: Callable[[], Tables], registry: Registry, note: Callable[[str], None]
    ) -> None:
        self._tables, self.registry, self.note = tables, registry, note
        self.naming = Naming(tables, registry)
        self.gives_tokens = False
        self.files = Disk()
        self._backup: dict[PaperName, bytes] = {}
        self._steps: dict[int, Steps] = {}
        self._busy: set[str] = set()
        self._begun = 0

    # Its tables in the office's database, and its files.

    @property
    def _held(self) -> dict[PaperName, int]:
        return self._tables().disk.table("papers")

    @property
    def _uploads(self) -> dict[str, Upload]:
        return self._tables().disk.table("uploads")

    @property
    def whole(self) -> dict[PaperName, bytes]:
        """Give the files of whole papers."""
        return self.files.table("whole")

    @property
    def staged(self) -> dict[str, Staged]:
        """Give the files of uploads."""
        return self.files.table("staged")

    # What befalls it with its office.

    def crash(self, keep: Callable[[int], int]) -> None:
        """Let everything under way end where it stands."""
        self.files.crash(keep)
        self._steps.clear()
        self._busy.clear()

    def back_up(self) -> None:
        """Copy the files, after the database."""
        self._backup = dict(self.whole)

    def restore(self) -> None:
        """Put back what is missing; what is there is left alone."""
        self.crash(lambda count: count)
        for name, data in self._backup.items():
            if name not in self.whole:
                self._put_file("whole", name, data)

    def burn(self) -> None:
        for name in list(self.whole):
            self._drop_file("whole", name)
        for upload in list(self.staged):
            self._drop_file("staged", upload)

    def erase(self) -> None:
        """Let go of what changes named whose bodies were erased by law."""
        for row in list(self._tables().changes.values()):
            if row.change.is_erased:
                for name in names_in(row.change):
                    self._forget(name)

    def _forget(self, name: PaperName) -> None:
        disk = self._tables().disk
        disk.drop("papers", name)
        for upload in [key for key, one in self._uploads.items() if one.name == name]:
            disk.drop("uploads", upload)
            self._drop_file("staged", upload)
        disk.commit(strict=True)
        self._drop_file("whole", name)

    # The door.

    def token(self, request: ExchangeRequest, now: int, *, reads: bool) -> str | None:
        """Give the token that goes with an answer; `reads`: to a seat, else to hand in with."""
        if not self.gives_tokens:
            return None
        return f"{request.device}.{request.seat if reads else HANDS_IN}.{now + TOKEN_MS}"

    def open(self) -> None:
        self.gives_tokens = True

    def begin(self, asked: DoorRequest) -> int:
        self._begun += 1
        self._steps[self._begun] = self._answer(asked)
        next(self._steps[self._begun])
        return self._begun

    def go_on(self, ticket: int, now: int) -> DoorAnswer | None:
        try:
            self._steps[ticket].send(now)
        except StopIteration as ended:
            del self._steps[ticket]
            answer: DoorAnswer = ended.value
            return answer
        return None

    def _answer(self, asked: DoorRequest) -> Steps:
        now = yield
        try:
            bearer = self._bearer(asked, now)
            if asked.method == "POST":
                return self._create(asked, bearer, now)
            if asked.method == "GET":
                return self._read(asked, bearer)
            upload = asked.address.removeprefix(DOOR)
            self._find(upload, bearer, now)
            while upload in self._busy:
                now = yield
            found = self._find(upload, bearer, now)
            if asked.method == "HEAD":
                told = {"upload-offset": str(found.offset), "upload-length": str(found.length)}
                return DoorAnswer(OK, {**OURS, **told})
            self._busy.add(upload)
            try:
                return (yield from self._receive(upload, found, asked, now))
            finally:
                self._busy.discard(upload)
        except NotTaken as refused:
            return DoorAnswer(refused.status, OURS)

    def _bearer(self, asked: DoorRequest, now: int) -> tuple[int, SeatFacts | None]:
        told = asked.headers["authorization"].removeprefix("Bearer ")
        device, seat, expires = map(int, told.split("."))
        facts = self.registry.seats.get(seat)
        is_revoked = self.registry.devices[device].is_revoked
        may = is_revoked if facts is None else not self.registry.is_revoked(seat)
        if not may or expires <= now:
            raise NotTaken(BAD_TOKEN)
        return device, facts

    def _create(
        self, asked: DoorRequest, bearer: tuple[int, SeatFacts | None], now: int
    ) -> DoorAnswer:
        device, facts = bearer
        name = _name_in(asked.headers["upload-metadata"])
        is_named = self.naming.is_named(name) if facts else self.naming.names(device, name)
        if not (is_named and self._may(bearer, name)):
            raise NotTaken(UNKNOWN)
        held = self._held.get(name)
        length = int(asked.headers["upload-length"]) if held is None else held
        upload = f"upload-{self._tables().disk.moves}-{self._begun}"
        row = Upload(name, device, length, held or 0, now + EXPIRES_MS)
        self._put_row("uploads", upload, row)
        told = {"location": DOOR + upload, "upload-offset": str(row.offset)}
        return DoorAnswer(CREATED, {**OURS, **told})

    def _may(self, bearer: tuple[int, SeatFacts | None], name: PaperName) -> bool:
        device, facts = bearer
        return (
            self.naming.names(device, name)
            if facts is None
            else self.naming.holds(facts, name.record)
        )

    def _find(self, upload: str, bearer: tuple[int, SeatFacts | None], now: int) -> Upload:
        found = self._uploads.get(upload)
        if found is None or found.device != bearer[0] or not self._may(bearer, found.name):
            raise NotTaken(UNKNOWN)
        if found.expires_at <= now:
            raise NotTaken(GONE)
        return found

    def _receive(self, upload: str, found: Upload, asked: DoorRequest, now: int) -> Steps:
        if int(asked.headers["upload-offset"]) != found.offset:
            raise NotTaken(MISMATCH)
        if asked.body:
            found = yield from self._keep(upload, found, asked.body, now)
        if asked.is_cut:
            raise NotTaken(CLIENT_GONE)
        return DoorAnswer(NO_CONTENT, {**OURS, "upload-offset": str(found.offset)})

    def _keep(
        self, upload: str, before: Upload, piece: bytes, now: int
    ) -> Generator[None, int, Upload]:
        """Write bytes where the upload ends, and move its end behind them."""
        data = self.staged[upload].data if upload in self.staged else b""
        if len(data) < before.offset:
            self._discard(upload)
            raise NotTaken(GONE)
        moved = before._replace(offset=before.offset + len(piece), expires_at=now + EXPIRES_MS)
        if moved.offset > moved.length:
            raise NotTaken(413)
        written = data[: before.offset] + piece + data[moved.offset :]
        self._write(upload, Staged(written, now))
        yield
        if moved.offset < moved.length:
            self._move(upload, before, moved)
            self._tables().disk.commit(strict=True)
            return moved
        self._require_fit(upload, moved)
        yield
        self._put_file("whole", moved.name, self.staged[upload].data[: moved.length])
        yield
        self._link(upload, before, moved)
        self._drop_file("staged", upload)
        return moved

    def _move(self, upload: str, before: Upload, moved: Upload) -> None:
        if self._uploads.get(upload) is None or self._uploads[upload].offset != before.offset:
            raise NotTaken(MISMATCH)
        self._tables().disk.put("uploads", upload, moved)

    def _link(self, upload: str, before: Upload, moved: Upload) -> None:
        self._move(upload, before, moved)
        if not self.naming.is_still_named(moved.name):
            # Erased meanwhile: whoever kept the bytes lets go of them again.
            self._tables().disk.rollback()
            self._drop_file("whole", moved.name)
            self._discard(upload)
            self.note("paper:erased-meanwhile")
            raise NotTaken(UNKNOWN)
        self._put_row("papers", moved.name, moved.length)

    def _require_fit(self, upload: str, whole: Upload) -> None:
        data = self.staged[upload].data[: whole.length]
        status = 0
        if sha256(data).digest() != whole.name.digest:
            status = WRONG_HASH
        elif data.startswith(UNFIT):
            status = REFUSED_CONTENT
        if status:
            self._discard(upload)
            raise NotTaken(status)

    def _read(self, asked: DoorRequest, bearer: tuple[int, SeatFacts | None]) -> DoorAnswer:
        record, digest = asked.address.removeprefix(DOOR).split("/")
        name = PaperName(UUID(record).bytes, bytes.fromhex(digest))
        facts = bearer[1]
        if facts is None or not self.naming.holds(facts, name.record):
            raise NotTaken(UNKNOWN)
        if name not in self._held or not self.naming.is_named(name):
            raise NotTaken(UNKNOWN)
        if name not in self.whole:
            self.note("paper:lost-file")
            self._tables().disk.drop("papers", name)
            self._tables().disk.commit(strict=True)
            raise NotTaken(UNKNOWN)
        return DoorAnswer(OK, OURS, self.whole[name])

    # What a bundle brings.

    def take_carried(self, device: int, carried: Iterable[CarriedAttachment]) -> str:
        """Take papers out of a bundle; gives why not all of them are held."""
        code = ""
        for came in carried:
            name = PaperName(came.record, sha256(came.data).digest())
            if not self.naming.names(device, name):
                code = code or "gap"
            elif came.data.startswith(UNFIT):
                code = code or "refused-content"
            elif name not in self._held:
                self._put_file("whole", name, came.data)
                self._put_row("papers", name, len(came.data))
                self.note("paper:carried")
        return code

    # Sweeping, and what is seen of it.

    def sweep(self, now: int) -> None:
        disk = self._tables().disk
        for upload in [key for key, one in self._uploads.items() if one.expires_at <= now]:
            self.note("paper:swept")
            disk.drop("uploads", upload)
        disk.commit(strict=True)
        for upload in [key for key, one in self.staged.items() if self._is_stray(key, one, now)]:
            self._drop_file("staged", upload)

    def _is_stray(self, upload: str, file: Staged, now: int) -> bool:
        # One that is younger may have its row in a moment.
        return upload not in self._uploads and file.at < now - EXPIRES_MS

    def dump(self) -> PapersHeld:
        files = [*self.whole.values(), *(one.data for one in self.staged.values())]
        return PapersHeld({name: self.whole.get(name, b"") for name in self._held}, files)

    def _discard(self, upload: str) -> None:
        self._tables().disk.drop("uploads", upload)
        self._tables().disk.commit(strict=True)
        self._drop_file("staged", upload)

    def _put_row(self, table: str, key: object, row: object) -> None:
        self._tables().disk.put(table, key, row)
        self._tables().disk.commit(strict=True)

    def _write(self, upload: str, file: Staged) -> None:
        self._put_file("staged", upload, file)

    def _put_file(self, table: str, key: PaperName | str, content: object) -> None:
        self.files.put(table, key, content)
        self.files.commit(strict=True)

    def _drop_file(self, table: str, key: PaperName | str) -> None:
        self.files.drop(table, key)
        self.files.commit(strict=True)


def _name_in(metadata: str) -> PaperName:
    told = dict(pair.split(" ") for pair in metadata.split(","))
    record = UUID(b64decode(told["record"]).decode()).bytes
    return PaperName(record, bytes.fromhex(b64decode(told["digest"]).decode()))

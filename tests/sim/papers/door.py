"""What is said at the door of the attachments, and who stands there: tus 1.0 as plain values.

Level A answers it with a model (`reception.py`), level B with the real application.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from tests.sim.phone import Paper

# How long an upload that nobody goes on with is kept: short enough that it happens.
EXPIRES_MS: Final = 600_000
PIECE_BYTES: Final = 16
FIELD: Final = "attachments."
DOOR: Final = "/sync/attachments/"
# What the office does not want to have: it stands for all that an inspection finds.
UNFIT: Final = b"unfit"
TYPE: Final = "image/jpeg"

CREATED, OK, NO_CONTENT = 201, 200, 204
BAD_TOKEN, UNKNOWN, MISMATCH, GONE = 401, 404, 409, 410
REFUSED_CONTENT, WRONG_HASH, CLIENT_GONE = 415, 460, 499


class PaperName(NamedTuple):
    """Which paper of which dossier; the digest alone names nothing."""

    record: bytes
    digest: bytes

    @property
    def field(self) -> str:
        """Give the field of the record that names it."""
        return f"{FIELD}{self.digest.hex()}"

    @property
    def address(self) -> str:
        """Give where its bytes are read."""
        return f"{DOOR}{UUID(bytes=self.record)}/{self.digest.hex()}"

    @property
    def metadata(self) -> str:
        """Give what an upload says of it at its creation."""
        told = {"record": str(UUID(bytes=self.record)), "digest": self.digest.hex(), "type": TYPE}
        return ",".join(f"{key} {b64encode(text.encode()).decode()}" for key, text in told.items())


@dataclass(frozen=True, eq=False)
class DoorRequest:
    """A request. Cut: the line broke behind the last byte of its body that is here."""

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes = b""
    is_cut: bool = False


class DoorAnswer(NamedTuple):
    """An answer. Names of headers are in lower case; only the office's have `tus-resumable`."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_ours(self) -> bool:
        """Tell it from a portal's."""
        return "tus-resumable" in self.headers

    @property
    def offset(self) -> int | None:
        """Give how far the office's copy goes, where it says so."""
        told = self.headers.get("upload-offset")
        return int(told) if told is not None else None


@dataclass
class PapersHeld:
    """All that checks look at of papers in an office."""

    # What it says that it has, with the bytes that lie there.
    held: dict[PaperName, bytes] = field(default_factory=dict)
    # Bytes of every file, whole or begun.
    files: Sequence[bytes] = ()


class PaperSender(Protocol):
    """A phone at this door; all but what lies on its disk is forgotten in a crash."""

    @property
    def sends_by_itself(self) -> bool:
        """Tell whether it says by itself when it asks (`Papers.wants`), or is to be asked."""

    @property
    def token(self) -> str:
        """Give the newest key to the door that it was given; empty where there is none."""

    @property
    def reader(self) -> int:
        """Name the seat that the token speaks for; 0 where the phone itself hands in."""

    def ask(self) -> DoorRequest | None:
        """Give the next request; None where nothing can go, or one is on its way."""

    def sets_out(self, request: DoorRequest, /) -> None:
        """Be told that a request is on its way."""

    def take(self, request: DoorRequest, answer: DoorAnswer | None, /) -> Sequence[bytes]:
        """Take an answer, or None where none will come; give the envelopes that it then asks."""

    def give_up(self) -> None:
        """Wait no longer for what is on its way, and leave nothing for later."""

    def spoil(self, place: int, /) -> PaperName | None:
        """Let the disk turn a bit in one of the papers; name it."""

    def person_of(self, row: "Paper", /) -> int:
        """Give the seat that whoever took a paper has by now."""


class PaperOffice(Protocol):
    """The office at this door: a request is begun, and goes on step by step until its answer.

    A step may raise OfficeDied.
    """

    def open(self) -> None:
        """Be told that papers will come: phones are to be given tokens."""

    def begin(self, asked: DoorRequest) -> int:
        """Take a request in; give its ticket."""

    def go_on(self, ticket: int, now: int, /) -> DoorAnswer | None:
        """Take the next step with a request; its answer, if that was the last one."""

    def sweep(self, now: int, /) -> None:
        """Forget uploads that nobody goes on with, and bytes that belong to none."""

    def burn(self) -> None:
        """Lose all files: it is about to be restored from its backup."""

    def dump(self) -> PapersHeld:
        """Show everything, for checks."""


def request_of(
    method: str, address: str, token: str, headers: Mapping[str, str], body: bytes = b""
) -> DoorRequest:
    """Give a request as a client of tus makes it."""
    always = {"tus-resumable": "1.0.0", "authorization": f"Bearer {token}"}
    return DoorRequest(method, address, {**always, **headers}, body)

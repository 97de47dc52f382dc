"""What is true of attachments and of the tus 1.0 standard by which their bytes come.

Refusals, the reading of headers, and bounds. An answer never tells why something is not there:
unknown, foreign and forbidden are one refusal.
"""

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sync.limits import ATTACHMENT_BYTES_MAX, HASH_BYTES
from sync.refusals import Malformed, Refusal, TooLarge

TUS_VERSION: Final = "1.0.0"
TUS_EXTENSIONS: Final = "creation,termination,checksum,expiration"
PIECE_TYPE: Final = "application/offset+octet-stream"

ENDING_BY_TYPE: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}

ALGORITHMS: Final = ("sha256", "sha1")
"""For one piece on its way, against bad lines; what an attachment is goes by SHA-256 alone."""

METADATA_CHARACTERS_MAX: Final = 2_048

OPEN_UPLOADS_MAX: Final = 32
"""Unfinished uploads of one device: 800 MiB of our disk at the very most."""


class UnknownAttachment(Refusal):
    """Not named, not here, of a foreign record, or none of the asker's business."""

    code = "unknown-attachment"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("there is no such attachment")


class UnknownUpload(Refusal):
    """No upload of this address, for this device."""

    code = "unknown-upload"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("there is no such upload")


class ExpiredUpload(Refusal):
    """An upload that nobody went on with; begin a new one."""

    code = "expired-upload"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("this upload has expired")


class TooManyUploads(Refusal):
    """A device that begins and begins."""

    code = "too-many-requests"
    retry_after_seconds = 60

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__(f"at most {OPEN_UPLOADS_MAX} uploads may be unfinished")


class OffsetMismatch(Refusal):
    """A piece that does not begin where the upload ends; ask for the offset again."""

    code = "offset-mismatch"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("the upload ends elsewhere")


class WrongChecksum(Refusal):
    """Bytes that are not those whose hash was told: a piece's, or the whole attachment's."""

    code = "wrong-checksum"

    def __init__(self, what: str) -> None:
        """Build the sentence."""
        super().__init__(f"the hash of the {what} differs")


class UnsupportedVersion(Refusal):
    """A version of tus that is not spoken here."""

    code = "unsupported-version"

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__(f"this is tus {TUS_VERSION}")


class UnsupportedType(Refusal):
    """A kind of file that is not taken, or a piece that does not say that it is one."""

    code = "unsupported-type"


class RefusedContent(Refusal):
    """What the file holds is not what it may hold; sending it again changes nothing."""

    code = "refused-content"

    def __init__(self, reason: str) -> None:
        """Build the sentence."""
        super().__init__(f"the content is refused: {reason}")
        self.reason = reason


class StorageBusy(Refusal):
    """The disk is full, or the bucket cannot be reached; nothing that was taken is lost."""

    code = "busy"
    retry_after_seconds = 30

    def __init__(self) -> None:
        """Build the sentence."""
        super().__init__("the office cannot keep this now")


@dataclass(frozen=True, slots=True)
class AttachmentName:
    """Which attachment of which record; the digest alone names nothing."""

    record: UUID
    digest: bytes

    @property
    def hex(self) -> str:
        """Give the digest as it stands in fields and addresses."""
        return self.digest.hex()


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client wants to upload."""

    name: AttachmentName
    type: str
    length: int


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a client says of one piece."""

    algorithm: str
    digest: bytes

    def require(self, piece: bytes) -> None:
        """Pass if these are the bytes, else raise WrongChecksum."""
        if hashlib.new(self.algorithm, piece, usedforsecurity=False).digest() != self.digest:
            raise WrongChecksum("piece")


def read_creation(length: str | None, metadata: str | None) -> Announced:
    """Read `Upload-Length` and `Upload-Metadata`; raises Malformed, TooLarge, UnsupportedType."""
    size = read_number(length, "an Upload-Length")
    if size == 0:
        raise Malformed("an Upload-Length")
    if size > ATTACHMENT_BYTES_MAX:
        raise TooLarge("the attachment", size, ATTACHMENT_BYTES_MAX)
    told = _read_metadata(metadata or "")
    name = read_name(told.get("record", ""), told.get("digest", ""))
    type_ = told.get("type", "")
    if type_ not in ENDING_BY_TYPE:
        raise UnsupportedType(f"an attachment is one of {', '.join(ENDING_BY_TYPE)}")
    return Announced(name, type_, size)


def read_name(record: str, digest: str) -> AttachmentName:
    """Read the two halves of a name; raises Malformed."""
    try:
        name = AttachmentName(UUID(record), bytes.fromhex(digest))
    except ValueError:
        raise Malformed("the name of an attachment") from None
    # One way of writing, or one attachment would have many names.
    if len(name.digest) != HASH_BYTES or name.hex != digest or str(name.record) != record:
        raise Malformed("the name of an attachment")
    return name


def read_number(text: str | None, what: str) -> int:
    """Read a whole number of bytes; raises Malformed."""
    if text is None or not text.isdecimal() or not text.isascii() or len(text) > 15:  # noqa: PLR2004
        raise Malformed(what)
    return int(text)


def read_checksum(text: str | None) -> Checksum | None:
    """Read `Upload-Checksum`, if it is there; raises Malformed."""
    if text is None:
        return None
    algorithm, _, encoded = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed("an Upload-Checksum of a kind that is known here")
    return Checksum(algorithm, _decoded(encoded.strip(), "an Upload-Checksum"))


def _read_metadata(text: str) -> dict[str, str]:
    if len(text) > METADATA_CHARACTERS_MAX:
        raise Malformed("an Upload-Metadata")
    told: dict[str, str] = {}
    for pair in text.split(","):
        key, _, encoded = pair.strip().partition(" ")
        if key in told:
            raise Malformed("an Upload-Metadata")
        try:
            told[key] = _decoded(encoded.strip(), "an Upload-Metadata").decode()
        except UnicodeDecodeError:
            raise Malformed("an Upload-Metadata") from None
    return told


def _decoded(encoded: str, what: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except (NotBase64, ValueError):
        raise Malformed(what) from None

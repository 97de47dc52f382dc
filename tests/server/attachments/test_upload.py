"""tus 1.0 as its standard says it: creation, offsets, checksums, termination, expiration."""

import hashlib
import random
import string
from base64 import b64encode
from uuid import UUID

import pytest

from server.attachments.rules import read_number
from sync.limits import ATTACHMENT_BYTES_MAX, ATTACHMENT_PIECE_BYTES_MAX
from sync.refusals import Malformed
from tests.server.conftest import OpenOffice
from tests.support.tus import (
    DOOR,
    Uploader,
    attach,
    digest_of,
    metadata_of,
    photo_of,
    uploader,
)

PHOTO = photo_of()


@pytest.fixture
def journey(office: OpenOffice) -> tuple[Uploader, UUID]:
    """A phone of An, and a dossier that names one photo."""
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, PHOTO)
    return uploader(phone, an), record


@pytest.fixture
def sending(journey: tuple[Uploader, UUID]) -> Uploader:
    """What sends it."""
    return journey[0]


@pytest.fixture
def record(journey: tuple[Uploader, UUID]) -> UUID:
    """What it is sent for."""
    return journey[1]


def test_anybody_learns_what_is_spoken(office: OpenOffice) -> None:
    answer = office.http.request("OPTIONS", DOOR)

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,termination,checksum,expiration"
    assert answer.headers["tus-max-size"] == str(ATTACHMENT_BYTES_MAX)
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"


def test_a_photo_comes_whole_and_can_be_read(sending: Uploader, record: UUID) -> None:
    created = sending.create(record, PHOTO)
    address = created.headers["location"]
    answer = sending.patch(address, 0, PHOTO)

    assert (created.status_code, answer.status_code) == (201, 204)
    assert created.headers["upload-expires"].endswith(" GMT")
    assert answer.headers["upload-offset"] == str(len(PHOTO))
    assert answer.headers["tus-resumable"] == "1.0.0"
    read = sending.read(record, digest_of(PHOTO))
    assert read.content == PHOTO
    assert read.headers["content-type"] == "image/jpeg"
    assert read.headers["content-disposition"].startswith("attachment; ")
    assert read.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in read.headers["content-security-policy"]
    assert read.headers["cache-control"] == "no-store"


def test_the_offset_is_told_at_every_step(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    third = len(PHOTO) // 3

    offsets = [sending.head(address).headers["upload-offset"]]
    for first in (0, third):
        sending.patch(address, first, PHOTO[first : first + third])
        asked = sending.head(address)
        offsets.append(asked.headers["upload-offset"])
        assert asked.headers["upload-length"] == str(len(PHOTO))
        assert asked.headers["cache-control"] == "no-store"

    assert offsets == ["0", str(third), str(2 * third)]
    assert sending.patch(address, 2 * third, PHOTO[2 * third :]).status_code == 204


def test_a_piece_from_elsewhere_moves_nothing(sending: Uploader, record: UUID) -> None:
    """FAULT-55."""
    address = sending.create(record, PHOTO).headers["location"]
    sending.patch(address, 0, PHOTO[:20])

    for offset in (1, 40, 10**9):
        answer = sending.patch(address, offset, PHOTO[20:30])
        assert (answer.status_code, answer.json()["code"]) == (409, "offset-mismatch")

    assert sending.head(address).headers["upload-offset"] == "20"


def test_a_piece_that_comes_twice_counts_once(sending: Uploader, record: UUID) -> None:
    """FAULT-55."""
    address = sending.create(record, PHOTO).headers["location"]
    sending.patch(address, 0, PHOTO[:20])

    assert sending.patch(address, 0, PHOTO[:20]).status_code == 409
    assert sending.patch(address, 20, PHOTO[20:]).status_code == 204
    assert sending.patch(address, 20, PHOTO[20:]).status_code == 409
    assert sending.patch(address, len(PHOTO), b"").status_code == 204
    assert sending.read(record, digest_of(PHOTO)).content == PHOTO


def test_a_piece_with_its_checksum_is_taken(sending: Uploader, record: UUID) -> None:
    for algorithm in ("sha256", "sha1"):
        address = sending.create(record, PHOTO).headers["location"]
        piece = PHOTO[:100]
        told = f"{algorithm} {b64encode(hashlib.new(algorithm, piece).digest()).decode()}"
        answer = sending.patch(address, 0, piece, **{"Upload-Checksum": told})
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, "100")


def test_a_piece_with_another_checksum_is_not(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    told = f"sha256 {b64encode(hashlib.sha256(b'x').digest()).decode()}"

    answer = sending.patch(address, 0, PHOTO, **{"Upload-Checksum": told})

    assert (answer.status_code, answer.json()["code"]) == (460, "wrong-checksum")
    assert sending.head(address).headers["upload-offset"] == "0"


def test_a_checksum_that_is_none_is_malformed(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]

    for told in ("md5 abc=", "sha256 ?", ""):
        assert sending.patch(address, 0, PHOTO, **{"Upload-Checksum": told}).status_code == 400
    # An empty hash can be read, and is nobody's.
    assert sending.patch(address, 0, PHOTO, **{"Upload-Checksum": "sha256"}).status_code == 460


def test_other_bytes_than_announced_are_refused_whole(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    other = photo_of(9)[: len(PHOTO)].ljust(len(PHOTO), b"\0")

    answer = sending.patch(address, 0, other)

    assert (answer.status_code, answer.json()["code"]) == (460, "wrong-checksum")
    assert sending.head(address).status_code == 404
    assert sending.read(record, digest_of(PHOTO)).status_code == 404


def test_a_terminated_upload_is_gone(sending: Uploader, record: UUID, office: OpenOffice) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    sending.patch(address, 0, PHOTO[:20])

    assert sending.ask("DELETE", address).status_code == 204
    assert sending.head(address).status_code == 404
    assert sending.ask("DELETE", address).status_code == 404
    assert not list((office.office.settings.data / "uploads").iterdir())


def test_terminating_a_finished_upload_keeps_the_attachment(
    sending: Uploader, record: UUID
) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    sending.patch(address, 0, PHOTO)

    assert sending.ask("DELETE", address).status_code == 204
    assert sending.read(record, digest_of(PHOTO)).content == PHOTO


def test_what_is_here_already_needs_no_bytes(sending: Uploader, record: UUID) -> None:
    sending.upload(record, PHOTO)

    again = sending.create(record, PHOTO)

    assert again.status_code == 201
    assert again.headers["upload-offset"] == str(len(PHOTO))
    told = sending.head(again.headers["location"]).headers
    assert told["upload-offset"] == told["upload-length"]


def test_networks_that_pass_post_alone(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

    as_patch = {"X-HTTP-Method-Override": "PATCH", **piece}
    answer = sending.ask("POST", address, PHOTO, **as_patch)

    assert answer.status_code == 204
    as_delete = {"X-HTTP-Method-Override": "DELETE"}
    assert sending.ask("POST", address, b"", **as_delete).status_code == 204
    assert sending.ask("POST", address).status_code == 400


def test_another_version_of_tus_is_not_spoken(sending: Uploader, record: UUID) -> None:
    for version in ("0.2.2", ""):
        answer = sending.create(record, PHOTO, **{"Tus-Resumable": version})

        assert (answer.status_code, answer.json()["code"]) == (412, "unsupported-version")
        assert answer.headers["tus-version"] == "1.0.0"


def test_bounds(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]
    too_long = {"Upload-Length": str(ATTACHMENT_BYTES_MAX + 1)}

    assert sending.create(record, PHOTO, **too_long).status_code == 413
    assert sending.patch(address, 0, b"x" * (ATTACHMENT_PIECE_BYTES_MAX + 1)).status_code == 413
    assert sending.patch(address, 0, PHOTO + b"x").status_code == 413
    other = {"Content-Type": "application/octet-stream"}
    assert sending.patch(address, 0, PHOTO, **other).status_code == 415
    assert sending.head(address).headers["upload-offset"] == "0"


def test_numbers_that_are_none_are_malformed(sending: Uploader, record: UUID) -> None:
    address = sending.create(record, PHOTO).headers["location"]

    for offset in ("", "-1", "1.0", "x", "1" * 40):
        assert sending.patch(address, 0, PHOTO, **{"Upload-Offset": offset}).status_code == 400
    for length in ("0", "-1", "", "x"):
        assert sending.create(record, PHOTO, **{"Upload-Length": length}).status_code == 400
    with pytest.raises(Malformed):
        read_number("٣", "a number, though Python takes it for one")


def test_metadata_that_is_none_is_malformed(sending: Uploader, record: UUID) -> None:
    digest, type_ = digest_of(PHOTO), "image/jpeg"
    whole = metadata_of(record=str(record), digest=digest, type=type_)
    for told in (
        "",
        "record ?",
        f"{whole},record aaaa",
        metadata_of(record=str(record), type=type_),
        metadata_of(record="x", digest=digest, type=type_),
        metadata_of(record=str(record).upper(), digest=digest, type=type_),
        metadata_of(record=str(record), digest=digest.upper(), type=type_),
        metadata_of(record=str(record), digest=digest[2:], type=type_),
        "record /////w==,digest /////w==",
        whole + "," + metadata_of(x="x" * 3000),
    ):
        answer = sending.create(record, PHOTO, **{"Upload-Metadata": told})

        assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), told
    svg = metadata_of(record=str(record), digest=digest, type="image/svg+xml")
    assert sending.create(record, PHOTO, **{"Upload-Metadata": svg}).status_code == 415
    named = f"{whole},filename {b64encode('ảnh.jpg'.encode()).decode()},relativePath"
    assert sending.create(record, PHOTO, **{"Upload-Metadata": named}).status_code == 201


def test_whatever_the_headers_say_it_is_never_a_mistake_of_ours(
    sending: Uploader, record: UUID
) -> None:
    chance = random.Random(7)
    address = sending.create(record, PHOTO).headers["location"]
    names = (
        "Upload-Length", "Upload-Metadata", "Upload-Offset", "Upload-Checksum", "Authorization",
        "Content-Type", "Tus-Resumable", "X-HTTP-Method-Override", "Upload-Defer-Length",
    )  # fmt: skip

    for _ in range(150):
        method = chance.choice(("POST", "PATCH", "HEAD", "DELETE", "GET", "PUT"))
        target = chance.choice((DOOR, address, f"{DOOR}{record}/{digest_of(PHOTO)}", f"{DOOR}x/y"))
        told = {
            name: "".join(chance.choices(string.printable[:95], k=chance.randrange(40)))
            for name in chance.sample(names, 3)
        }
        answer = sending.ask(method, target, chance.randbytes(50), **told)

        assert answer.status_code in (200, 201, 204, *range(400, 461)), (method, target, told)
        # A method that no door knows is turned away before ours.
        assert answer.headers.get("tus-resumable") == "1.0.0" or answer.status_code == 405

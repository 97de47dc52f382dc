"""Bundles: sealed to the office, signed inside, opened under bounds."""

import io
import json
import zlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sync import bundle, limits, signature
from sync.batch import Batch, verify_batch
from sync.refusals import (
    BadSignature,
    BrokenSeal,
    Malformed,
    TooLarge,
    UnknownProtocol,
)
from tests.sync.cases.case import FOLDER
from tests.sync.writer import OFFICE, Writer, new_key

(CASE,) = json.loads((FOLDER / "bundle.json").read_text("utf-8"))["cases"]
RAW = bytes.fromhex(CASE["bundle"])
KEY = ec.derive_private_key(int(CASE["office_key_private"], 16), ec.SECP256R1())


def sealed(content: bytes, office: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    """Seal content as a device does."""
    return bundle.seal_bundle(
        content,
        office=OFFICE,
        office_key=signature.public_bytes(office),
        ephemeral=new_key(9),
        nonce=bytes(12),
    )


def opened(raw: bytes) -> bytes:
    """Give the content of a bundle."""
    return bundle.unseal_bundle(bundle.read_bundle(raw), KEY)


def test_the_office_opens_the_committed_bundle() -> None:
    message, signed, size = bundle.read_content(opened(RAW))
    bundle.verify_content(signed, bytes.fromhex(CASE["device_key"]))
    batch = msgspec.msgpack.decode(message.batches[0], type=Batch)

    assert (message.office, message.device, message.time) == (OFFICE, 2, CASE["time"])
    assert bytes(message.batches[0]).hex() == CASE["batch"]
    assert size > len(signed.message)
    verify_batch(batch, OFFICE, Writer(3).public_key)


@pytest.mark.parametrize("place", range(20, len(RAW), 7))
def test_nobody_alters_a_bundle_unseen(place: int) -> None:
    altered = RAW[:place] + bytes([RAW[place] ^ 1]) + RAW[place + 1 :]

    with pytest.raises((BrokenSeal, Malformed, UnknownProtocol)):
        opened(altered)


def test_only_the_key_that_it_was_sealed_to_opens_it() -> None:
    with pytest.raises(BrokenSeal):
        bundle.unseal_bundle(bundle.read_bundle(RAW), new_key(8))


def test_a_carrier_cannot_put_its_own_bundle_in_place_of_another() -> None:
    """A forger knows the office's public key, but has no device's."""
    an = Writer(3)
    message = bundle.BundleMessage(1, OFFICE, 2, 5, [])
    _, signed, _ = bundle.read_content(opened(sealed(bundle.sign_content(an.key, message))))

    with pytest.raises(BadSignature):
        bundle.verify_content(signed, bytes.fromhex(CASE["device_key"]))


def test_content_inflates_under_a_bound() -> None:
    bomb = zlib.compressobj(wbits=31)
    packed = bomb.compress(bytes(limits.BUNDLE_INFLATED_BYTES_MAX + 1)) + bomb.flush()
    assert len(packed) < 10_000

    with pytest.raises(TooLarge):
        bundle.read_content(packed)


@pytest.mark.parametrize(
    "content", [b"", b"x", zlib.compress(b"x", wbits=31), zlib.compress(b"\x80" * 9, wbits=31)]
)
def test_what_is_no_content_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        bundle.read_content(content)


def test_content_that_goes_on_behind_its_end_is_malformed() -> None:
    with pytest.raises(Malformed):
        bundle.read_content(opened(RAW) + b"more")


def test_a_newer_layout_is_named_as_such() -> None:
    newer = msgspec.structs.replace(bundle.read_bundle(RAW), protocol=2)

    with pytest.raises(UnknownProtocol):
        bundle.read_bundle(msgspec.msgpack.encode(newer))


def test_a_bundle_over_its_bound_is_not_made() -> None:
    with pytest.raises(TooLarge):
        sealed(bytes(limits.BUNDLE_BYTES_MAX))


def test_a_rescue_file_gives_its_bundles_one_by_one() -> None:
    file = bundle.write_file([RAW, b"", RAW])

    assert list(bundle.bundles_in(io.BytesIO(file).read)) == [RAW, b"", RAW]
    assert bundle.write_file([RAW, RAW]).hex() == CASE["file"]


@pytest.mark.parametrize("cut", [1, 3, 5, len(RAW)])
def test_a_cut_file_gives_what_is_whole_first(cut: int) -> None:
    reading = bundle.bundles_in(io.BytesIO(bundle.write_file([RAW, RAW])[:-cut]).read)

    assert next(reading) == RAW
    with pytest.raises(Malformed):
        next(reading)


def test_another_file_is_no_rescue_file() -> None:
    with pytest.raises(Malformed):
        list(bundle.bundles_in(io.BytesIO(b"%PDF-1.7").read))


def test_a_file_cannot_announce_gigabytes() -> None:
    read = io.BytesIO(bundle.FILE_MAGIC + b"\xff\xff\xff\xff").read

    with pytest.raises(TooLarge):
        list(bundle.bundles_in(read))


def test_a_file_of_too_many_bundles_is_too_large() -> None:
    many = bundle.write_file([b""] * (limits.BUNDLE_FILE_BUNDLES_MAX + 1))

    with pytest.raises(TooLarge):
        list(bundle.bundles_in(io.BytesIO(many).read))

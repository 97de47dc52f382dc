"""A bundle: batches and attachments of one device, sealed to the office, for anybody to carry.

    message ─ signed by the device ─ packed by gzip ─ sealed to the office's bundle key

1. A carrier can neither read, nor forge, nor alter one: who made it is inside.
2. Opening one twice is harmless: its batches are taken like any others, once.
3. The ephemeral key and the nonce are used for one bundle alone; both come in as arguments.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from sync import signature
from sync.change import Count, Place, RecordId
from sync.limits import (
    BUNDLE_ATTACHMENTS_MAX,
    BUNDLE_BYTES_MAX,
    BUNDLE_FILE_BUNDLES_MAX,
    BUNDLE_INFLATED_BYTES_MAX,
    EXCHANGE_BATCHES_MAX,
    KEY_NAME_CHARACTERS,
    NAME_CHARACTERS_MAX,
    NONCE_BYTES,
    PUBLIC_KEY_BYTES,
    SIGNATURE_BYTES,
)
from sync.receipt import key_name
from sync.refusals import BrokenSeal, Malformed, TooLarge, UnknownProtocol

# The layout of a bundle. It changes on its own: bundles come late, and by others' hands.
BUNDLE_PROTOCOL: Final = 1

FILE_MAGIC: Final = b"luudong/bundle/1"
"""What a rescue file begins with; then each bundle behind its length: 4 bytes, greatest first."""

_LENGTH: Final = struct.Struct(">I")
_CONTEXT: Final = b"luudong/bundle\0"
_AES_KEY_BYTES: Final = 32
_GZIP: Final = 31  # to zlib: gzip with the widest window, and nothing else


class Bundle(msgspec.Struct, frozen=True):
    """What a carrier sees: for which office and under which of its keys, and nothing else."""

    protocol: Place
    office: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    key: Annotated[str, Meta(min_length=KEY_NAME_CHARACTERS, max_length=KEY_NAME_CHARACTERS)]
    ephemeral: Annotated[bytes, Meta(min_length=PUBLIC_KEY_BYTES, max_length=PUBLIC_KEY_BYTES)]
    nonce: Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    sealed: Annotated[bytes, Meta(max_length=BUNDLE_BYTES_MAX)]


class CarriedAttachment(msgspec.Struct, frozen=True):
    """The bytes of an attachment; that its record names them is in a change of the same device."""

    record: RecordId
    type: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    data: Annotated[bytes, Meta(min_length=1, max_length=BUNDLE_INFLATED_BYTES_MAX)]


class BundleMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a device handed over, and when by its clock."""

    protocol: Place
    office: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    device: Place
    time: Count
    # Each stands alone, as in an exchange.
    batches: Annotated[list[msgspec.Raw], Meta(max_length=EXCHANGE_BATCHES_MAX)]
    attachments: Annotated[list[CarriedAttachment], Meta(max_length=BUNDLE_ATTACHMENTS_MAX)] = []


class SignedMessage(msgspec.Struct, frozen=True):
    """The bytes of a message, with the device's signature (`bundle`) over exactly these."""

    message: bytes
    signature: Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


_bundle = msgspec.msgpack.Decoder(Bundle)
_signed = msgspec.msgpack.Decoder(SignedMessage)
_message = msgspec.msgpack.Decoder(BundleMessage)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def sign_content(key: EllipticCurvePrivateKey, message: BundleMessage) -> bytes:
    """Give the content of a bundle, signed by the device and packed."""
    encoded = msgspec.msgpack.encode(message)
    signed = SignedMessage(encoded, signature.sign(key, signature.BUNDLE, encoded))
    packing = zlib.compressobj(wbits=_GZIP)
    return packing.compress(msgspec.msgpack.encode(signed)) + packing.flush()


def seal_bundle(
    content: bytes,
    *,
    office: str,
    office_key: bytes,
    ephemeral: EllipticCurvePrivateKey,
    nonce: bytes,
) -> bytes:
    """Seal packed content to the office's bundle key; raises TooLarge.

    `office_key` is the public bundle key as it stands in the reference data.
    """
    receiver = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), office_key)
    public = signature.public_bytes(ephemeral)
    name = key_name(office_key)
    derived = _derive(ephemeral.exchange(ECDH(), receiver), public, office_key)
    sealed = AESGCM(derived).encrypt(nonce, content, _header(BUNDLE_PROTOCOL, office, name))
    if len(sealed) > BUNDLE_BYTES_MAX:
        raise TooLarge("a bundle", len(sealed), BUNDLE_BYTES_MAX)
    return msgspec.msgpack.encode(Bundle(BUNDLE_PROTOCOL, office, name, public, nonce, sealed))


def read_bundle(raw: bytes) -> Bundle:
    """Read what a carrier sees of a bundle; raises Malformed or UnknownProtocol."""
    try:
        bundle = _bundle.decode(raw)
    except _UNREADABLE:
        raise Malformed("a bundle") from None
    if bundle.protocol != BUNDLE_PROTOCOL:
        raise UnknownProtocol(bundle.protocol)
    return bundle


def unseal_bundle(bundle: Bundle, key: EllipticCurvePrivateKey) -> bytes:
    """Give the packed content; raises BrokenSeal for what was altered or sealed to another."""
    try:
        sender = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bundle.ephemeral)
    except ValueError:
        raise BrokenSeal from None
    derived = _derive(key.exchange(ECDH(), sender), bundle.ephemeral, signature.public_bytes(key))
    header = _header(bundle.protocol, bundle.office, bundle.key)
    try:
        return AESGCM(derived).decrypt(bundle.nonce, bundle.sealed, header)
    except InvalidTag:
        raise BrokenSeal from None


def read_content(content: bytes) -> tuple[BundleMessage, SignedMessage, int]:
    """Unpack and read content: the message, what was signed, and its size in bytes.

    Raises Malformed, TooLarge or UnknownProtocol. Nothing is verified yet: who must have signed
    stands in the message.
    """
    inflated = _inflate(content)
    try:
        signed = _signed.decode(inflated)
        message = _message.decode(signed.message)
    except _UNREADABLE:
        raise Malformed("the content of a bundle") from None
    if message.protocol != BUNDLE_PROTOCOL:
        raise UnknownProtocol(message.protocol)
    return message, signed, len(inflated)


def verify_content(signed: SignedMessage, public_key: bytes) -> None:
    """Pass if this device signed the content, else raise BadSignature."""
    signature.verify(public_key, signature.BUNDLE, signed.message, signed.signature)


def bundle_digest(raw: bytes) -> bytes:
    """Name a bundle by its bytes: so carrier and office speak of it."""
    return sha256(raw).digest()


def write_file(bundles: Iterable[bytes]) -> bytes:
    """Put bundles together into a rescue file."""
    return FILE_MAGIC + b"".join(_LENGTH.pack(len(raw)) + raw for raw in bundles)


def bundles_in(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Give the bundles of a rescue file one after the other, never more than one in memory.

    `read(n)` gives the next n bytes, fewer at the end. Raises Malformed or TooLarge where the file
    is none, or is cut or broken behind what was given: that stays good.
    """
    if read(len(FILE_MAGIC)) != FILE_MAGIC:
        raise Malformed("a rescue file")
    for _ in range(BUNDLE_FILE_BUNDLES_MAX):
        prefix = read(_LENGTH.size)
        if not prefix:
            return
        if len(prefix) < _LENGTH.size:
            raise Malformed("a whole rescue file")
        (size,) = _LENGTH.unpack(prefix)
        # The bytes around what is sealed are few; nobody may make us read gigabytes.
        if size > BUNDLE_BYTES_MAX + 1024:
            raise TooLarge("a bundle", size, BUNDLE_BYTES_MAX)
        raw = read(size)
        if len(raw) < size:
            raise Malformed("a whole rescue file")
        yield raw
    if read(1):
        raise TooLarge("a rescue file", BUNDLE_FILE_BUNDLES_MAX + 1, BUNDLE_FILE_BUNDLES_MAX)


def _derive(secret: bytes, ephemeral: bytes, office_key: bytes) -> bytes:
    info = _CONTEXT + ephemeral + office_key
    return HKDF(SHA256(), _AES_KEY_BYTES, salt=None, info=info).derive(secret)


def _header(protocol: int, office: str, key: str) -> bytes:
    """Give what is authenticated beside the content: all else is bound by the key itself."""
    return msgspec.msgpack.encode([protocol, office, key])


def _inflate(content: bytes) -> bytes:
    inflating = zlib.decompressobj(_GZIP)
    try:
        inflated = inflating.decompress(content, BUNDLE_INFLATED_BYTES_MAX + 1)
    except zlib.error:
        raise Malformed("the content of a bundle") from None
    if len(inflated) > BUNDLE_INFLATED_BYTES_MAX:
        raise TooLarge("an unpacked bundle", len(inflated), BUNDLE_INFLATED_BYTES_MAX)
    if not inflating.eof or inflating.unused_data:
        raise Malformed("the content of a bundle")
    return inflated

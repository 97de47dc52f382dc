"""The office's keys and secrets, kept outside the database and its backups.

secret       32 characters or more: from LUUDONG_SECRET, or made once in demo mode
office.key   the office's private key, sealed under the secret
bundle-keys  private keys that devices seal bundles to, by number: the last is given out, all open
push.key     the private key that push services know the office by (VAPID, RFC 8292), sealed too
epoch        the life of the database that this folder belongs to (`server/epoch.py`)
retired.json public keys that the office signed with once, each with the time when that ended:
             what they signed tells people something, and never sets anything going by itself
"""

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from server.settings import Settings, SettingsRefused
from sync.limits import STATE_MAC_BYTES
from sync.receipt import key_name
from sync.signature import public_bytes

NONCE_BYTES = 12
BUNDLE_KEYS = "bundle-keys"


class RetiredKey(msgspec.Struct, frozen=True):
    """A key that the office no longer signs with. Times in ms since 1970."""

    public_key: bytes
    retired_at: int


@dataclass(frozen=True)
class OfficeKeys:
    """The office's signing key, and the sealing of other private keys under its secret."""

    private_key: EllipticCurvePrivateKey
    sealing_key: bytes
    bundle_keys: tuple[EllipticCurvePrivateKey, ...]
    """Oldest first. Devices seal to the last; a bundle may come late, so all of them open."""
    push_key: EllipticCurvePrivateKey
    """Signs what wakes phones, and nothing else: push services see its public half."""
    retired: Mapping[str, RetiredKey] = field(default_factory=dict)
    """Keys that it signed with once, by the name that receipts have of them."""

    @cached_property
    def public_key(self) -> bytes:
        """Give the office's public key as it travels."""
        return public_bytes(self.private_key)

    @cached_property
    def name(self) -> str:
        """Give the name of the key in receipts."""
        return key_name(self.public_key)

    @cached_property
    def bundle_key(self) -> bytes:
        """Give the public key that devices seal bundles to, as it travels."""
        return public_bytes(self.bundle_keys[-1])

    @cached_property
    def push_public_key(self) -> bytes:
        """Give the public key that browsers bind their subscriptions to."""
        return public_bytes(self.push_key)

    @cached_property
    def bundle_keys_by_name(self) -> dict[str, EllipticCurvePrivateKey]:
        """Give the keys that open bundles, by the names that bundles carry."""
        return {key_name(public_bytes(key)): key for key in self.bundle_keys}

    def mark(self, entry: bytes) -> bytes:
        """Give the mark by which the office knows a page's entry as its own when it comes back.

        About a microsecond an entry; a signature would be fifty times that and four times as long.
        """
        return blake2b(
            entry, digest_size=STATE_MAC_BYTES, key=self._marking_key, person=b"luudong/state"
        ).digest()

    def is_marked(self, entry: bytes, mark: bytes) -> bool:
        """Tell whether this office gave out this very entry once."""
        return hmac.compare_digest(self.mark(entry), mark)

    @cached_property
    def _marking_key(self) -> bytes:
        return blake2b(self.sealing_key, digest_size=32, person=b"luudong/marking").digest()

    def seal(self, key: EllipticCurvePrivateKey, purpose: str) -> bytes:
        """Give a private key as it may lie in the database or on the disk."""
        return _seal(self.sealing_key, key, purpose)

    def unseal(self, sealed: bytes, purpose: str) -> EllipticCurvePrivateKey:
        """Open what `seal` gave; raises InvalidTag under another secret or purpose."""
        return _unseal(self.sealing_key, sealed, purpose)


def load_or_make_keys(settings: Settings) -> OfficeKeys:
    """Read the office's keys from the data folder, or make them at the first start."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealing_key = _sealing_key(settings.secret or _demo_secret(settings.data / "secret"))
    private_key = _load_or_make(settings.data / "office.key", sealing_key, "office")
    bundle_keys = _load_or_make_bundle_keys(settings.data / BUNDLE_KEYS, sealing_key)
    push_key = _load_or_make(settings.data / "push.key", sealing_key, "push")
    retired = _read_retired(settings.data / "retired.json")
    return OfficeKeys(private_key, sealing_key, bundle_keys, push_key, retired)


def add_bundle_key(settings: Settings) -> str:
    """Make a new key for devices to seal bundles to, and give its name; the older ones stay."""
    keys = load_or_make_keys(settings)
    made = new_private_key()
    path = settings.data / BUNDLE_KEYS / f"{len(keys.bundle_keys) + 1}.key"
    write_privately(path, _seal(keys.sealing_key, made, "bundle"))
    return key_name(public_bytes(made))


def new_private_key() -> EllipticCurvePrivateKey:
    """Make a key pair for the office or for a seat at its desk."""
    return generate_private_key(SECP256R1())


def new_secret() -> str:
    """Make a secret that is good for LUUDONG_SECRET."""
    return secrets.token_urlsafe(32)


def write_privately(path: Path, content: bytes) -> None:
    """Write a file that only our user may read, whole or not at all, and on the disk at once."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _load_or_make(path: Path, sealing_key: bytes, purpose: str) -> EllipticCurvePrivateKey:
    if not path.exists():
        made = new_private_key()
        write_privately(path, _seal(sealing_key, made, purpose))
        return made
    try:
        return _unseal(sealing_key, path.read_bytes(), purpose)
    except InvalidTag:
        raise SettingsRefused(
            f"{path} was sealed under another secret. Start with the LUUDONG_SECRET that made it; "
            "without it the office cannot sign, and every device would have to be enrolled again."
        ) from None


def _load_or_make_bundle_keys(
    folder: Path, sealing_key: bytes
) -> tuple[EllipticCurvePrivateKey, ...]:
    folder.mkdir(exist_ok=True, mode=0o700)
    numbers = sorted(int(path.stem) for path in folder.glob("*.key")) or [1]
    return tuple(_load_or_make(folder / f"{n}.key", sealing_key, "bundle") for n in numbers)


def _read_retired(path: Path) -> dict[str, RetiredKey]:
    if not path.exists():
        return {}
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=list[RetiredKey])
    except msgspec.DecodeError:
        raise SettingsRefused(f"{path} cannot be read: it lists the office's old keys.") from None
    return {key_name(one.public_key): one for one in kept}


def _demo_secret(path: Path) -> str:
    if not path.exists():
        write_privately(path, new_secret().encode())
    return path.read_text("utf-8")


def _sealing_key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"luudong/sealing").derive(secret.encode())


def _seal(sealing_key: bytes, key: EllipticCurvePrivateKey, purpose: str) -> bytes:
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(sealing_key).encrypt(nonce, plain, purpose.encode())


def _unseal(sealing_key: bytes, sealed: bytes, purpose: str) -> EllipticCurvePrivateKey:
    nonce, ciphered = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    plain = AESGCM(sealing_key).decrypt(nonce, ciphered, purpose.encode())
    key = load_der_private_key(plain, password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key

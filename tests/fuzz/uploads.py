"""Hostile uploads: tus with every header wrong in its turn, and bodies that are not photos."""

import hashlib
from base64 import b64encode
from random import Random
from typing import Final
from uuid import UUID

from tests.fuzz.mutation import spoil_bytes
from tests.fuzz.shot import Shot
from tests.support.tus import DOOR, PIECE, VERSION

NUMBERS: Final = ("0", "1", "-1", "1e9", "", "4194305", "26214401", "9" * 30, "0x10", "١")
METHODS: Final = ("POST", "PATCH", "HEAD", "DELETE", "OPTIONS", "GET", "PUT")


def uploads(chance: Random, token: str, record: UUID, digest: str, known: list[str]) -> Shot:
    """Give one request to the attachments' door; `known` are addresses of uploads under way."""
    method = chance.choice(METHODS)
    path = DOOR
    if method not in ("POST", "OPTIONS") or chance.random() < 0.3:
        path = _path(chance, record, digest, known)
    body = chance.randbytes(chance.choice((0, 1, 1_000, 70_000)))
    headers = _headers(chance, token, record, digest, body)
    return Shot("tus", method, path, headers, b"" if method in ("GET", "HEAD") else body)


def _path(chance: Random, record: UUID, digest: str, known: list[str]) -> str:
    odd = (
        f"{DOOR}{chance.randbytes(16).hex()}",
        f"{DOOR}..%2f..%2fetc%2fpasswd",
        f"{DOOR}%00",
        f"{DOOR}{record}/{digest}",
        f"{DOOR}{record}/{'0' * 64}",
        f"{DOOR}{record}/{'g' * 64}",
        f"{DOOR}{'x' * 5_000}",
    )
    return chance.choice((*odd, *known, *known))


def _headers(chance: Random, token: str, record: UUID, digest: str, body: bytes) -> dict[str, str]:
    headers = {**VERSION, **PIECE, "Authorization": f"Bearer {token}"}
    headers["Upload-Offset"] = chance.choice(("0", "0", *NUMBERS))
    headers["Upload-Length"] = chance.choice(("1000", str(len(body)), *NUMBERS))
    metadata = _metadata(record=str(record), digest=digest, type="image/jpeg")
    if chance.random() < 0.4:
        metadata = spoil_bytes(chance, metadata.encode()).decode("latin-1")
    headers["Upload-Metadata"] = "".join(c for c in metadata if " " <= c <= "~")
    if chance.random() < 0.3:
        algorithm = chance.choice(("sha256", "sha1", "md5", "", "sha256 sha256"))
        sums = b64encode(hashlib.sha256(body).digest()).decode()
        headers["Upload-Checksum"] = f"{algorithm} {chance.choice((sums, 'AAAA', '!', ''))}"
    if chance.random() < 0.3:
        headers["X-HTTP-Method-Override"] = chance.choice(("PATCH", "DELETE", "GET", "TRACE", ""))
    for name in list(headers):
        if chance.random() < 0.06:
            headers[name] = chance.choice(("", "x", "2.0.0", "a" * 2_000, "Bearer", ",,;="))
        elif chance.random() < 0.04:
            del headers[name]
    return headers


def _metadata(**values: str) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in values.items())

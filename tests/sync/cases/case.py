"""What every kind of vector needs: where they lie, and what of them is kept."""

import json
from pathlib import Path
from typing import Any

import msgspec

from sync import chain, signature
from sync.change import LinkedChange
from sync.refusals import BadSignature

FOLDER = Path(__file__).parents[3] / "sync" / "vectors"

Case = dict[str, Any]


def first_case(name: str, place: str) -> str | None:
    """Give what a committed file says in a place of its first case."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text("utf-8"))["cases"][0][place] if path.exists() else None


def bytes_of(change: LinkedChange) -> bytes:
    """Give a change as it travels."""
    return change.skeleton_bytes + change.body_bytes


def erased(change: LinkedChange) -> LinkedChange:
    """Give a change whose body was dropped."""
    return msgspec.structs.replace(change, body_bytes=chain.erase(change.body_bytes))


def holds(public_key: bytes, purpose: str, message: bytes, signed: bytes) -> bool:
    """Tell whether a signature holds."""
    try:
        signature.verify(public_key, purpose, message, signed)
    except BadSignature:
        return False
    return True


def kept_signature(key: Any, purpose: str, message: bytes, name: str, place: str) -> bytes:
    """Give the committed signature while it still holds: each signing gives another."""
    path = FOLDER / f"{name}.json"
    if path.exists():
        kept = bytes.fromhex(json.loads(path.read_text("utf-8"))["cases"][0][place])
        if holds(signature.public_bytes(key), purpose, message, kept):
            return kept
    return signature.sign(key, purpose, message)

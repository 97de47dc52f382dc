"""Passwords, hashed by argon2id. Hashing takes tens of milliseconds: never on the event loop."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """Give what is kept of a password."""
    return _hasher.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Tell whether this is the password; takes as long where nothing is kept.

    Otherwise the time of an answer would tell who works here.
    """
    try:
        _hasher.verify(kept or _of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


@cache
def _of_nobody() -> str:
    return hash_password("of nobody")

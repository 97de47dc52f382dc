"""Versions of the app: numbers with points between, compared number by number.

The office withholds pages, leases and new enrolments from an app that is too old; it never
withholds taking what was written, nor receipts.
"""

import re
from functools import lru_cache
from typing import Final

_NUMBERS: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)


@lru_cache(256)  # asked with every exchange; a fleet has few versions
def is_too_old(version: str, minimum: str) -> bool:
    """Tell whether a version stands below the least one; what is no version is below them all.

    What follows the numbers (`1.4.0-beta`) says nothing here.
    """
    return _numbers(version) < _numbers(minimum)


def is_version(text: str) -> bool:
    """Tell whether this is a version and nothing more."""
    return _NUMBERS.fullmatch(text) is not None


def _numbers(version: str) -> list[int]:
    found = _NUMBERS.match(version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers

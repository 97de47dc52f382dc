"""Six words that a device and the desk both show, so that people see they talk to each other.

They are made from both keys: a machine in the middle with a key of its own gets other words.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

WORDS_COUNT: Final = 6
BYTE_VALUES: Final = 256  # one word for each value of a byte

# Short Vietnamese words that stay apart when said aloud and when written without tone marks.
_WORDS: Final[list[str]] = json.loads(
    Path(__file__).with_name("fingerprint_words.json").read_text("utf-8")
)
assert len(set(_WORDS)) == BYTE_VALUES


def fingerprint_words(office_key: bytes, public_key: bytes) -> list[str]:
    """Give the six words for a device's key at an office."""
    digest = sha256(b"luudong/words\0" + office_key + public_key).digest()
    return [_WORDS[byte] for byte in digest[:WORDS_COUNT]]

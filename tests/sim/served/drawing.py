"""What an office draws at random is drawn alike in every process: a seed gives one world."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec

from server import keys

# Far from the keys of parties and of bundles.
KEYS = 20_000_000
KEYS_EACH = 1_000


@contextmanager
def drawn_alike(stream: int) -> Iterator[None]:
    """Let the office draw keys, numbers of records, salts and tokens from a stream of its own."""
    drawn, numbers = random.Random(stream), count(KEYS + KEYS_EACH * stream)

    def next_key(curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(next(numbers), curve)

    with (
        patch.object(os, "urandom", drawn.randbytes),
        # The library's `secrets` have it under a name of their own.
        patch.object(random, "_urandom", drawn.randbytes),
        patch.object(keys, "generate_private_key", next_key),
    ):
        yield

"""Attachments in a bucket that speaks S3: `<prefix>/<record>/<digest>`.

Where it is and who we are is said in the environment, as by every S3 program: `AWS_REGION`,
`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from server.attachments.rules import AttachmentName, StorageBusy

PIECE_BYTES: Final = 64 * 1024
TIMEOUT: Final = timedelta(seconds=30)
RETRIES_MAX: Final = 2
"""A device asks again by itself; until then it need not wait for us."""


class BucketStorage:
    """An object is there whole or not at all; the bucket answers when it is durable."""

    def __init__(self, store: S3Store) -> None:
        """Keep everything in this store."""
        self._store = store

    def keep(self, name: AttachmentName, source: Path) -> None:
        """Put the file as one object."""
        try:
            obstore.put(self._store, _key(name), source)
        except (BaseError, OSError):
            raise StorageBusy from None

    def size(self, name: AttachmentName) -> int | None:
        """Ask the bucket."""
        try:
            return int(obstore.head(self._store, _key(name))["size"])
        except FileNotFoundError:
            return None
        except (BaseError, OSError):
            raise StorageBusy from None

    def read(self, name: AttachmentName) -> Iterator[bytes]:
        """Read the object as it comes."""
        for piece in obstore.get(self._store, _key(name)).stream(min_chunk_size=PIECE_BYTES):
            yield bytes(piece)

    def remove(self, name: AttachmentName) -> None:
        """Delete the object; a bucket that keeps versions has to be told by its own means."""
        try:
            obstore.delete(self._store, _key(name))
        except FileNotFoundError:
            return
        except (BaseError, OSError):
            raise StorageBusy from None


def open_bucket(address: str) -> BucketStorage:
    """Open `s3://bucket/prefix`; nothing is asked of it before the first attachment."""
    # Only our own settings allow plain HTTP: a bucket of the house, on the same machine.
    store = S3Store.from_url(
        address,
        client_options={"allow_http": True, "timeout": TIMEOUT},
        retry_config={"max_retries": RETRIES_MAX, "retry_timeout": TIMEOUT},
    )
    return BucketStorage(store)


def _key(name: AttachmentName) -> str:
    return f"{name.record}/{name.hex}"

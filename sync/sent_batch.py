"""A batch as it travels: its changes by columns where they go so, else one after the other."""

from typing import Annotated

import msgspec
from msgspec import Meta

from sync.batch import Batch
from sync.change import Place
from sync.columns import Columns, changes_of, to_columns
from sync.limits import BATCH_CHANGES_MAX, HASH_BYTES, SIGNATURE_BYTES
from sync.refusals import Malformed


class SentBatch(msgspec.Struct, frozen=True, kw_only=True):
    """`changes` or `columns`, never both."""

    protocol: Place
    seat: Place
    first: Place
    changes: Annotated[list[bytes], Meta(max_length=BATCH_CHANGES_MAX)] = []
    head: Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
    signature: Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]
    # From version 3.
    columns: Columns | None = None


_decoder = msgspec.msgpack.Decoder(SentBatch)


def write_batch(batch: Batch) -> bytes:
    """Give the bytes of a batch, by columns if its changes go so."""
    columns = to_columns(batch.seat, batch.first, batch.changes)
    if columns is None:
        return msgspec.msgpack.encode(batch)
    fields = msgspec.structs.asdict(batch)
    del fields["changes"]
    return msgspec.msgpack.encode(fields | {"columns": columns})


def read_batch(sent: bytes | msgspec.Raw, most: int) -> Batch:
    """Read a batch; raise Malformed, or TooLarge where its columns unpack to over `most` bytes."""
    try:
        read = _decoder.decode(sent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("a batch") from None
    changes = read.changes
    if read.columns is not None and not changes:
        changes = changes_of(read.columns, read.seat, read.first, most)
    elif read.columns is not None:
        raise Malformed("a batch, with its changes twice")
    if not changes:
        raise Malformed("a batch of some changes")
    return Batch(read.protocol, read.seat, read.first, changes, read.head, read.signature)

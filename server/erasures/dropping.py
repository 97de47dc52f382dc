"""Drops the bodies of changes wherever they lie: logs, branches, states that came back, files."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.attachments.rules import AttachmentName
from server.attachments.storage import Storage
from server.attachments.tables import held_attachments, uploads
from server.dossiers.branches import load_branches
from server.records.tables import branches, changes, offered_states
from sync import chain
from sync.batch import Batch
from sync.change import Skeleton, read_skeleton, split
from sync.limits import HASH_BYTES
from sync.papers import Body, Erasure

ATTACHMENT = "attachments."


@dataclass
class Gone:
    """What an erasure took: the records it touched, and files that outlive the transaction."""

    records: list[bytes] = field(default_factory=list)
    files: list[AttachmentName] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)


def drop_bodies(connection: sa.Connection, entries: Iterable[Erasure]) -> Gone:
    """Drop the bodies that are listed and still here; files of those gone before are named too."""
    listed = {entry.body for entry in entries}
    gone, touched = Gone(), set()
    for seat, seq, body_hash in sorted(listed):
        this = (changes.c.seat == seat) & (changes.c.seq == seq)
        row = connection.execute(sa.select(changes).where(this)).first()
        if row is None or chain.body_hash(row.body) != body_hash:
            continue
        gone.files += _attachments_of(read_skeleton(row.skeleton))
        if not chain.is_erased(row.body):
            connection.execute(sa.update(changes).where(this).values(body=chain.erase(row.body)))
            if row.record is not None:
                touched.add(row.record)
    _drop_in_branches(connection, listed)
    gone.records = sorted(touched)
    connection.execute(sa.delete(offered_states).where(offered_states.c.record.in_(gone.records)))
    gone.uploads = _forget_files(connection, gone)
    return gone


def remove_files(storage: Storage, gone: Gone) -> None:
    """Remove the files of what was erased, once that is committed; raises StorageBusy."""
    for name in gone.files:
        storage.remove(name)


def erase_listed(batch: Batch, listed: AbstractSet[Body]) -> Batch:
    """Give a batch without the bodies that are listed; its chain and signature still hold."""
    if not listed:
        return batch
    cut = [
        _cut(change) if _body_in(batch.seat, seq, change) in listed else change
        for seq, change in enumerate(batch.changes, batch.first)
    ]
    return msgspec.structs.replace(batch, changes=cut)


def _cut(change: bytes) -> bytes:
    skeleton, body = split(change)
    return skeleton + chain.erase(body)


def _body_in(seat: int, seq: int, change: bytes) -> Body:
    return seat, seq, chain.body_hash(split(change)[1])


def _drop_in_branches(connection: sa.Connection, listed: AbstractSet[Body]) -> None:
    for number, batch in load_branches(connection):
        cut = erase_listed(batch, listed)
        if cut != batch:
            kept = sa.update(branches).where(branches.c.id == number)
            connection.execute(kept.values(batch=msgspec.msgpack.encode(cut)))


def _forget_files(connection: sa.Connection, gone: Gone) -> list[str]:
    """Forget what is here and on its way of these attachments; gives the uploads' names."""
    names: list[str] = []
    for name in gone.files:
        for table in (held_attachments, uploads):
            same = (table.c.record == name.record.bytes) & (table.c.digest == name.digest)
            if table is uploads:
                names += connection.execute(sa.select(uploads.c.id).where(same)).scalars()
            connection.execute(sa.delete(table).where(same))
    return names


def _attachments_of(skeleton: Skeleton | None) -> list[AttachmentName]:
    if skeleton is None:
        return []
    digests = [
        name.removeprefix(ATTACHMENT) for name in skeleton.fields if name.startswith(ATTACHMENT)
    ]
    return [
        AttachmentName(UUID(bytes=skeleton.record), bytes.fromhex(digest))
        for digest in digests
        if len(digest) == 2 * HASH_BYTES and all(c in "0123456789abcdef" for c in digest)
    ]

"""Drops the bodies of changes wherever they lie: logs, branches, states that came back, files."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.attachments.rules import AttachmentName
from server.attachments.storage import Storage
from server.attachments.tables import held_attachments, uploads
from server.fieldwork.tables import fieldwork
from server.records.changes import UNREADABLE
from server.records.tables import branches, changes, offered_states
from sync import chain
from sync.batch import Batch
from sync.change import Skeleton, read_skeleton, split
from sync.limits import HASH_BYTES
from sync.papers import Erasure
from sync.sent_batch import read_batch

ATTACHMENT = "attachments."


@dataclass
class Gone:
    """What an erasure took: the records it touched, and files that outlive the transaction."""

    records: list[bytes] = field(default_factory=list)
    files: list[AttachmentName] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)


def bodies_of(connection: sa.Connection, record: bytes) -> list[Erasure]:
    """Name every change of a record that still has a body, also in branches and unreadable ones."""
    of_it = (changes.c.record == record) | (changes.c.effect == UNREADABLE)
    found = {
        Erasure(row.seat, row.seq, chain.body_hash(row.body))
        for row in connection.execute(sa.select(changes).where(of_it))
        if not chain.is_erased(row.body) and _record_of(row.skeleton) == record
    }
    for _, batch in _branches(connection):
        for seq, change in enumerate(batch.changes, batch.first):
            skeleton, body = split(change)
            if not chain.is_erased(body) and _record_of(skeleton) == record:
                found.add(Erasure(batch.seat, seq, chain.body_hash(body)))
    return sorted(found, key=lambda entry: (entry.seat, entry.seq, entry.hash))


def bodies_about(connection: sa.Connection, dossier: bytes) -> list[Erasure]:
    """Name those of a dossier and of every record that names it: its people stand there too."""
    about = sa.select(fieldwork.c.record).where(
        fieldwork.c.dossier == dossier.hex(), fieldwork.c.record != dossier
    )
    named = sorted(connection.execute(about).scalars())
    return sorted(
        {entry for record in (dossier, *named) for entry in bodies_of(connection, record)},
        key=lambda entry: (entry.seat, entry.seq, entry.hash),
    )


def drop_bodies(connection: sa.Connection, entries: Iterable[Erasure]) -> Gone:
    """Drop the bodies that are listed and still here; files of those gone before are named too."""
    listed = set(entries)
    gone, touched = Gone(), set()
    for entry in sorted(listed, key=lambda one: (one.seat, one.seq)):
        this = (changes.c.seat == entry.seat) & (changes.c.seq == entry.seq)
        row = connection.execute(sa.select(changes).where(this)).first()
        if row is None or chain.body_hash(row.body) != entry.hash:
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


def erase_listed(batch: Batch, listed: AbstractSet[Erasure]) -> Batch:
    """Give a batch without the bodies that are listed; its chain and signature still hold."""
    if not listed:
        return batch
    cut = [
        _cut(change) if _entry(batch.seat, seq, change) in listed else change
        for seq, change in enumerate(batch.changes, batch.first)
    ]
    return msgspec.structs.replace(batch, changes=cut)


def _cut(change: bytes) -> bytes:
    skeleton, body = split(change)
    return skeleton + chain.erase(body)


def _entry(seat: int, seq: int, change: bytes) -> Erasure:
    return Erasure(seat, seq, chain.body_hash(split(change)[1]))


def _drop_in_branches(connection: sa.Connection, listed: set[Erasure]) -> None:
    for number, batch in _branches(connection):
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


def _branches(connection: sa.Connection) -> list[tuple[int, Batch]]:
    rows: Iterable[Any] = connection.execute(sa.select(branches.c.id, branches.c.batch))
    return [(row.id, read_batch(row.batch, len(row.batch))) for row in rows]


def _record_of(skeleton_bytes: bytes) -> bytes | None:
    skeleton = read_skeleton(skeleton_bytes)
    return None if skeleton is None else skeleton.record

"""Vectors of changes and logs: their bytes, chains, signatures and batches."""

from typing import Any

import msgspec

from sync import chain, signature
from sync.batch import Batch, signed_part
from sync.change import Dot, Skeleton, write_change
from sync.columns import to_columns
from sync.record import State
from tests.sync.cases.case import Case, bytes_of, erased, holds, kept_signature
from tests.sync.writer import OFFICE, Writer, new_key, record_id


def change_cases() -> list[Case]:
    """A first change, one that replaces, one that removes, and big numbers."""
    dot = Dot(3, 7, bytes(range(8)))
    other = Dot(2**40, 2**53 - 1, bytes(range(8, 16)))
    parts: list[tuple[Skeleton, list[Any]]] = [
        (
            Skeleton(1, 3, 1, 0, record_id(1), "dossier", (1_800_000_000_000, 0), {"status": []}),
            ["sealed"],
        ),
        (
            Skeleton(
                1,
                300,
                70_000,
                127,
                record_id(2),
                "dossier",
                (1_800_000_000_001, 128),
                {"answers.full_name": [dot], "answers.age": [dot, other], "papers.id_paper": []},
            ),
            ["Nguyễn Văn A", 2**32, {"state": "checked", "count": 1}],
        ),
        (
            Skeleton(1, 5, 2, 1, record_id(3), "dossier", (0, 0), {"answers.phone": [dot]}),
            [None],
        ),
        (
            Skeleton(1, 5, 3, 2, record_id(3), "dossier", (1, 0), {"a": [], "b": []}),
            [-33, ["x", "y" * 300]],
        ),
    ]
    return [
        {
            "skeleton": {
                "version": skeleton.version,
                "seat": skeleton.seat,
                "seq": skeleton.seq,
                "prev": skeleton.prev,
                "record": skeleton.record.hex(),
                "kind": skeleton.kind,
                "at": skeleton.at,
                "fields": [
                    [name, [[one.seat, one.seq, one.tag.hex()] for one in dots]]
                    for name, dots in skeleton.fields.items()
                ],
            },
            "values": values,
            "salt": bytes(range(16)).hex(),
            "change": write_change(skeleton, values, bytes(range(16))).hex(),
        }
        for skeleton, values in parts
    ]


def chain_cases() -> list[Case]:
    """A log of three changes."""
    an = Writer(3)
    state = State(record_id(1), "dossier")
    for values in (
        {"status": "sealed", "area": "10441"},
        {"answers.phone": "0912345678"},
        {"b": 1},
    ):
        state = an.edit_and_apply(state, values)
    return [
        {
            "public_key": an.public_key.hex(),
            "start": chain.start(an.public_key).hex(),
            "changes": [bytes_of(change).hex() for change in changes],
            "heads": [change.head.hex() for change in an.log],
            "tags": [chain.tag(change.head).hex() for change in an.log],
        }
        for changes in (an.log, [an.log[0], erased(an.log[1]), erased(an.log[2])])
    ]


def signature_cases() -> list[Case]:
    """One that holds; then another purpose, message, key and a flipped bit."""
    key, message = new_key(1), "những byte được ký".encode()
    public = signature.public_bytes(key)
    signed = kept_signature(key, signature.BATCH, message, "signature", "signature")
    flipped = bytes([signed[0] ^ 1]) + signed[1:]
    tried = [
        (public, signature.BATCH, message, signed),
        (public, signature.RECEIPT, message, signed),
        (public, signature.BATCH, message + b"!", signed),
        (signature.public_bytes(new_key(2)), signature.BATCH, message, signed),
        (public, signature.BATCH, message, flipped),
        (public, signature.BATCH, message, signed[:-1]),
    ]
    return [
        {
            "public_key": owner.hex(),
            "purpose": purpose,
            "message": text.hex(),
            "signature": sign.hex(),
            "holds": holds(owner, purpose, text, sign),
        }
        for owner, purpose, text, sign in tried
    ]


def batch_cases() -> list[Case]:
    """A batch of two changes after one that is held."""
    an = Writer(3)
    state = State(record_id(1), "dossier")
    for number in range(3):
        state = an.edit_and_apply(state, {"n": number})
    part = signed_part(1, OFFICE, an.seat, 3, an.head)
    signed = kept_signature(an.key, signature.BATCH, part, "batch", "signature")
    batch = msgspec.structs.replace(an.batch(2), signature=signed)
    return [
        {
            "office": OFFICE,
            "public_key": an.public_key.hex(),
            "before": an.log[0].head.hex(),
            "signed_part": part.hex(),
            "signature": signed.hex(),
            "batch": msgspec.msgpack.encode(batch).hex(),
        }
    ]


def columns_cases() -> list[Case]:
    """New dossiers and edits of several kinds, with names that the list has and that it has not."""
    an, binh = Writer(3), Writer(4)
    first = an.edit_and_apply(
        State(record_id(1), "dossier"),
        {
            "procedure": "2.000815",
            "area": "10441",
            "status": "sealed",
            "answers.applicant_full_name": "Nguyễn Thị Hoà",
            "answers.originals.a1.at": 1,
            "answers.originals.a1.original_title": "Bằng tốt nghiệp",
        },
    )
    an.edit_and_apply(State(record_id(2), "queue_ticket"), {"area": "10441", "number": "A-01"})
    an.now_ms += 3_600_000
    an.edit_and_apply(
        State(record_id(3), "dossier"),
        {"area": "10441", "status": "sealed"} | {f"answers.n{place}": place for place in range(20)},
    )
    by_both = binh.edit_and_apply(first, {"answers.applicant_full_name": "Nguyễn Thị Hòa"})
    an.edit_and_apply(by_both, {"answers.applicant_full_name": None, "answers.note": ["a", {}]})
    return [
        {
            "seat": batch.seat,
            "first": batch.first,
            "changes": [change.hex() for change in batch.changes],
            "columns": msgspec.msgpack.encode(
                to_columns(batch.seat, batch.first, batch.changes)
            ).hex(),
        }
        for batch in (given_batch(), an.batch(), an.batch(4), binh.batch())
    ]


def given_batch() -> Batch:
    """Give the batch of the `batch` vector, as it is signed there."""
    given = bytes.fromhex(batch_cases()[0]["batch"])
    return msgspec.msgpack.decode(given, type=Batch)

"""Writes sync/vectors/*.json from the Python core: `python -m tests.sync.write_vectors`.

The files are the contract with the TypeScript twin. A change of behaviour shows as a change of a
vector in review. Signatures differ at every signing, so one that still holds is kept.
"""

import json
import zlib
from pathlib import Path
from typing import Any

import msgspec

from sync import (
    app_version,
    bundle,
    chain,
    codes,
    exchange,
    fingerprint,
    kinds,
    order,
    page,
    papers,
    push,
    receipt,
    record,
    signature,
    value,
)
from sync.batch import Batch, signed_part
from sync.change import Dot, LinkedChange, Skeleton, write_change
from sync.clock import At, tick, witness
from sync.columns import to_columns
from sync.record import State
from sync.refusals import BadSignature
from sync.sent_batch import write_batch
from tests.sync.writer import OFFICE, Writer, new_key, record_id

FOLDER = Path(__file__).parents[2] / "sync" / "vectors"

Case = dict[str, Any]


def write_all() -> dict[str, dict[str, Any]]:
    """Give every vector file by its name."""
    files: dict[str, tuple[str, list[Case]]] = {
        "clock": ("tick and witness: [ms, counter]", clock_cases()),
        "value": ("whether a MessagePack value may stand in a field", value_cases()),
        "change": ("the bytes of a change, made from its parts", change_cases()),
        "chain": ("the heads of a log", chain_cases()),
        "signature": ("whether a signature holds for a purpose", signature_cases()),
        "batch": ("what a seat signs, and the batch as it travels", batch_cases()),
        "columns": ("the changes of a batch, and the same by columns", columns_cases()),
        "record": ("changes in the order of delivery, and the state they end in", record_cases()),
        "join": ("two states and what they join to, both ways", join_cases()),
        "receipt": ("what the office signs of a receipt", receipt_cases()),
        "exchange": ("messages as they travel, and what they say", exchange_cases()),
        "bundle": ("a bundle, made from its content with a given key and nonce", bundle_cases()),
        "app_version": ("whether an app is older than the least version", version_cases()),
        "codes": ("dossier codes as they are made, typed and counted", code_cases()),
        "papers": ("what the office signs for devices to show again", papers_cases()),
        "order": ("orders as they are signed, and what a device makes of them", order_cases()),
        "fingerprint": ("the six words of two keys", fingerprint_cases()),
        "push": ("wishes to be woken, and an answer", push_cases()),
        "kinds": ("whether a MessagePack value fits a field of a kind of record", kind_cases()),
    }
    return {name: {"about": about, "cases": cases} for name, (about, cases) in files.items()}


def clock_cases() -> list[Case]:
    """Clocks that stand still, go backwards, or follow one that is far ahead."""
    hour = 3_600_000
    ticks = [((0, 0), 5), ((5, 0), 5), ((5, 7), 4), ((5, 7), 6)]
    witnessed = [((5, 0), (9, 3), 5), ((5, 0), (5 + hour, 0), 5), ((5, 0), (6 + hour, 0), 5)]
    return [
        {"deed": "tick", "last": last, "now": now, "at": tick(At(*last), now)}
        for last, now in ticks
    ] + [
        {
            "deed": "witness",
            "last": last,
            "foreign": foreign,
            "now": now,
            "at": witness(At(*last), At(*foreign), now),
        }
        for last, foreign, now in witnessed
    ]


def value_cases() -> list[Case]:
    """Values at and over every bound."""
    nested: Any = "x"
    depths = []
    for _ in range(9):
        depths.append(nested)
        nested = [nested]
    values: list[Any] = [
        None,
        True,
        "Đặng Thị Hoà",
        "Hoa\u0300",
        "a\0b",
        "x" * 20_000,
        "x" * 20_001,
        0,
        -(2**53 - 1),
        2**53 - 1,
        2**53,
        0.5,
        b"\x01",
        [1] * 1000,
        [1] * 1001,
        {"state": "handed_in", "count": 2},
        {1: "x"},
        {"erased": True},
        {"erased": False},
        [{"erased": True}],
        *depths,
    ]
    return [
        {"value": msgspec.msgpack.encode(one).hex(), "fits": value.find_fault(one) is None}
        for one in values
    ]


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
            "changes": [_bytes(change).hex() for change in changes],
            "heads": [change.head.hex() for change in an.log],
            "tags": [chain.tag(change.head).hex() for change in an.log],
        }
        for changes in (an.log, [an.log[0], _erased(an.log[1]), _erased(an.log[2])])
    ]


def signature_cases() -> list[Case]:
    """One that holds; then another purpose, message, key and a flipped bit."""
    key, message = new_key(1), "những byte được ký".encode()
    public = signature.public_bytes(key)
    signed = _kept_signature(key, signature.BATCH, message, "signature", "signature")
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
            "holds": _holds(owner, purpose, text, sign),
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
    signed = _kept_signature(an.key, signature.BATCH, part, "batch", "signature")
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
        for batch in (_given_batch(), an.batch(), an.batch(4), binh.batch())
    ]


def record_cases() -> list[Case]:
    """Every delivery ends in the same bytes: in order, reversed, doubled, with one held back."""
    an, binh, chi = Writer(3), Writer(4), Writer(5)
    start = State(record_id(1), "dossier")
    taken = an.edit_and_apply(
        start, {"status": "sealed", "answers.name": "An", "answers.note": "x"}
    )
    by_an = an.edit_and_apply(taken, {"answers.name": "An Hoà", "answers.age": 71})
    binh.edit_and_apply(taken, {"answers.name": "An Hòa", "answers.note": None})
    both, _ = record.fold(by_an, binh.log)
    chi.edit(both, {"answers.name": "Nguyễn An"})
    an.edit(by_an, {"answers.phone": "0912345678"})
    everything = [*an.log, *binh.log, *chi.log]
    twin = Writer(3)
    twin.edit(start, {"answers.name": "of the other branch"})
    seen_by_binh, _ = record.fold(start, twin.log)
    giang = Writer(6)
    giang.edit(seen_by_binh, {"answers.name": "built on it"})
    orders = {
        "in order": everything,
        "reversed": everything[::-1],
        "doubled": [change for change in everything for _ in range(2)],
        "settled before the conflict": [an.log[0], *chi.log, *binh.log, *an.log[1:]],
        "without the settlement": [*an.log, *binh.log],
        "the second change waits": [an.log[1]],
        "built on the other branch of a fork": [*giang.log, *an.log],
        "with bodies that were erased": [_erased(an.log[0]), *binh.log, *an.log[1:]],
    }
    return [_record_case(name, start, changes) for name, changes in orders.items()]


def join_cases() -> list[Case]:
    """States that know different parts, and one that a change has left already."""
    an, binh = Writer(3), Writer(4)
    start = State(record_id(1), "dossier")
    taken = an.edit_and_apply(start, {"a": 1, "b": "x"})
    mine = an.edit_and_apply(taken, {"a": 2})
    theirs = binh.edit_and_apply(taken, {"a": 3, "c": True})
    both = record.join(mine, theirs)
    settled = binh.edit_and_apply(both, {"a": 3})
    early, _ = record.fold(taken, [binh.log[0]], 1_800_000_000_500)
    only_settled = record.apply(start_with(taken, binh.log[0]), binh.log[1])
    pairs = {
        "two branches": (mine, theirs),
        "with nothing": (start, mine),
        "with itself": (both, both),
        "a settlement": (mine, settled),
        "the office's time of receipt": (theirs, early),
        "replaced before it came": (only_settled, mine),
        "erased on one side": (record.erase(both, {(3, 2)}), theirs),
        "erased here, and received there": (record.erase(taken, {(3, 1)}), early),
    }
    return [
        {
            "name": name,
            "ours": record.encode_state(ours).hex(),
            "theirs": record.encode_state(their).hex(),
            "joined": record.encode_state(record.join(ours, their)).hex(),
        }
        for name, (ours, their) in pairs.items()
    ]


def start_with(state: State, change: LinkedChange) -> State:
    """Give a state with one more change."""
    return record.apply(state, change)


def receipt_cases() -> list[Case]:
    """One receipt, with the part that is signed."""
    key = new_key(0)
    public = signature.public_bytes(key)
    unsigned = receipt.Receipt(
        OFFICE, receipt.key_name(public), 1, 3, 200, 0, bytes(range(32)), 1_800_000_000_000, b""
    )
    part = receipt.signed_part(unsigned)
    signed = _kept_signature(key, signature.RECEIPT, part, "receipt", "signature")
    whole = msgspec.structs.replace(unsigned, signature=signed)
    return [
        {
            "office_key": public.hex(),
            "receipt": msgspec.msgpack.encode(whole).hex(),
            "signed_part": part.hex(),
            "signature": signed.hex(),
        }
    ]


def push_cases() -> list[Case]:
    """Wishes with and without an address and a person, and what an office says to one."""
    address = push.Subscription("https://push.example/a", bytes([4] * 65), bytes(range(16)))
    own: dict[str, Any] = {
        "protocol": exchange.PROTOCOL,
        "office": OFFICE,
        "device": 2,
        "number": 7,
        "time": 1_800_000_000_000,
    }
    wishes = [
        push.PushRequest(**own, wish="ask"),
        push.PushRequest(**own, wish="on", seat=3, push=address),
        push.PushRequest(**own, wish="move", push=address),
        push.PushRequest(**own, wish="off", seat=3),
    ]
    answers = [
        push.PushResponse(**own, key=bytes([4] * 65), seats=[3, 5]),
        push.PushResponse(**own, key=b"", seats=[]),
    ]
    return (
        [
            {
                "wish": one.wish,
                "seat": one.seat,
                "endpoint": one.push.endpoint if one.push else None,
                "message": exchange.encode_message(one).hex(),
            }
            for one in wishes
        ]
        + [
            {
                "key": one.key.hex(),
                "seats": one.seats,
                "message": exchange.encode_message(one).hex(),
            }
            for one in answers
        ]
        + [{"kinds": list(push.KINDS)}]
    )


def bundle_cases() -> list[Case]:
    """A bundle of one batch; packing may differ between machines, so content that fits is kept."""
    device, ephemeral, office = new_key(1), new_key(2), new_key(4)
    office_key = signature.public_bytes(office)
    an = Writer(3)
    an.edit_and_apply(State(record_id(1), "dossier"), {"status": "sealed"})
    raw = bytes.fromhex(_first_case("bundle", "batch") or msgspec.msgpack.encode(an.batch()).hex())
    message = bundle.BundleMessage(1, OFFICE, 2, 1_800_000_000_000, [msgspec.Raw(raw)])
    content = _kept_content(message) or bundle.sign_content(device, message)
    _, signed, _ = bundle.read_content(content)
    nonce = bytes(range(12))
    sealed = bundle.seal_bundle(
        content, office=OFFICE, office_key=office_key, ephemeral=ephemeral, nonce=nonce
    )
    return [
        {
            "office": OFFICE,
            "device": 2,
            "time": 1_800_000_000_000,
            "batch": raw.hex(),
            "device_key": signature.public_bytes(device).hex(),
            "message": signed.message.hex(),
            "signature": signed.signature.hex(),
            "content": content.hex(),
            "office_key": office_key.hex(),
            "office_key_private": _scalar(office),
            "key": receipt.key_name(office_key),
            "ephemeral": signature.public_bytes(ephemeral).hex(),
            "ephemeral_private": _scalar(ephemeral),
            "nonce": nonce.hex(),
            "bundle": sealed.hex(),
            "digest": bundle.bundle_digest(sealed).hex(),
            "file": bundle.write_file([sealed, sealed]).hex(),
            "with_attachment": msgspec.msgpack.encode(
                msgspec.structs.replace(
                    message,
                    attachments=[
                        bundle.CarriedAttachment(record_id(1), "image/jpeg", b"\xff\xd8\xff")
                    ],
                )
            ).hex(),
            "attachment": {
                "record": record_id(1).hex(),
                "type": "image/jpeg",
                "data": "ffd8ff",
            },
        }
    ]


def _kept_content(message: bundle.BundleMessage) -> bytes | None:
    kept = _first_case("bundle", "content")
    if kept is None:
        return None
    _, signed, _ = bundle.read_content(bytes.fromhex(kept))
    return bytes.fromhex(kept) if signed.message == msgspec.msgpack.encode(message) else None


def _scalar(key: Any) -> str:
    return str(key.private_numbers().private_value.to_bytes(32, "big").hex())


def exchange_cases() -> list[Case]:
    """A request with a batch, and an answer with a receipt, a page and a directory."""
    an = Writer(3)
    state = an.edit_and_apply(State(record_id(1), "dossier"), {"status": "sealed"})
    request = exchange.ExchangeRequest(
        protocol=3,
        office=OFFICE,
        device=2,
        number=7,
        time=1_800_000_000_000,
        epoch=1,
        logs=[exchange.LogEnd(3, 1, an.log[0].head)],
        batches=[msgspec.Raw(write_batch(_given_batch()))],
        seat=3,
        cursors={"10441": 12, "09661": 0},
        want=65_536,
        directory=4,
        app_version="0.1.0",
        receipts=[receipt.Receipt(OFFICE, "00" * 8, 1, 3, 1, 0, an.head, 5, bytes(64))],
        sealed=[msgspec.Raw(msgspec.msgpack.encode({"protocol": 1}))],
        offered=[exchange.OfferedState(record.encode_state(state), bytes(range(16)))],
        shown=[exchange.Shown(signature.ENROLMENT, b"enrolment", bytes(64))],
        lists=exchange.ListsHeld(revocations=2, erasures=5),
        leases=[exchange.LeaseHeld(4, 2007)],
        order=1,
    )
    quiet = exchange.ExchangeRequest(
        protocol=3,
        office=OFFICE,
        device=2,
        number=8,
        time=1_800_000_000_200,
        epoch=1,
        want=0,
        app_version="0.1.0",
    )
    entries = record.encode_state(state) + record.encode_left_mark(record_id(2))
    response = exchange.ExchangeResponse(
        protocol=3,
        office=OFFICE,
        device=2,
        number=7,
        epoch=1,
        time=1_800_000_000_100,
        receipts=[receipt.Receipt(OFFICE, "00" * 8, 1, 3, 1, 0, an.head, 5, bytes(64))],
        refusals=[exchange.BatchRefusal(9, 4, "gap")],
        pages={"10441": page.Page(entries=entries, cursor=13, macs=bytes(range(32)))},
        dropped=["09661"],
        directory=[exchange.DirectoryEntry(5, "Phạm Thu Chi", "case_officer", "Bàn tiếp nhận")],
        findings=[
            exchange.Finding(8, "quarantine", record_id(1), 3, 1, None, "closed", 6, None, ""),
            exchange.Finding(9, "conflict", record_id(1), 3, 1, "n", "", 6, 7, "settled"),
        ],
        leases=[exchange.Lease(4, 3, 2001, 2100, "2026-11-22", "2026-12-05", "H26.118.05")],
        reference="abc",
        min_version="0.0.0",
        token="t",
        order=exchange.SignedBytes(b"order", bytes(64)),
        shown=[exchange.Shown(signature.REVOCATIONS, b"list", bytes(64))],
        last_number=7,
        opened=[exchange.BundleOutcome(bytes(range(32)), "broken-seal")],
    )
    packed = msgspec.structs.replace(
        response,
        pages={"10441": page.Page(packed=_packed(entries), cursor=13, more=True)},
        refusals=[],
        receipts=[],
    )
    batch = msgspec.msgpack.encode(_given_batch()).hex()
    return [
        {"kind": "request", "message": exchange.encode_message(request).hex(), "batch": batch},
        {"kind": "quiet request", "message": exchange.encode_message(quiet).hex()},
        {
            "kind": "response",
            "message": exchange.encode_message(response).hex(),
            "entries": [
                record.encode_state(state).hex(),
                record.encode_left_mark(record_id(2)).hex(),
            ],
            "left": [None, record_id(2).hex()],
        },
        {
            "kind": "packed response",
            "message": exchange.encode_message(packed).hex(),
            "entries": [entries.hex()],
        },
    ]


def _given_batch() -> Batch:
    """Give the batch of the `batch` vector, as it is signed there."""
    given = bytes.fromhex(batch_cases()[0]["batch"])
    return msgspec.msgpack.decode(given, type=Batch)


def _packed(entries: bytes) -> bytes:
    """Pack entries as an office does: in parts that each end at a whole byte."""
    parts = []
    for part in (entries[:40], entries[40:]):
        packing = zlib.compressobj(wbits=-15)
        parts.append(packing.compress(part) + packing.flush(zlib.Z_SYNC_FLUSH))
    return b"".join(parts) + page.PACKED_END


def version_cases() -> list[Case]:
    """Versions with other numbers of parts, with an addition, and what is none."""
    pairs = [
        ("0.1.0", "0"), ("0", "0.0.0"), ("", "0"), ("dev", "0"), ("dev", "0.0.1"),
        ("0.1.0", "0.1.0"), ("0.1", "0.1.0"), ("0.1.0", "0.1"), ("0.9.0", "0.10.0"),
        ("0.10.0", "0.9.9"), ("1.4.0-beta", "1.4.0"), ("1.3.9+abc", "1.4"), ("2", "1.99.99"),
    ]  # fmt: skip
    return [
        {"version": version, "minimum": least, "is_too_old": app_version.is_too_old(version, least)}
        for version, least in pairs
    ]


def code_cases() -> list[Case]:
    """Codes of both kinds; what people type for them; leases that run out, clocks that jump."""
    lease = codes.HeldLease(4, 2001, 2003, "2026-11-21", "2026-12-04", "H26.118.05")
    begun = msgspec.structs.replace(lease, used={"2026-11-21": 2002, "2026-11-22": 2003})
    later = codes.HeldLease(9, 2101, 2200, "2026-11-22", "2026-12-04", "H26.118.05")
    made = [(7, "2026-11-21", 1), (961, "2026-11-21", 960), (2_000_001, "2049-12-31", 31)]
    days = ["1969-12-31", "1970-01-01", "2000-02-29", "2026-03-01", "2026-11-21", "2100-03-01", ""]
    typed = [
        "H26.118.05-261121-0001", "h26.118.05 – 261121 - 0001", " h26.118.05-261121-00012 ",
        "000.00.18.H26-210304-0001", "G01.99-260125-AB0012", "T27-QWE-332", "H26", "", "Ngô Đức",
        codes.provisional_code(7, codes.day_number("2026-11-21"), 1),
        codes.provisional_code(7, codes.day_number("2026-11-21"), 1).replace("-", "").lower(),
    ]  # fmt: skip
    given: list[tuple[list[codes.HeldLease], str]] = [
        ([], "2026-11-21"), ([lease], "2026-11-20"), ([lease], "2026-11-21"),
        ([begun], "2026-11-21"), ([begun], "2026-11-22"), ([begun], "2026-12-05"),
        ([later, begun], "2026-11-21"), ([later, begun], "2026-11-22"),
    ]  # fmt: skip
    counters = [({}, 5), ({5: 1}, 5), ({5: 960, 6: 3}, 5), ({5: 1}, 4)]
    said: list[dict[str, object]] = [
        {}, {"dossier_code": "A-1", "provisional_code": "T2", "codes.G-9": {"kind": "portal"}},
        {"dossier_code": 7, "provisional_code": "-", "codes.G-9": None, "codes.G-1": True},
        {"dossier_code": "9" * 65, "provisional_code": "T2"},
    ]  # fmt: skip
    return [
        *({"deed": "day", "day": day, "number": codes.day_number(day)} for day in days),
        *(
            {
                "deed": "provisional",
                "device": device,
                "day": day,
                "counter": counter,
                "code": codes.provisional_code(device, codes.day_number(day), counter),
            }
            for device, day, counter in made
        ),
        *(
            {
                "deed": "typed",
                "text": text,
                "kind": codes.code_kind(text),
                "folded": codes.fold_code(text),
                "is_mistyped": codes.is_mistyped(text),
                "groups": codes.code_groups(text),
            }
            for text in typed
        ),
        *(_lease_case(leases, day) for leases, day in given),
        *(
            {
                "deed": "counter",
                "counters": {str(day): last for day, last in by_day.items()},
                "day": day,
                "next": codes.next_counter(by_day, day),
            }
            for by_day, day in counters
        ),
        *({"deed": "of", "values": values, "codes": codes.codes_of(values)} for values in said),
    ]


def _lease_case(leases: list[codes.HeldLease], day: str) -> Case:
    found = codes.next_ordinal(leases, day)
    return {
        "deed": "lease",
        "leases": [msgspec.to_builtins(one) for one in leases],
        "day": day,
        "next": found and [found[0].lease, found[1]],
        "code": found and codes.official_code(found[0].agency, day, found[1]),
        "left": codes.codes_left(leases, day),
        "until": codes.last_day(leases, day),
    }


def kind_cases() -> list[Case]:
    """Values at and over the bounds of every shape, and fields that are none."""
    values: list[tuple[str, str, Any]] = [
        ("stop", "place", "Nhà văn hoá thôn Đồi Dùng"),
        ("stop", "place", ""),
        ("stop", "place", "ấ" * 200),
        ("stop", "place", "ấ" * 201),
        ("stop", "place", None),
        ("stop", "place", 5),
        ("stop", "day", "2026-11-22"),
        ("stop", "day", "22/11/2026"),
        ("stop", "day", "2026-11-22 "),
        ("stop", "opens", "08:00"),
        ("stop", "opens", "8:00"),
        ("stop", "trip", "01900000000070008000000000000001"),
        ("stop", "trip", "01900000-0000-7000-8000-000000000001"),
        ("stop", "crew", [1, 2, 3]),
        ("stop", "crew", list(range(64))),
        ("stop", "crew", list(range(65))),
        ("stop", "crew", ["1"]),
        ("stop", "crew", [True]),
        ("stop", "colour", "đỏ"),
        ("queue_ticket", "priority", "old"),
        ("queue_ticket", "priority", "Old"),
        ("queue_ticket", "issued_at", "2026-11-22T08:01:02+07:00"),
        ("queue_ticket", "issued_at", "2026-11-22 08:01:02"),
        ("handover", "fees", 0),
        ("handover", "fees", 2**53 - 1),
        ("handover", "fees", -1),
        ("handover", "fees", True),
        ("handover", "remark", "x" * 2_000),
        ("handover", "remark", "x" * 2_001),
        ("result_delivery", "id_checked", False),
        ("result_delivery", "id_checked", 1),
        ("result_delivery", "signature", bytes(64 * 1024)),
        ("result_delivery", "signature", bytes(64 * 1024 + 1)),
        ("result_delivery", "signature", b""),
        ("dossier", "stop", "01900000000070008000000000000001"),
        ("dossier", "answers.name", "An"),
        ("seat", "area", "10441"),
    ]
    return [
        {"kind": kind, "field": field, "value": _short(value), "fits": kinds.fits(*case)}
        for case in values
        for kind, field, value in [case]
    ]


def _short(value: object) -> str:
    packed = msgspec.msgpack.encode(value)
    # A drawing at its bound would be most of this file: what is all zeroes is told by its length.
    if isinstance(value, bytes) and len(value) > 100:
        return f"zeroes:{len(value)}"
    return packed.hex()


def order_cases() -> list[Case]:
    """Orders of every kind, also to others, old, and of a deed that nobody knows."""
    time = 1_800_000_000_000
    cases = [
        (order.Order(OFFICE, 2, 0, order.Action.STOP, time), 0),
        (order.Order(OFFICE, 2, 5, order.Action.HAND_IN, time), 0),
        (order.Order(OFFICE, 2, 5, order.Action.NOW, time), 4),
        (order.Order(OFFICE, 2, 5, order.Action.NOW, time), 5),
        (order.Order(OFFICE, 2, 4, order.Action.HAND_IN, time), 5),
        (order.Order(OFFICE, 2, 6, "dance", time), 5),
        (order.Order(OFFICE, 3, 6, order.Action.NOW, time), 5),
        (order.Order("other-office", 2, 6, order.Action.NOW, time), 5),
    ]
    return [
        {
            "message": order.write_order(one).hex(),
            "newest": newest,
            "is_ours": order.is_for(one, OFFICE, 2),
            "action": order.find_action(one, newest),
        }
        for one, newest in cases
    ]


def papers_cases() -> list[Case]:
    """Every paper as it is signed, and what a device reads of it."""
    key, time = new_key(0), 1_800_000_000_000
    public = signature.public_bytes(new_key(1))
    waiting = papers.Enrolment(OFFICE, 2, public, time)
    confirmed = papers.Enrolment(OFFICE, 2, public, time, papers.CONFIRMED, "Máy của An")
    certificate = papers.Certificate(OFFICE, 2, 3, "an", public, time)
    entries = [papers.Revocation("device", 4, time), papers.Revocation("seat", 7, time)]
    revocations = papers.Revocations(OFFICE, 1_000_001, entries, time)
    signed = [
        (papers.sign_enrolment(key, waiting), {"is_confirmed": False}),
        (papers.sign_enrolment(key, confirmed), {"is_confirmed": True}),
        (papers.sign_certificate(key, certificate), {"seat": 3}),
        (papers.sign_paper(key, signature.REVOCATIONS, revocations), {"number": 1_000_001}),
        (papers.sign_paper(key, signature.ERASURES, [OFFICE, 5, [], time]), {"number": 5}),
    ]
    return [
        {"purpose": one.purpose, "message": one.message.hex(), "reads": reads}
        for one, reads in signed
    ]


def _first_case(name: str, place: str) -> str | None:
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text("utf-8"))["cases"][0][place] if path.exists() else None


def fingerprint_cases() -> list[Case]:
    """Words of three devices at one office."""
    office = signature.public_bytes(new_key(0))
    keys = [signature.public_bytes(new_key(number)) for number in (1, 2, 3)]
    return [
        {
            "office_key": office.hex(),
            "public_key": key.hex(),
            "words": fingerprint.fingerprint_words(office, key),
        }
        for key in keys
    ]


def _record_case(name: str, start: State, changes: list[LinkedChange]) -> Case:
    state, waiting = record.fold(start, changes)
    return {
        "name": name,
        "record": start.record.hex(),
        "kind": start.kind,
        "deliveries": [
            {
                "seat": change.seat,
                "seq": change.seq,
                "head": change.head.hex(),
                "change": _bytes(change).hex(),
            }
            for change in changes
        ],
        "waiting": len(waiting),
        "state": record.encode_state(state).hex(),
        "conflicts": record.conflicts(state),
        "shown": record.shown_values(state),
    }


def _bytes(change: LinkedChange) -> bytes:
    return change.skeleton_bytes + change.body_bytes


def _erased(change: LinkedChange) -> LinkedChange:
    return msgspec.structs.replace(change, body_bytes=chain.erase(change.body_bytes))


def _holds(public_key: bytes, purpose: str, message: bytes, signed: bytes) -> bool:
    try:
        signature.verify(public_key, purpose, message, signed)
    except BadSignature:
        return False
    return True


def _kept_signature(key: Any, purpose: str, message: bytes, name: str, place: str) -> bytes:
    path = FOLDER / f"{name}.json"
    if path.exists():
        kept = bytes.fromhex(json.loads(path.read_text("utf-8"))["cases"][0][place])
        if _holds(signature.public_bytes(key), purpose, message, kept):
            return kept
    return signature.sign(key, purpose, message)


def as_text(content: dict[str, Any]) -> str:
    """Give a vector file as it is committed."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, file_content in write_all().items():
        (FOLDER / f"{file_name}.json").write_text(as_text(file_content), "utf-8")

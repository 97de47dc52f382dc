"""Vectors of messages: receipts, exchanges, bundles, wishes to be woken."""

import zlib
from typing import Any

import msgspec

from sync import (
    bundle,
    exchange,
    page,
    push,
    receipt,
    record,
    signature,
)
from sync.record import State
from sync.sent_batch import write_batch
from tests.sync.cases.case import Case, first_case, kept_signature
from tests.sync.cases.logs import given_batch
from tests.sync.writer import OFFICE, Writer, new_key, record_id


def receipt_cases() -> list[Case]:
    """One receipt, with the part that is signed."""
    key = new_key(0)
    public = signature.public_bytes(key)
    unsigned = receipt.Receipt(
        OFFICE, receipt.key_name(public), 1, 3, 200, 0, bytes(range(32)), 1_800_000_000_000, b""
    )
    part = receipt.signed_part(unsigned)
    signed = kept_signature(key, signature.RECEIPT, part, "receipt", "signature")
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
    raw = bytes.fromhex(first_case("bundle", "batch") or msgspec.msgpack.encode(an.batch()).hex())
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
    kept = first_case("bundle", "content")
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
        batches=[msgspec.Raw(write_batch(given_batch()))],
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
        added=["10438"],
    )
    packed = msgspec.structs.replace(
        response,
        pages={"10441": page.Page(packed=_packed(entries), cursor=13, more=True)},
        refusals=[],
        receipts=[],
    )
    batch = msgspec.msgpack.encode(given_batch()).hex()
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


def _packed(entries: bytes) -> bytes:
    """Pack entries as an office does: in parts that each end at a whole byte."""
    parts = []
    for part in (entries[:40], entries[40:]):
        packing = zlib.compressobj(wbits=-15)
        parts.append(packing.compress(part) + packing.flush(zlib.Z_SYNC_FLUSH))
    return b"".join(parts) + page.PACKED_END

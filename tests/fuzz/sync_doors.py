"""Hostile exchanges, enrolments, sign-ins, wishes: some rightly signed, so that they get far in."""

import gzip
import os
from random import Random
from typing import Any, Final

import msgspec

from sync import signature
from sync.batch import sign_batch
from sync.change import Dot, Skeleton
from sync.exchange import PROTOCOL, EnrolmentRequest, SeatRequest, read_envelope
from sync.push import PushRequest, Subscription
from sync.sent_batch import write_batch
from sync.signature import public_bytes, sign
from tests.fuzz.mutation import NASTY, spoil_bytes, spoil_value
from tests.fuzz.shot import Shot
from tests.support.phone import MSGPACK, Phone, PhoneSeat, new_record

DOORS: Final = ("/sync/exchange", "/sync/exchange", "/sync/exchange", "/sync/enrolment")


def any_bytes(chance: Random, phone: Phone, seat: PhoneSeat) -> Shot:
    """Give an envelope spoilt on the way, and bytes that never were one."""
    path = chance.choice((*DOORS, "/sync/seats", "/sync/push"))
    if chance.random() < 0.2:
        body = chance.randbytes(chance.randrange(2_000))
    else:
        body = spoil_bytes(chance, phone.request(seat))
    return Shot("bytes", "POST", path, _headers(chance), body)


def signed_messages(chance: Random, phone: Phone, seat: PhoneSeat) -> Shot:
    """Give a message with a value changed, signed by the device and the seat all the same."""
    path, message = _message(chance, phone, seat)
    spoilt = spoil_value(chance, message)
    seat_key = seat.key if chance.random() < 0.8 else phone.key
    envelope: dict[str, Any] = {
        "message": spoilt,
        "signature": sign(phone.key, signature.REQUEST, spoilt),
        "seat_signature": sign(seat_key, signature.SEAT, spoilt),
    }
    if chance.random() < 0.05:
        envelope[chance.choice(list(envelope))] = chance.choice(NASTY)
    return Shot("signed", "POST", path, {"Content-Type": MSGPACK}, msgspec.msgpack.encode(envelope))


def signed_changes(chance: Random, phone: Phone, seat: PhoneSeat) -> Shot:
    """Give a change that is chained and signed, and says what no app would say."""
    record = new_record() if chance.random() < 0.6 else chance.choice(list(phone.records))
    fields: dict[str, list[Dot]] = {_field(chance): [] for _ in range(chance.choice((1, 2, 3, 30)))}
    skeleton = Skeleton(
        version=chance.choice((1, 1, 1, 2, 99)),
        seat=seat.number,
        seq=seat.last + 1,
        prev=chance.choice((0, 0, 1, seat.last, 2**53 - 1)),
        record=record.bytes,
        kind=chance.choice(("dossier", "dossier", "trip", "x" * 40, "\0")),
        at=(chance.choice((1, 1_800_000_000_000, 2**53 - 1)), chance.choice((0, 2**53 - 1))),
        fields=fields,
    )
    body = [os.urandom(16), [chance.choice(NASTY) for _ in range(chance.choice((len(fields), 1)))]]
    change = msgspec.msgpack.encode(skeleton) + msgspec.msgpack.encode(body)
    if chance.random() < 0.2:
        change = spoil_bytes(chance, change)
    batch = _batch(phone, seat, change)
    return Shot(
        "change",
        "POST",
        "/sync/exchange",
        {"Content-Type": MSGPACK},
        phone.request(seat, batches=[batch]),
    )


def _batch(phone: Phone, seat: PhoneSeat, change: bytes) -> msgspec.Raw:
    """Sign a batch of one change, whatever it is; a seat that is taken at its word goes on."""
    try:
        seat.append(change)
    except Exception:  # noqa: BLE001 - what we cannot read ourselves, we cannot chain either
        head = os.urandom(32)
        batch = sign_batch(
            seat.key,
            office=phone.office,
            seat=seat.number,
            first=seat.last + 1,
            changes=[change],
            head=head,
        )
    else:
        batch = seat.batch(phone.office, seat.last, seat.last)
        seat.held = seat.last
    return msgspec.Raw(write_batch(batch))


def _field(chance: Random) -> str:
    names = ("area", "status", "procedure", "sealed_at", "assignee", "answers.applicant_full_name")
    odd = ("answers." + "x" * 180, "papers.a", "parts.b.status", f"notes.{new_record()}", "", "ă")
    digest = f"attachments.{chance.randbytes(32).hex()}"
    return chance.choice((*names, *odd, digest, f"answers.{chance.randrange(99)}"))


def _message(chance: Random, phone: Phone, seat: PhoneSeat) -> tuple[str, bytes]:
    draw = chance.random()
    if draw < 0.9:
        return "/sync/exchange", read_envelope(phone.request(seat)).message
    time = 1_800_000_000_000
    if draw < 0.97:
        enrolment = EnrolmentRequest(PROTOCOL, "code", phone.public_key, "x", "1.0", time)
        return "/sync/enrolment", msgspec.msgpack.encode(enrolment)
    if draw < 0.985:
        return "/sync/push", msgspec.msgpack.encode(_wish(chance, phone, seat))
    sign_in = SeatRequest(
        protocol=PROTOCOL,
        office=phone.office,
        device=phone.device,
        number=phone.next_number(),
        time=time,
        staff="nobody",
        secret="nothing",
        public_key=public_bytes(phone.key),
    )
    return "/sync/seats", msgspec.msgpack.encode(sign_in)


def _wish(chance: Random, phone: Phone, seat: PhoneSeat) -> PushRequest:
    # A name that leads nowhere: the office may take it at its word, and finds nobody there.
    address = Subscription("https://push.invalid/a", phone.public_key, bytes(16))
    return PushRequest(
        protocol=PROTOCOL,
        office=phone.office,
        device=phone.device,
        number=phone.next_number(),
        time=1_800_000_000_000,
        wish=chance.choice(("ask", "on", "on", "off", "move")),
        seat=seat.number,
        push=chance.choice((None, address, address)),
    )


def packed(chance: Random, phone: Phone, seat: PhoneSeat) -> Shot:
    """Give a request packed by gzip, spoilt, doubled, or a bomb."""
    body = gzip.compress(phone.request(seat), 1)
    match chance.randrange(4):
        case 0:
            body = spoil_bytes(chance, body)
        case 1:
            body += body
        case 2:
            body = gzip.compress(bytes(chance.choice((1, 20)) * 1024 * 1024), 9)
        case _:
            body = body[: chance.randrange(len(body))]
    headers = {"Content-Type": MSGPACK, "Content-Encoding": "gzip"}
    return Shot("packed", "POST", "/sync/exchange", headers, body)


def _headers(chance: Random) -> dict[str, str]:
    kinds = (MSGPACK, MSGPACK, MSGPACK, "application/json", "text/html", "", "multipart/form-data")
    headers = {"Content-Type": chance.choice(kinds)}
    if chance.random() < 0.2:
        headers["Content-Encoding"] = chance.choice(("gzip", "br", "deflate", "gzip, gzip", "x"))
    if chance.random() < 0.2:
        headers["Accept"] = chance.choice(("application/problem+json", "*/*", "text/html", ";;"))
    return headers

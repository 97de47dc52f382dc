"""A phone in Python: the device's side of the protocol, for tests, stories and measurements.

It speaks through any `httpx.Client`: the test client of the application, or a real connection.
"""

import gzip
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from server.keys import new_private_key
from sync import chain, signature
from sync.batch import Batch, link_changes, sign_batch
from sync.bundle import (
    BUNDLE_PROTOCOL,
    BundleMessage,
    CarriedAttachment,
    seal_bundle,
    sign_content,
)
from sync.change import VERSION, LinkedChange, Skeleton, read_skeleton, split, write_change
from sync.clock import START, At, tick
from sync.exchange import (
    PROTOCOL,
    EnrolmentRequest,
    EnrolmentResponse,
    ExchangeRequest,
    ExchangeResponse,
    Lease,
    LeaseHeld,
    ListsHeld,
    LogEnd,
    SeatRequest,
    SeatResponse,
    Shown,
    SignedBytes,
    read_envelope,
    read_message,
    seal,
)
from sync.fingerprint import fingerprint_words
from sync.limits import EXCHANGE_OFFERED_MAX
from sync.order import Order, find_action, is_for, open_order
from sync.push import PushRequest, PushResponse, Subscription, Wish
from sync.receipt import Receipt, verify_receipt
from sync.record import State, apply, dots
from sync.sent_batch import write_batch
from tests.support.holdings import Holdings

Message = TypeVar("Message", bound=msgspec.Struct)

MSGPACK = "application/vnd.msgpack"
WANT = 1024 * 1024


class Refused(Exception):
    """The office answered with a problem."""

    def __init__(self, answer: httpx.Response) -> None:
        """Read the problem, in whichever of the two forms it came."""
        is_json = "json" in answer.headers.get("content-type", "")
        decode = msgspec.json.decode if is_json else msgspec.msgpack.decode
        self.problem: dict[str, Any] = decode(answer.content)
        self.status: int = answer.status_code
        self.code: str = self.problem["code"]
        self.headers = answer.headers
        super().__init__(f"{self.status} {self.code}")


@dataclass
class PhoneSeat:
    """One person on the phone: key, log, and what the office has acknowledged of it."""

    number: int
    key: EllipticCurvePrivateKey
    areas: list[str] = field(default_factory=list)
    changes: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    held: int = 0
    at: At = START

    def __post_init__(self) -> None:
        """Begin the chain."""
        if not self.heads:
            self.heads = [chain.start(signature.public_bytes(self.key))]

    @property
    def last(self) -> int:
        """Give the seq of the last change."""
        return len(self.changes)

    def append(self, change: bytes) -> LinkedChange:
        """Put the bytes of a change at the end of the log."""
        skeleton, body = split(change)
        self.heads.append(chain.link(self.heads[-1], skeleton, body))
        self.changes.append(change)
        read = read_skeleton(skeleton)
        return LinkedChange(self.number, self.last, self.heads[-1], skeleton, body, read)

    def linked(self) -> list[LinkedChange]:
        """Give the whole log."""
        return link_changes(self.number, 1, self.changes, self.heads[0])

    def batch(self, office: str, first: int | None = None, last: int | None = None) -> Batch:
        """Sign a batch; without bounds, of all that the office has not acknowledged."""
        first = self.held + 1 if first is None else first
        last = self.last if last is None else last
        return sign_batch(
            self.key,
            office=office,
            seat=self.number,
            first=first,
            changes=self.changes[first - 1 : last],
            head=self.heads[last],
        )


class Phone:
    """A device with seats, records and cursors."""

    def __init__(self, http: httpx.Client, label: str = "Máy tính bảng 1") -> None:
        """Begin as a device that nobody knows."""
        self.http = http
        self.label = label
        self.key = new_private_key()
        self.public_key = signature.public_bytes(self.key)
        self.number = 0
        self.office = ""
        self.office_key = b""
        self.epoch = 0
        self.device = 0
        self.seats: dict[int, PhoneSeat] = {}
        self.holdings = Holdings()
        self.cursors: dict[str, int] = {}
        self.directory: dict[int, str] = {}
        self.receipts: dict[int, Receipt] = {}
        self.enrolment: Shown | None = None
        self.certificates: dict[int, Shown] = {}
        self.lists: dict[str, Shown] = {}
        # Whether the office has to be shown all papers: it did not know us, or begins anew.
        self.papers_due = False
        self.app_version = "1.0"
        # The newest order that speaks to us, and the number of the newest that was heeded.
        self.order: Order | None = None
        self.heeded = 0
        # Ranges of ordinals that the office leased, and the highest used of each on one date.
        self.leases: dict[int, Lease] = {}
        self.used: dict[int, int] = {}
        # Of the offers, how many the last request had.
        self.offered = 0

    @property
    def records(self) -> dict[UUID, State]:
        """Give the records as this phone sees them."""
        return self.holdings.records

    def own_changes(self, record: UUID) -> list[LinkedChange]:
        """Give what the seats of this phone wrote of a record."""
        return [
            change
            for seat in self.seats.values()
            for change in seat.linked()
            if change.skeleton and change.skeleton.record == record.bytes
        ]

    def enrol(self, code: str) -> list[str]:
        """Join by the code of a link; gives the six words to compare."""
        request = EnrolmentRequest(
            PROTOCOL, code, self.public_key, self.label, self.app_version, now()
        )
        body = seal(request, self.key, signature.REQUEST)
        envelope = read_envelope(self.post("/sync/enrolment", body))
        response = read_message(envelope, EnrolmentResponse)
        signature.verify(
            response.office_key, signature.RESPONSE, envelope.message, envelope.signature
        )
        signature.verify(
            response.office_key,
            signature.ENROLMENT,
            response.enrolment.message,
            response.enrolment.signature,
        )
        paper = response.enrolment
        self.enrolment = Shown(signature.ENROLMENT, paper.message, paper.signature)
        self.office, self.office_key = response.office, response.office_key
        self.device, self.epoch = response.device, response.epoch
        return fingerprint_words(self.office_key, self.public_key)

    def sign_in(self, staff: str, secret: str = "luudong-demo") -> PhoneSeat:  # noqa: S107
        """Take a seat for a person."""
        key = new_private_key()
        request = SeatRequest(
            protocol=PROTOCOL,
            office=self.office,
            device=self.device,
            number=self.next_number(),
            time=now(),
            staff=staff,
            secret=secret,
            public_key=signature.public_bytes(key),
        )
        body = seal(request, self.key, signature.REQUEST, key)
        response = self.read(self.post("/sync/seats", body), SeatResponse)
        seat = PhoneSeat(response.seat, key, response.areas)
        self.seats[seat.number] = seat
        if response.certificate:
            self.certificates[seat.number] = response.certificate
        for area in response.areas:
            self.cursors.setdefault(area, 0)
        return seat

    def wish(
        self,
        wish: Wish,
        seat: PhoneSeat | None = None,
        push: Subscription | None = None,
        *,
        number: int | None = None,
        signs: bool = True,
    ) -> PushResponse:
        """Say for whom, and where, this phone is to be woken; raises Refused."""
        request = PushRequest(
            protocol=PROTOCOL,
            office=self.office,
            device=self.device,
            number=self.next_number() if number is None else number,
            time=now(),
            wish=wish,
            seat=seat.number if seat else None,
            push=push,
        )
        body = seal(request, self.key, signature.REQUEST, seat.key if seat and signs else None)
        return self.read(self.post("/sync/push", body), PushResponse)

    def take_dossier(
        self,
        seat: PhoneSeat,
        area: str = "10441",
        *,
        codes: Mapping[str, Any] | None = None,
        **answers: str,
    ) -> UUID:
        """Seal a dossier with a few answers and codes, as the app would."""
        record = new_record()
        fields: dict[str, Any] = {
            "procedure": "1.001193",
            "catalogue_version": "2026-11",
            "area": area,
            "status": "sealed",
            "sealed_at": "2026-11-22T08:30:00+07:00",
            "answers.applicant_full_name": "Nguyễn Thị Mẫu",
            **{f"answers.{name}": value for name, value in answers.items()},
            **(codes or {}),
        }
        self.set(seat, record, fields)
        return record

    def set(
        self, seat: PhoneSeat, record: UUID, fields: Mapping[str, Any], kind: str = "dossier"
    ) -> LinkedChange:
        """Write one change that replaces what this phone sees, and apply it here."""
        state = self.records.get(record) or State(record.bytes, kind)
        seat.at = tick(seat.at, now())
        skeleton = Skeleton(
            version=VERSION,
            seat=seat.number,
            seq=seat.last + 1,
            prev=state.seen.get(seat.number, 0),
            record=record.bytes,
            kind=state.kind,
            at=(seat.at.ms, seat.at.counter),
            fields={name: dots(state, name) for name in fields},
        )
        change = seat.append(write_change(skeleton, list(fields.values()), os.urandom(16)))
        self.records[record] = apply(state, change)
        return change

    def bundle(
        self,
        office_key: bytes,
        *,
        batches: Sequence[Batch | msgspec.Raw] | None = None,
        device: int | None = None,
        office: str | None = None,
        key: EllipticCurvePrivateKey | None = None,
        attachments: Sequence[CarriedAttachment] = (),
    ) -> bytes:
        """Seal what is not acknowledged to the office's bundle key."""
        message = BundleMessage(
            protocol=BUNDLE_PROTOCOL,
            office=self.office if office is None else office,
            device=self.device if device is None else device,
            time=now(),
            batches=[as_raw(one) for one in (self.unsent() if batches is None else batches)],
            attachments=list(attachments),
        )
        return seal_bundle(
            sign_content(self.key if key is None else key, message),
            office=self.office,
            office_key=office_key,
            ephemeral=new_private_key(),
            nonce=os.urandom(12),
        )

    def unsent(self) -> list[Batch]:
        """Sign a batch of each seat's changes that are not acknowledged."""
        return [seat.batch(self.office) for seat in self.seats.values() if seat.held < seat.last]

    def exchange(
        self,
        reader: PhoneSeat | None = None,
        *,
        batches: Sequence[Batch | msgspec.Raw] | None = None,
        sealed: Sequence[bytes] = (),
        number: int | None = None,
        want: int = WANT,
        office: str | None = None,
        cursors: Mapping[str, int] | None = None,
        packed: bool = True,
    ) -> ExchangeResponse:
        """Hand in what is not acknowledged, and take in what comes; raises Refused."""
        body = self.request(
            reader,
            batches=batches,
            sealed=sealed,
            number=number,
            want=want,
            office=office,
            cursors=cursors,
        )
        try:
            answer = self.post("/sync/exchange", body, packed=packed)
        except Refused as refused:
            if refused.code in ("unknown-device", "device-unconfirmed"):
                self.papers_due = True
            raise
        response = self.read(answer, ExchangeResponse)
        self.take_in(response)
        return response

    def request(
        self,
        reader: PhoneSeat | None = None,
        *,
        batches: Sequence[Batch | msgspec.Raw] | None = None,
        sealed: Sequence[bytes] = (),
        number: int | None = None,
        want: int = WANT,
        office: str | None = None,
        cursors: Mapping[str, int] | None = None,
        protocol: int = PROTOCOL,
    ) -> bytes:
        """Give the envelope of an exchange."""
        if batches is None:
            batches = self.unsent()
        request = ExchangeRequest(
            protocol=protocol,
            office=self.office if office is None else office,
            device=self.device,
            number=self.next_number() if number is None else number,
            time=now(),
            epoch=self.epoch,
            logs=[LogEnd(s.number, s.last, s.heads[-1]) for s in self.seats.values()],
            batches=[as_raw(batch) for batch in batches],
            seat=reader.number if reader else None,
            cursors=dict(self.cursors if cursors is None else cursors),
            want=want,
            directory=max(self.directory, default=0),
            app_version=self.app_version,
            sealed=[msgspec.Raw(bundle) for bundle in sealed],
            order=self.heeded,
        )
        if protocol > 1:
            self.offered = min(len(self.holdings.offers), EXCHANGE_OFFERED_MAX)
            request = msgspec.structs.replace(
                request,
                offered=self.holdings.offers[: self.offered],
                leases=[LeaseHeld(number, self.used.get(number, 0)) for number in self.leases],
                receipts=list(self.receipts.values()),
                shown=self.papers(),
                lists=ListsHeld(**{purpose: number_of(one) for purpose, one in self.lists.items()}),
            )
        return seal(request, self.key, signature.REQUEST, reader.key if reader else None)

    def papers(self) -> list[Shown]:
        """Give what the office shall see: all if it is due, the enrolment until it is confirmed."""
        enrolment = [self.enrolment] if self.enrolment else []
        if self.papers_due:
            return [*enrolment, *self.certificates.values(), *self.lists.values()]
        return [] if any(map(is_confirmed, enrolment)) else enrolment

    def keep(self, shown: Sequence[Shown]) -> None:
        """Keep the papers that the office gives."""
        for one in shown:
            signature.verify(self.office_key, one.purpose, one.message, one.signature)
            if one.purpose == signature.ENROLMENT:
                self.enrolment = one
            elif one.purpose == signature.CERTIFICATE:
                self.certificates[msgspec.msgpack.decode(one.message)[2]] = one
            else:
                self.lists[one.purpose] = one

    def take_in(self, response: ExchangeResponse) -> None:
        """Believe receipts that fit our own logs, join the pages, and heed an order."""
        self._heed(response.order)
        for receipt in response.receipts:
            verify_receipt(receipt, self.office_key)
            seat = self.seats[receipt.seat]
            if receipt.held <= seat.last and seat.heads[receipt.held] == receipt.head:
                seat.held = receipt.held
                self.receipts[seat.number] = receipt
        self.number = max(self.number, response.last_number)
        if response.epoch != self.epoch:
            # Another life of the office: its feeds are numbered anew, what we hold stays.
            self.epoch = response.epoch
            self.papers_due = True
            self.cursors = dict.fromkeys(self.cursors, 0)
            return
        unknown = any(refusal.code == "unknown-seat" for refusal in response.refusals)
        self.papers_due = unknown and not self.papers_due
        self.keep(response.shown)
        self.leases |= {lease.lease: lease for lease in response.leases}
        del self.holdings.offers[: self.offered]
        for area, page in response.pages.items():
            self.holdings.take(page, self.epoch, self.own_changes)
            self.cursors[area] = page.cursor
        if response.pages and not any(page.more for page in response.pages.values()):
            self.holdings.offer_what_is_missing(self.epoch)
        for area in response.dropped:
            self.cursors.pop(area, None)
        for entry in response.directory:
            self.directory[entry.seat] = entry.name

    def _heed(self, signed: SignedBytes | None) -> None:
        """Keep an order that the office signed and that speaks to this device."""
        if signed is None:
            return
        order = open_order(signed.message, signed.signature, self.office_key)
        if order is not None and is_for(order, self.office, self.device):
            self.order = order
            if find_action(order, self.heeded):
                self.heeded = order.number

    def read(self, body: bytes, kind: type[Message]) -> Message:
        """Open an answer of the office; raises BadSignature if it is none."""
        envelope = read_envelope(body)
        signature.verify(self.office_key, signature.RESPONSE, envelope.message, envelope.signature)
        return read_message(envelope, kind)

    def post(self, path: str, body: bytes, *, packed: bool = False, **headers: str) -> bytes:
        """Send bytes; raises Refused for anything but 200."""
        sent = {"Content-Type": MSGPACK, **headers}
        if packed:
            body = gzip.compress(body, 1)
            sent["Content-Encoding"] = "gzip"
        answer = self.http.post(path, content=body, headers=sent)
        if answer.status_code != httpx.codes.OK:
            raise Refused(answer)
        return answer.content

    def next_number(self) -> int:
        """Give the number of the next request."""
        self.number += 1
        return self.number


def is_confirmed(enrolment: Shown) -> bool:
    """Tell whether the desk has let in whom this enrolment names."""
    return "confirmed" in msgspec.msgpack.decode(enrolment.message)[4:]


def number_of(signed_list: Shown) -> int:
    """Give the number of a signed list."""
    return int(msgspec.msgpack.decode(signed_list.message)[1])


def now() -> int:
    """Milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000


def new_record() -> UUID:
    """Make a UUIDv7."""
    made = bytearray(now().to_bytes(6, "big") + os.urandom(10))
    made[6] = made[6] & 0x0F | 0x70
    made[8] = made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))


def as_raw(batch: Batch | msgspec.Raw) -> msgspec.Raw:
    """Give a batch as it stands in a request."""
    return batch if isinstance(batch, msgspec.Raw) else msgspec.Raw(write_batch(batch))

"""Opens what a device sent: whole, meant for this office, and signed by a device that we know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import sqlalchemy as sa

from server.codes.leasing import standing_columns
from server.codes.rules import Standing
from server.codes.span import civil_day
from server.codes.tables import leases
from server.devices.returning import read_papers
from server.devices.rules import OFFICE_DEVICE, UnknownDevice
from server.exchange.known import KnownDevice, KnownSeat, find_known
from server.keys import OfficeKeys
from server.staff.person import Person
from server.statements import Statement
from sync import signature
from sync.batch import Batch
from sync.exchange import (
    BatchRefusal,
    Envelope,
    ExchangeRequest,
    SeatRequest,
    read_envelope,
    read_message,
)
from sync.limits import EXCHANGE_INFLATED_BYTES_MAX
from sync.papers import CONFIRMED, Enrolment
from sync.refusals import BadSignature, Malformed, TooLarge, WrongOffice
from sync.sent_batch import read_batch

RETURNING: Final = "returning"
"""A device that is not known here, and shows the enrolment that this office gave it."""


@dataclass(frozen=True)
class Reader:
    """The person whose seat signed too: who may be given data, and of which areas."""

    seat: int
    person: Person
    areas: list[str]
    # The ranges of ordinals that the seat has for dates that are not over.
    leases: list[Standing] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """An exchange request that holds, with what the office needs to go on."""

    request: ExchangeRequest
    status: str
    batches: list[Batch]
    refusals: list[BatchRefusal]
    # None where only its own paper tells of the device.
    known: KnownDevice | None
    reader: Reader | None
    # The seat signed, and its person may not read any more: what it holds shall go.
    is_dismissed: bool = False


def open_exchange(
    connection: sa.Connection, office: str, keys: OfficeKeys, body: bytes, now: int
) -> Opened:
    """Open an exchange; raises Malformed, WrongOffice, UnknownDevice or BadSignature."""
    envelope = read_envelope(body)
    request = read_message(envelope, ExchangeRequest)
    lost = read_papers(request.shown, office, keys, request.device).enrolments
    known = find_known(connection, request.device)
    status = _verify_device(known, envelope, request, office, lost)
    if "\0" in request.app_version:
        raise Malformed("a version of the app")
    batches, refusals = read_batches(request.batches)
    seat = known.seats.get(request.seat) if known and request.seat else None
    signs = seat is not None and _signs(envelope, seat)
    # A revoked device gets no data, whoever signs on it.
    reader = _find_reader(connection, seat, now) if seat and signs and status != "revoked" else None
    is_dismissed = signs and reader is None
    return Opened(request, status, batches, refusals, known, reader, is_dismissed)


def open_seat_request(
    connection: sa.Connection, office: str, body: bytes
) -> tuple[SeatRequest, str]:
    """Open a signing in, signed by the device and by the new seat; give it and the status."""
    envelope = read_envelope(body)
    request = read_message(envelope, SeatRequest)
    known = find_known(connection, request.device)
    status = _verify_device(known, envelope, request, office, [])
    if envelope.seat_signature is None:
        raise BadSignature(signature.SEAT)
    signature.verify(request.public_key, signature.SEAT, envelope.message, envelope.seat_signature)
    return request, status


def _verify_device(
    known: KnownDevice | None,
    envelope: Envelope,
    request: ExchangeRequest | SeatRequest,
    office: str,
    papers: Sequence[Enrolment],
) -> str:
    """Give the status of the device that signed; RETURNING if only its own paper tells of it."""
    if request.office != office:
        raise WrongOffice(request.office)
    if request.device == OFFICE_DEVICE or (known is None and not papers):
        raise UnknownDevice(request.device)
    if known is None:
        key = papers[0].public_key
        signature.verify(key, signature.REQUEST, envelope.message, envelope.signature)
        return RETURNING
    key = known.public_key
    signature.verify(key, signature.REQUEST, envelope.message, envelope.signature)
    was_confirmed = any(paper.status == CONFIRMED and paper.public_key == key for paper in papers)
    return RETURNING if known.status == "pending" and was_confirmed else known.status


def read_batches(raws: Sequence[msgspec.Raw]) -> tuple[list[Batch], list[BatchRefusal]]:
    """Read batches, each for itself; those that cannot be read are refused."""
    batches: list[Batch] = []
    refusals = []
    left = EXCHANGE_INFLATED_BYTES_MAX
    for raw in raws:
        try:
            batches.append(read_batch(raw, left))
            left -= sum(map(len, batches[-1].changes))
        except (Malformed, TooLarge) as refusal:
            # Whose it was cannot be read either: 0 is nobody's seat.
            refusals.append(BatchRefusal(0, 0, refusal.code))
    return batches, refusals


def _signs(envelope: Envelope, seat: KnownSeat) -> bool:
    """Tell whether a seat of the device signed too.

    That it is missing or does not hold is no error: the device's own is enough to hand in.
    """
    signed = envelope.seat_signature
    if signed is None:
        return False
    try:
        signature.verify(seat.public_key, signature.SEAT, envelope.message, signed)
    except BadSignature:
        return False
    return True


def _find_reader(connection: sa.Connection, seat: KnownSeat, now: int) -> Reader | None:
    """Give whom the seat that signed belongs to, if they may read; nobody where they left."""
    if seat.person is None:
        return None
    rows = _leases.rows(connection, seat=seat.number, today=civil_day(now))
    return Reader(seat.number, seat.person, seat.areas, [Standing(*row) for row in rows])


# Of a seat, those that are not over.
_leases = Statement(
    sa.select(*standing_columns)
    .where(leases.c.seat == sa.bindparam("seat"), leases.c.to_day >= sa.bindparam("today"))
    .order_by(leases.c.number)
)

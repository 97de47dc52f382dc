"""Opens what a device sent: whole, meant for this office, and signed by a device that we know."""

from collections.abc import Mapping, Sequence
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
from server.devices.tables import devices, seats
from server.keys import OfficeKeys
from server.staff.person import Person, areas_of_team, find_person
from sync import signature
from sync.batch import Batch
from sync.exchange import (
    BatchRefusal,
    Envelope,
    ExchangeRequest,
    SeatRequest,
    read_batch,
    read_envelope,
    read_message,
)
from sync.papers import CONFIRMED, Enrolment
from sync.refusals import BadSignature, Malformed, WrongOffice

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
    keys_by_seat: Mapping[int, bytes]
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
    status = _verify_device(connection, envelope, request, office, lost)
    if "\0" in request.app_version:
        raise Malformed("a version of the app")
    batches, refusals = read_batches(request.batches)
    found = connection.execute(_seats_of, {"device": request.device})
    keys_by_seat = {row.number: row.public_key for row in found}
    signs = _seat_signs(envelope, request, keys_by_seat)
    # A revoked device gets no data, whoever signs on it.
    reader = _find_reader(connection, request, now) if signs and status != "revoked" else None
    is_dismissed = signs and reader is None
    return Opened(request, status, batches, refusals, keys_by_seat, reader, is_dismissed)


def open_seat_request(
    connection: sa.Connection, office: str, body: bytes
) -> tuple[SeatRequest, str]:
    """Open a signing in, signed by the device and by the new seat; give it and the status."""
    envelope = read_envelope(body)
    request = read_message(envelope, SeatRequest)
    status = _verify_device(connection, envelope, request, office, [])
    if envelope.seat_signature is None:
        raise BadSignature(signature.SEAT)
    signature.verify(request.public_key, signature.SEAT, envelope.message, envelope.seat_signature)
    return request, status


def _verify_device(
    connection: sa.Connection,
    envelope: Envelope,
    request: ExchangeRequest | SeatRequest,
    office: str,
    papers: Sequence[Enrolment],
) -> str:
    """Give the status of the device that signed; RETURNING if only its own paper tells of it."""
    if request.office != office:
        raise WrongOffice(request.office)
    row = connection.execute(_device, {"device": request.device}).first()
    if request.device == OFFICE_DEVICE or (row is None and not papers):
        raise UnknownDevice(request.device)
    if row is None:
        key = papers[0].public_key
        signature.verify(key, signature.REQUEST, envelope.message, envelope.signature)
        return RETURNING
    signature.verify(row.public_key, signature.REQUEST, envelope.message, envelope.signature)
    was_confirmed = any(
        paper.status == CONFIRMED and paper.public_key == row.public_key for paper in papers
    )
    return RETURNING if row.status == "pending" and was_confirmed else str(row.status)


def read_batches(raws: Sequence[msgspec.Raw]) -> tuple[list[Batch], list[BatchRefusal]]:
    """Read batches, each for itself; those that cannot be read are refused."""
    batches, refusals = [], []
    for raw in raws:
        try:
            batches.append(read_batch(raw))
        except Malformed as refusal:
            # Whose it was cannot be read either: 0 is nobody's seat.
            refusals.append(BatchRefusal(0, 0, refusal.code))
    return batches, refusals


def _seat_signs(
    envelope: Envelope, request: ExchangeRequest, keys_by_seat: Mapping[int, bytes]
) -> bool:
    """Tell whether a seat of the device signed too.

    That it is missing or does not hold is no error: the device's own is enough to hand in.
    """
    public_key = keys_by_seat.get(request.seat) if request.seat else None
    if public_key is None or envelope.seat_signature is None:
        return False
    try:
        signature.verify(public_key, signature.SEAT, envelope.message, envelope.seat_signature)
    except BadSignature:
        return False
    return True


def _find_reader(connection: sa.Connection, request: ExchangeRequest, now: int) -> Reader | None:
    """Find whom the seat that signed belongs to, if they may read; nobody where they left."""
    assert request.seat is not None
    asked = {"seat": request.seat, "today": civil_day(now)}
    rows = connection.execute(_sitting, asked).all()
    person = find_person(connection, rows[0].staff) if rows else None
    if person is None:
        return None
    standing = [Standing(*row[1:]) for row in rows if row.lease is not None]
    return Reader(request.seat, person, areas_of_team(connection, person.team), standing)


# Written out once: to build a statement costs more than to run it.
_device = sa.select(devices.c.public_key, devices.c.status).where(
    devices.c.number == sa.bindparam("device")
)
_seats_of = sa.select(seats.c.number, seats.c.public_key).where(
    seats.c.device == sa.bindparam("device")
)
# One row for each lease that is not over, or one without.
_sitting = (
    sa.select(seats.c.staff, *standing_columns)
    .outerjoin(
        leases, (leases.c.seat == seats.c.number) & (leases.c.to_day >= sa.bindparam("today"))
    )
    .where(seats.c.number == sa.bindparam("seat"), seats.c.retired_at.is_(None))
    .order_by(leases.c.number)
)

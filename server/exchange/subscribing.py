"""A device says whom it is to be woken for, and where: a signed wish, and what stands after it."""

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE, UnknownDevice, require_confirmed
from server.devices.tables import devices
from server.exchange.known import KnownDevice, find_known
from server.office import Office
from server.push.rules import require_endpoint
from server.push.subscriptions import move, seats_on, set_off, set_on
from sync import signature
from sync.exchange import Envelope, read_envelope, read_message, seal
from sync.push import PushRequest, PushResponse
from sync.refusals import BadSignature, Malformed, WrongOffice


@dataclass(frozen=True)
class _Wished:
    request: PushRequest
    known: KnownDevice


async def hear_wish(office: Office, body: bytes, now: int) -> bytes:
    """Give the sealed answer to a wish.

    Raises Malformed, WrongOffice, UnknownDevice, BadSignature, BadEndpoint, or what tells a device
    that it is not, or no longer, let in.
    """
    wished = await office.database.read(partial(_open, office=office, body=body))
    office.rates.count_push_wish(wished.request.device, now)
    require_confirmed(wished.request.device, wished.known.status)
    seats = await office.database.write(partial(_heed, office=office, wished=wished, now=now))
    request = wished.request
    response = PushResponse(
        protocol=request.protocol,
        office=request.office,
        device=request.device,
        number=request.number,
        time=now,
        key=office.keys.push_public_key if office.settings.push else b"",
        seats=seats if office.settings.push else [],
    )
    return seal(response, office.keys.private_key, signature.RESPONSE)


def _open(connection: sa.Connection, *, office: Office, body: bytes) -> _Wished:
    envelope = read_envelope(body)
    request = read_message(envelope, PushRequest)
    if request.office != office.settings.office:
        raise WrongOffice(request.office)
    known = find_known(connection, request.device)
    if known is None or request.device == OFFICE_DEVICE:
        raise UnknownDevice(request.device)
    signature.verify(known.public_key, signature.REQUEST, envelope.message, envelope.signature)
    _require_whole(office, request)
    if request.wish == "on":
        _require_seat(request, known, envelope)
    return _Wished(request, known)


def _require_whole(office: Office, request: PushRequest) -> None:
    names_address = request.wish in ("on", "move")
    if names_address != (request.push is not None):
        raise Malformed("a wish")
    if request.push is None:
        return
    if not signature.is_public_key(request.push.p256dh):
        raise Malformed("a public key")
    require_endpoint(request.push.endpoint, is_demo=office.settings.is_demo)


def _require_seat(request: PushRequest, known: KnownDevice, envelope: Envelope) -> None:
    """Pass if the person whom the device is to be woken for has signed, and works here."""
    seat = known.seats.get(request.seat or 0)
    if seat is None or seat.person is None or envelope.seat_signature is None:
        raise BadSignature(signature.SEAT)
    signed = envelope.seat_signature
    signature.verify(seat.public_key, signature.SEAT, envelope.message, signed)


def _heed(connection: sa.Connection, *, office: Office, wished: _Wished, now: int) -> list[int]:
    request, key = wished.request, office.push.key_name
    # A number that was seen before is a wish of yesterday: it is answered and changes nothing.
    if office.settings.push and _count(connection, request, now):
        if request.wish == "on" and request.push and request.seat:
            set_on(connection, request.device, request.seat, request.push, key, now)
        elif request.wish == "move" and request.push:
            move(connection, request.device, request.push, key, now)
        elif request.wish == "off":
            set_off(connection, request.device, request.seat)
    return seats_on(connection, request.device, key)


def _count(connection: sa.Connection, request: PushRequest, now: int) -> bool:
    newer = sa.update(devices).where(
        devices.c.number == request.device, devices.c.last_number < request.number
    )
    counted = connection.execute(newer.values(last_number=request.number, last_seen=now))
    return counted.rowcount == 1

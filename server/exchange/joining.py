"""A device joins the office, and a person takes a seat on it: requests in, sealed answers out."""

import sqlalchemy as sa

from server.devices.enrolment import OfficeName, enrol, enrolment_answer
from server.devices.links import code_hash
from server.devices.rules import AppTooOld, require_confirmed
from server.devices.seats import take_seat
from server.exchange.begun_anew import note_begun_anew
from server.exchange.opening import open_seat_request
from server.facts import current_epoch
from server.office import Office
from server.staff.person import areas_of_team
from server.staff.sign_in import check_secret
from sync import signature
from sync.app_version import is_too_old
from sync.exchange import (
    EnrolmentRequest,
    Person,
    SeatResponse,
    read_envelope,
    read_message,
    seal,
)
from sync.papers import Certificate, sign_certificate


async def enrol_device(office: Office, body: bytes, now: int) -> bytes:
    """Take a device in as pending; raises what `enrol` raises."""
    envelope = read_envelope(body)
    request = read_message(envelope, EnrolmentRequest)
    # Signed by the very key that it brings: whoever sends it holds the private half.
    signature.verify(request.public_key, signature.REQUEST, envelope.message, envelope.signature)
    office.rates.count_code(code_hash(request.code), now)
    least = office.settings.app_version_min
    if is_too_old(request.app_version, least):
        raise AppTooOld(least)
    device, epoch = await office.database.write(
        lambda connection: (
            enrol(connection, office.keys, request, now),
            current_epoch(connection),
        )
    )
    office.live.announce("devices")
    named = OfficeName(office.settings.office, office.settings.office_name, epoch)
    response = enrolment_answer(office.keys, named, device, request, now)
    return seal(response, office.keys.private_key, signature.RESPONSE)


async def sign_in_on_device(office: Office, body: bytes, now: int) -> bytes:
    """Give a person a seat on a device; raises WrongSecret, TooManyFailures, or a refusal."""
    request, status = await office.database.read(
        lambda connection: open_seat_request(connection, office.settings.office, body)
    )
    office.rates.count_sign_in(request.device, now)
    require_confirmed(request.device, status)
    person = await check_secret(office.database, request.staff, request.secret, now)

    def take(connection: sa.Connection) -> tuple[int, int]:
        seat = take_seat(connection, person, request.device, request.public_key, now)
        note_begun_anew(connection, person.id, request.device, now)
        return seat, current_epoch(connection)

    number, epoch = await office.database.write(take)
    areas = await office.database.read(lambda connection: areas_of_team(connection, person.team))
    paper = Certificate(
        request.office, request.device, number, person.sign_in, request.public_key, now
    )
    certificate = sign_certificate(office.keys.private_key, paper)
    office.live.announce("devices")
    response = SeatResponse(
        protocol=request.protocol,
        office=request.office,
        device=request.device,
        number=request.number,
        epoch=epoch,
        time=now,
        seat=number,
        person=Person(
            staff=person.sign_in,
            name=person.name,
            role=person.role,
            team=None if person.team is None else str(person.team),
        ),
        areas=areas,
        certificate=certificate,
    )
    return seal(response, office.keys.private_key, signature.RESPONSE)

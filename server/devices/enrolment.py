"""A device joins: it shows the code of a link and its new key, and waits for the desk."""

from dataclasses import dataclass

import sqlalchemy as sa

from server.devices.links import code_hash
from server.devices.tables import devices, enrolment_links
from server.facts import next_number
from server.keys import OfficeKeys
from sync import signature
from sync.exchange import EnrolmentRequest, EnrolmentResponse, SignedBytes
from sync.fingerprint import fingerprint_words
from sync.papers import Enrolment, sign_enrolment
from sync.refusals import Malformed, Refusal


class UnknownCode(Refusal):
    """No link with this code was made here."""

    code = "unknown-code"


class UsedCode(Refusal):
    """Another device has joined by this link; the desk should know."""

    code = "used-code"


class ExpiredCode(Refusal):
    """The link is older than its time."""

    code = "expired-code"


@dataclass(frozen=True)
class OfficeName:
    """How the office names itself to devices."""

    id: str
    name: str
    epoch: int


def enrol(connection: sa.Connection, keys: OfficeKeys, request: EnrolmentRequest, now: int) -> int:
    """Take a device in as pending and give its number.

    The same key with the same code gets the same number again: the first answer may be lost.
    """
    if not signature.is_public_key(request.public_key):
        raise Malformed("a public key")
    if "\0" in request.label + request.app_version or not request.label.strip():
        raise Malformed("a label")
    link = connection.execute(
        sa.select(enrolment_links)
        .where(enrolment_links.c.code_hash == code_hash(request.code))
        .with_for_update()
    ).first()
    if link is None:
        raise UnknownCode("there is no such enrolment link")
    known = connection.execute(
        sa.select(devices.c.number).where(devices.c.public_key == request.public_key)
    ).scalar()
    if link.used_at is not None:
        if known is not None and known == link.device:
            return int(known)
        raise UsedCode("this enrolment link was used before")
    if link.expires_at <= now:
        raise ExpiredCode("this enrolment link has expired")
    if known is not None:
        raise UsedCode("this key has joined by another link")
    number = next_number(connection, devices.c.number)
    connection.execute(
        sa.insert(devices).values(
            number=number,
            label=request.label,
            public_key=request.public_key,
            status="pending",
            words=" ".join(fingerprint_words(keys.public_key, request.public_key)),
            enrolled_at=now,
            last_number=0,
            app_version=request.app_version,
        )
    )
    connection.execute(
        sa.update(enrolment_links)
        .where(enrolment_links.c.code_hash == link.code_hash)
        .values(used_at=now, device=number)
    )
    return number


def enrolment_answer(
    keys: OfficeKeys, office: OfficeName, device: int, request: EnrolmentRequest, now: int
) -> EnrolmentResponse:
    """Name the office and the device, with a signed enrolment that the device keeps for ever."""
    paper = sign_enrolment(keys.private_key, Enrolment(office.id, device, request.public_key, now))
    return EnrolmentResponse(
        protocol=request.protocol,
        office=office.id,
        office_name=office.name,
        office_key=keys.public_key,
        epoch=office.epoch,
        device=device,
        enrolment=SignedBytes(paper.message, paper.signature),
        time=now,
    )

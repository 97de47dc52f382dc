"""The office's doors beside the exchange: a phone joins, a person signs in, forms are fetched.

The world decides who joins and signs in; here it is only said in the protocol's words.
"""

from typing import Any

import msgspec

from sync import signature
from sync.exchange import (
    PROTOCOL,
    EnrolmentResponse,
    Person,
    SeatRequest,
    SeatResponse,
    SignedBytes,
    read_envelope,
    read_message,
    seal,
)
from tests.sim.ports import OFFICE, Grant
from tests.sim.registry import DeviceFacts, Registry


def enrolment(registry: Registry, facts: DeviceFacts, epoch: int, now: int) -> bytes:
    """Give what a phone that joins is answered."""
    key = registry.office_key()
    message = msgspec.msgpack.encode([OFFICE, facts.number, facts.key.public, now])
    signed = SignedBytes(message, signature.sign(key.private, signature.ENROLMENT, message))
    response = EnrolmentResponse(
        protocol=PROTOCOL,
        office=OFFICE,
        office_name="Simulated",
        office_key=key.public,
        epoch=epoch,
        device=facts.number,
        enrolment=signed,
        time=now,
    )
    return seal(response, key.private, signature.RESPONSE)


def signing_in(registry: Registry, grant: Grant, body: bytes, epoch: int, now: int) -> bytes:
    """Give what a person who signs in is answered."""
    asked = read_message(read_envelope(body), SeatRequest)
    response = SeatResponse(
        protocol=asked.protocol,
        office=OFFICE,
        device=asked.device,
        number=asked.number,
        epoch=epoch,
        time=now,
        seat=grant.seat,
        person=Person(asked.staff, f"Person {asked.staff}", "helper", None),
        areas=list(grant.areas),
    )
    return seal(response, registry.office_key().private, signature.RESPONSE)


def reference(registry: Registry) -> bytes:
    """Give the signed reference data, of which there is next to nothing."""
    content: dict[str, Any] = {"catalogue": {}, "areas": [], "version": "1"}
    content["bundle_key"] = signature.public_bytes(registry.bundle_key())
    message = msgspec.msgpack.encode(content)
    key = registry.office_key().private
    signed = signature.sign(key, signature.REFERENCE, message)
    envelope = {"message": message, "signature": signed, "seat_signature": None}
    return msgspec.msgpack.encode(envelope)

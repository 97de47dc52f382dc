"""What the office signs for devices to keep, and to show again should the office have lost it.

enrolment    [office, device, public_key, time], and from the desk's confirmation on
             [office, device, public_key, time, "confirmed", label]
certificate  [office, device, seat, staff, public_key, time]: this person has this seat there
revocations  [office, number, [[kind, number, time], …], time]: who was shut out, ever
erasures     [office, number, [[seat, seq, hash, tag], …], time]: bodies of changes that were erased

A list only grows, and so does its number. Nothing here is believed before its signature holds.
"""

from typing import Annotated, Final, Literal, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec import Meta

from sync import chain, signature
from sync.change import Count, Dot, LinkedChange, Place
from sync.exchange import UNREADABLE, Hash, Name, PublicKey, Shown
from sync.limits import LIST_ENTRIES_MAX, TAG_BYTES
from sync.refusals import BadSignature

CONFIRMED: Final = "confirmed"


class Enrolment(msgspec.Struct, frozen=True, array_like=True):
    """A device of an office; `label` is known from the confirmation on."""

    office: Name
    device: Place
    public_key: PublicKey
    time: Count
    status: Literal["", "confirmed"] = ""
    label: str = ""


class Certificate(msgspec.Struct, frozen=True, array_like=True):
    """A person's seat on a device; `staff` is the sign-in name."""

    office: Name
    device: Place
    seat: Place
    staff: Name
    public_key: PublicKey
    time: Count


class Revocation(msgspec.Struct, frozen=True, array_like=True):
    """One device or seat that was shut out, and when the office listed it."""

    kind: Literal["device", "seat"]
    number: Place
    time: Count


class Revocations(msgspec.Struct, frozen=True, array_like=True):
    """All that were ever shut out."""

    office: Name
    number: Place
    entries: Annotated[list[Revocation], Meta(max_length=LIST_ENTRIES_MAX)]
    time: Count


Body = tuple[int, int, bytes]
"""What names a body in logs: seat, seq and its hash."""

Named = Dot | tuple[int, int]
"""What names the values of a change in states; without a tag, of every branch of its log."""


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """One change whose body was erased, and the hash of that body.

    A copied phone may write something else in the same place: the tag tells whose values went.
    Empty where nobody knows it any more: then those of every change in that place.
    """

    seat: Place
    seq: Place
    hash: Hash
    tag: Annotated[bytes, Meta(max_length=TAG_BYTES)] = b""

    @property
    def place(self) -> tuple[int, int]:
        """Give where it stands in its log, or in another branch of it."""
        return self.seat, self.seq

    @property
    def body(self) -> Body:
        """Give what names it in logs."""
        return self.seat, self.seq, self.hash

    @property
    def named(self) -> Named:
        """Give what names it in states."""
        return Dot(*self.place, self.tag) if self.tag else self.place


class Erasures(msgspec.Struct, frozen=True, array_like=True):
    """All bodies that were ever erased."""

    office: Name
    number: Place
    entries: Annotated[list[Erasure], Meta(max_length=LIST_ENTRIES_MAX)]
    time: Count


Paper = TypeVar("Paper", Enrolment, Certificate, Revocations, Erasures)


def erasure_of(change: LinkedChange) -> Erasure:
    """Name a change as the list does, whether it still has its body or not."""
    body_hash = chain.body_hash(change.body_bytes)
    return Erasure(change.seat, change.seq, body_hash, chain.tag(change.head))


def sign_enrolment(key: EllipticCurvePrivateKey, paper: Enrolment) -> Shown:
    """Sign an enrolment: four places as long as it is not confirmed."""
    places: list[object] = [paper.office, paper.device, paper.public_key, paper.time]
    if paper.status:
        places += [paper.status, paper.label]
    return sign_paper(key, signature.ENROLMENT, places)


def sign_certificate(key: EllipticCurvePrivateKey, paper: Certificate) -> Shown:
    """Sign a seat's certificate."""
    return sign_paper(key, signature.CERTIFICATE, paper)


def sign_paper(key: EllipticCurvePrivateKey, purpose: str, paper: object) -> Shown:
    """Sign a paper of any purpose: a list, too, is `[office, number, entries, time]`."""
    message = msgspec.msgpack.encode(paper)
    return Shown(purpose, message, signature.sign(key, purpose, message))


def find_paper(
    shown: Shown, purpose: str, kind: type[Paper], office: str, office_key: bytes
) -> Paper | None:
    """Read what this office signed under this key; nothing if it is no such paper of it."""
    if shown.purpose != purpose:
        return None
    try:
        paper = msgspec.msgpack.decode(shown.message, type=kind)
        signature.verify(office_key, purpose, shown.message, shown.signature)
    except (*UNREADABLE, BadSignature):
        return None
    return paper if paper.office == office else None

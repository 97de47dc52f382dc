"""Takes devices and seats back that the office lost, by what it once signed for them.

1. Only what the office's present key signed is believed, and only for numbers and keys that are
   free: nobody takes another's place.
2. A device comes in as confirmed only with the paper that the desk's confirmation gave it; with an
   older one it waits for the desk again. Whoever the list of revocations names comes in as revoked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.database import AnyRow
from server.devices.revocations import Named, revoke_again, revoked
from server.devices.rules import Status
from server.devices.tables import devices, seats
from server.keys import OfficeKeys
from server.staff.tables import staff
from sync import signature
from sync.exchange import Shown
from sync.fingerprint import fingerprint_words
from sync.papers import CONFIRMED, Certificate, Enrolment, Revocations, find_paper
from sync.signature import is_public_key


@dataclass(frozen=True)
class Papers:
    """What a device shows that this office really signed."""

    enrolments: Sequence[Enrolment]
    certificates: Sequence[Certificate]
    revocations: Sequence[Revocations]


def read_papers(shown: Iterable[Shown], office: str, keys: OfficeKeys, device: int) -> Papers:
    """Keep what holds, and speaks of this very device."""
    enrolments, certificates, lists = [], [], []
    for one in shown:
        enrolment = find_paper(one, signature.ENROLMENT, Enrolment, office, keys.public_key)
        if enrolment and enrolment.device == device and is_public_key(enrolment.public_key):
            enrolments.append(enrolment)
        certificate = find_paper(one, signature.CERTIFICATE, Certificate, office, keys.public_key)
        if certificate and certificate.device == device and is_public_key(certificate.public_key):
            certificates.append(certificate)
        listed = find_paper(one, signature.REVOCATIONS, Revocations, office, keys.public_key)
        if listed:
            lists.append(listed)
    return Papers(enrolments, certificates, lists)


def take_back(
    connection: sa.Connection, keys: OfficeKeys, office: str, papers: Papers, now: int
) -> list[tuple[str, int]]:
    """Take back what is missing; gives what came, as `device`, `seat` or `revocation` and number.

    Revocations first: who was shut out must not be let in for a moment.
    """
    came: list[tuple[str, int]] = []
    for brought in papers.revocations:
        fresh = revoke_again(connection, keys, office, brought, now)
        came += [("revocation", number) for _, number in fresh]
    out: set[Named] = {(entry.kind, entry.number) for entry in revoked(connection)}
    # One that was confirmed says more than one that was not.
    for enrolment in sorted(papers.enrolments, key=lambda one: one.status, reverse=True):
        if _take_device(connection, keys, enrolment, out):
            came.append(("device", enrolment.device))
    for certificate in papers.certificates:
        if _take_seat(connection, certificate, out, now):
            came.append(("seat", certificate.seat))
    return came


def _take_device(
    connection: sa.Connection, keys: OfficeKeys, paper: Enrolment, out: set[Named]
) -> bool:
    same = (devices.c.number == paper.device) | (devices.c.public_key == paper.public_key)
    known = connection.execute(sa.select(devices).where(same)).all()
    if known:
        return _confirm_again(connection, known, paper)
    status: Status = paper.status or "pending"
    if ("device", paper.device) in out:
        status = "revoked"
    connection.execute(
        sa.insert(devices).values(
            number=paper.device,
            label=paper.label or f"№ {paper.device}",
            public_key=paper.public_key,
            status=status,
            words=" ".join(fingerprint_words(keys.public_key, paper.public_key)),
            enrolled_at=paper.time,
            confirmed_at=paper.time if status == CONFIRMED else None,
            last_number=0,
            app_version="",
        )
    )
    return True


def _confirm_again(connection: sa.Connection, known: Sequence[AnyRow], paper: Enrolment) -> bool:
    """Let one in that waits, though the desk confirmed it before: a restore carried it over."""
    is_same = [(row.number, row.public_key) for row in known] == [(paper.device, paper.public_key)]
    if paper.status != CONFIRMED or not is_same or known[0].status != "pending":
        return False
    waiting = sa.update(devices).where(devices.c.number == paper.device)
    connection.execute(waiting.values(status=CONFIRMED, confirmed_at=paper.time))
    return True


def _take_seat(connection: sa.Connection, paper: Certificate, out: set[Named], now: int) -> bool:
    same = (seats.c.number == paper.seat) | (seats.c.public_key == paper.public_key)
    if connection.execute(sa.select(seats.c.number).where(same)).first():
        return False
    on = sa.select(devices.c.number).where(devices.c.number == paper.device)
    person = connection.execute(
        sa.select(staff.c.id, staff.c.team).where(staff.c.sign_in == paper.staff)
    ).first()
    if person is None or connection.execute(on).first() is None:
        # Whoever was hired after the backup is entered again first; the device shows it again.
        return False
    connection.execute(
        sa.insert(seats).values(
            number=paper.seat,
            device=paper.device,
            staff=person.id,
            team=person.team,
            public_key=paper.public_key,
            created_at=paper.time,
            retired_at=now if ("seat", paper.seat) in out else None,
        )
    )
    return True

"""What the office signs for devices to show again, and what it believes when they do."""

import pytest

from sync import signature
from sync.exchange import Shown
from sync.papers import (
    CONFIRMED,
    Certificate,
    Enrolment,
    Revocation,
    Revocations,
    find_paper,
    sign_certificate,
    sign_enrolment,
    sign_paper,
)
from tests.sync.writer import OFFICE, new_key

KEY = new_key(0)
OFFICE_KEY = signature.public_bytes(KEY)
PUBLIC = signature.public_bytes(new_key(1))
ENROLMENT = Enrolment(OFFICE, 2, PUBLIC, 5, CONFIRMED, "Máy của An")


def find(shown: Shown, office: str = OFFICE, key: bytes = OFFICE_KEY) -> Enrolment | None:
    return find_paper(shown, signature.ENROLMENT, Enrolment, office, key)


def test_what_was_signed_is_read_again() -> None:
    certificate = Certificate(OFFICE, 2, 3, "an", PUBLIC, 5)
    listed = Revocations(OFFICE, 7, [Revocation("device", 4, 5)], 6)

    assert find(sign_enrolment(KEY, ENROLMENT)) == ENROLMENT
    assert find(sign_enrolment(KEY, Enrolment(OFFICE, 2, PUBLIC, 5))) == Enrolment(
        OFFICE, 2, PUBLIC, 5
    )
    shown = sign_certificate(KEY, certificate)
    assert find_paper(shown, "certificate", Certificate, OFFICE, OFFICE_KEY) == certificate
    shown = sign_paper(KEY, signature.REVOCATIONS, listed)
    assert find_paper(shown, "revocations", Revocations, OFFICE, OFFICE_KEY) == listed


@pytest.mark.parametrize(
    "shown",
    [
        sign_enrolment(new_key(9), ENROLMENT),
        sign_paper(KEY, signature.CERTIFICATE, ENROLMENT),
        sign_paper(KEY, signature.ENROLMENT, [OFFICE, 2, PUBLIC]),
        sign_paper(KEY, signature.ENROLMENT, [OFFICE, -2, PUBLIC, 5]),
        Shown(signature.ENROLMENT, b"\xc1", bytes(64)),
        Shown(signature.ENROLMENT, b"", bytes(64)),
        Shown("enrolment", sign_enrolment(KEY, ENROLMENT).message, bytes(3)),
    ],
)
def test_what_is_not_ours_is_no_paper(shown: Shown) -> None:
    assert find(shown) is None


def test_another_office_or_purpose_believes_nothing_of_it() -> None:
    shown = sign_enrolment(KEY, ENROLMENT)

    assert find(shown, office="other-office") is None
    assert find_paper(shown, "certificate", Certificate, OFFICE, OFFICE_KEY) is None

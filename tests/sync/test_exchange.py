"""Envelopes and messages: what is signed is what is read, and junk is refused in words."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import signature
from sync.exchange import (
    PROTOCOL,
    EnrolmentRequest,
    ExchangeRequest,
    read_envelope,
    read_message,
    seal,
)
from sync.refusals import BadSignature, Malformed, UnknownProtocol
from sync.sent_batch import read_batch
from tests.sync.writer import new_key

KEY = new_key(2)


def enrolment(**parts: Any) -> EnrolmentRequest:
    """Give what a new device sends."""
    request = EnrolmentRequest(
        PROTOCOL, "code", signature.public_bytes(KEY), "Máy của An", "0.1.0", 1
    )
    return msgspec.structs.replace(request, **parts)


def test_what_was_sealed_is_read_and_verifies_for_its_purpose_only() -> None:
    envelope = read_envelope(seal(enrolment(), KEY, signature.REQUEST))
    request = read_message(envelope, EnrolmentRequest)

    signature.verify(request.public_key, signature.REQUEST, envelope.message, envelope.signature)
    with pytest.raises(BadSignature):
        signature.verify(
            request.public_key, signature.RESPONSE, envelope.message, envelope.signature
        )


def test_a_version_that_is_too_new_is_named_as_such() -> None:
    envelope = read_envelope(seal(enrolment(protocol=99), KEY, signature.REQUEST))

    with pytest.raises(UnknownProtocol):
        read_message(envelope, EnrolmentRequest)


@pytest.mark.parametrize(
    "parts", [{"label": ""}, {"label": "x" * 201}, {"public_key": b"short"}, {"time": 2**53}]
)
def test_a_message_out_of_bounds_is_malformed(parts: dict[str, Any]) -> None:
    envelope = read_envelope(seal(enrolment(**parts), KEY, signature.REQUEST))

    with pytest.raises(Malformed):
        read_message(envelope, EnrolmentRequest)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xdf\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 200_000,
        b"\x81\xa7message\xa2\xff\xfe",
        b"<!doctype html>",
    ],
)
def test_junk_is_no_envelope(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_envelope(body)


@given(junk=st.binary(max_size=300))
def test_random_bytes_are_malformed_and_nothing_else(junk: bytes) -> None:
    with pytest.raises(Malformed):
        read_message(read_envelope(junk), ExchangeRequest)


@given(junk=st.binary(min_size=1, max_size=300))
def test_a_random_batch_is_malformed_and_nothing_else(junk: bytes) -> None:
    with pytest.raises(Malformed):
        read_batch(junk, len(junk))

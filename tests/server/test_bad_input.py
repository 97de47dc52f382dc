"""Whatever is sent to the devices' door: the right refusal, and nothing stored half."""

import gzip
import os

import httpx
import msgspec
import pytest

from server.records.tables import changes, logs, records
from sync import signature
from sync.exchange import PROTOCOL
from sync.limits import EXCHANGE_INFLATED_BYTES_MAX, EXCHANGE_PACKED_BYTES_MAX
from tests.server.conftest import OpenOffice
from tests.support.phone import MSGPACK, Phone, Refused

DOORS = ("/sync/enrolment", "/sync/seats", "/sync/exchange")

NESTED = b"\x91" * 200_000 + b"\xc0"
CLAIMS_FOUR_BILLION = b"\xdd\xff\xff\xff\xff"


def envelope(message: bytes) -> bytes:
    """Put any bytes where a message stands."""
    return msgspec.msgpack.encode({"message": message, "signature": b"s" * 64})


NONSENSE = {
    "nothing": b"",
    "not MessagePack": b"\xc1",
    "a number": b"\x01",
    "truncated": b"\x82\xa7message",
    "bad UTF-8": b"\x81\xa2\xff\xfe\x01",
    "nested deep": NESTED,
    "claims four billion": CLAIMS_FOUR_BILLION,
    "an envelope of nothing": envelope(b""),
    "an envelope of nesting": envelope(NESTED),
    "an envelope of claims": envelope(CLAIMS_FOUR_BILLION),
    "an envelope of bad UTF-8": envelope(b"\x81\xa6office\xa2\xff\xfe"),
    "a signature too short": msgspec.msgpack.encode({"message": b"", "signature": b""}),
    "a number over 2^53": envelope(msgspec.msgpack.encode({"protocol": 2**60})),
    "a number over 2^64": envelope(b"\x81\xa8protocol\xcb\x43\xf0\x00\x00\x00\x00\x00\x00"),
    "an extension type": envelope(b"\x81\xa8protocol\xd4\x01\x00"),
}


@pytest.mark.parametrize("door", DOORS)
def test_nonsense_is_malformed(office: OpenOffice, door: str) -> None:
    for what, body in NONSENSE.items():
        answer = _post(office, door, body)

        assert answer.status_code == 400, what
        assert answer.headers["content-type"] == MSGPACK, what
        assert msgspec.msgpack.decode(answer.content)["code"] == "malformed", what


def test_the_answer_comes_in_the_form_that_is_accepted(office: OpenOffice) -> None:
    sent = {"Content-Type": MSGPACK, "Accept": "application/problem+json, */*"}

    answer = office.http.post("/sync/exchange", content=b"", headers=sent)

    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "code", "detail"}
    assert (problem["status"], problem["code"]) == (400, "malformed")


def test_another_protocol_is_unknown(office: OpenOffice) -> None:
    answer = _post(office, "/sync/exchange", envelope(msgspec.msgpack.encode({"protocol": 9})))

    assert (answer.status_code, _code(answer)) == (400, "unknown-protocol")


@pytest.mark.parametrize("packed", [b"no gzip", gzip.compress(b"x" * 100, mtime=0)[:-3], b""])
def test_broken_gzip_is_malformed(office: OpenOffice, packed: bytes) -> None:
    answer = _post(office, "/sync/exchange", packed, **{"Content-Encoding": "gzip"})

    assert (answer.status_code, _code(answer)) == (400, "malformed")


def test_a_bomb_is_not_inflated(office: OpenOffice) -> None:
    bomb = gzip.compress(b"\0" * (EXCHANGE_INFLATED_BYTES_MAX + 1))

    answer = _post(office, "/sync/exchange", bomb, **{"Content-Encoding": "gzip"})

    assert (answer.status_code, _code(answer)) == (413, "too-large")


def test_an_oversized_body_is_refused(office: OpenOffice) -> None:
    answer = _post(office, "/sync/exchange", b"\0" * (EXCHANGE_PACKED_BYTES_MAX + 1))

    assert (answer.status_code, _code(answer)) == (413, "too-large")


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/plain"}, {"Content-Encoding": "br"}, {"Content-Type": ""}]
)
def test_other_types_and_encodings_are_unsupported(
    office: OpenOffice, headers: dict[str, str]
) -> None:
    answer = _post(office, "/sync/exchange", b"\x80", **headers)

    assert (answer.status_code, _code(answer)) == (415, "unsupported-type")


def test_the_wrong_method_and_address_are_said_so(office: OpenOffice) -> None:
    assert office.http.get("/sync/exchange").status_code == 405
    assert office.http.get("/sync/nothing").json()["code"] == "not-found"


def test_a_device_that_nobody_knows(office: OpenOffice) -> None:
    phone = office.phone()
    phone.device = 4711

    assert _refusal_of(phone) == (401, "unknown-device")


def test_nobody_speaks_as_the_office(office: OpenOffice) -> None:
    phone = office.phone()
    phone.device = 1

    assert _refusal_of(phone) == (401, "unknown-device")


def test_a_request_with_another_devices_key(office: OpenOffice) -> None:
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    phone.key = other.key

    assert _refusal_of(phone) == (401, "bad-signature")


def test_a_message_for_another_office(office: OpenOffice) -> None:
    phone = office.phone()
    phone.office = "another-office"

    assert _refusal_of(phone) == (403, "wrong-office")


def test_any_flipped_bit_is_refused_and_stores_nothing(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    request = phone.request(an)

    for place in range(0, len(request), max(1, len(request) // 40)):
        flipped = bytearray(request)
        flipped[place] ^= 1 << (place % 8)
        answer = _post(office, "/sync/exchange", bytes(flipped))
        # The seat's own signature may be spoilt: the device's is enough to hand in.
        assert answer.status_code in (200, 400, 401, 403), place
        if answer.status_code != httpx.codes.OK:
            continue
        assert place > request.index(b"seat_signature"), place
    phone.exchange(an)

    assert len(office.rows(changes)) == len(office.rows(records)) == len(office.rows(logs)) == 1


def test_a_truncated_request_stores_nothing(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    request = phone.request(an)

    for end in range(0, len(request), max(1, len(request) // 25)):
        answer = _post(office, "/sync/exchange", request[:end])
        assert (answer.status_code, _code(answer)) == (400, "malformed")

    assert office.rows(changes) == []


def test_numbers_over_the_limit_are_malformed(office: OpenOffice) -> None:
    phone = office.phone()
    message = {"protocol": PROTOCOL, "office": phone.office, "device": 2**63}
    body = _sealed(phone, message)

    answer = _post(office, "/sync/exchange", body)

    assert (answer.status_code, _code(answer)) == (400, "malformed")


@pytest.mark.parametrize("text", ["a\0b", "\0"])
def test_nul_in_texts_is_never_a_mistake_of_ours(office: OpenOffice, text: str) -> None:
    phone = Phone(office.http, text)
    with pytest.raises(Refused) as refused:
        phone.enrol(office.link())
    assert refused.value.status == 400
    with pytest.raises(Refused) as refused:
        Phone(office.http).enrol(text)
    assert refused.value.code == "unknown-code"
    with pytest.raises(Refused) as refused:
        office.phone().sign_in(text)
    assert refused.value.code == "wrong-secret"


def test_random_bytes_are_never_a_mistake_of_ours(office: OpenOffice) -> None:
    for _ in range(100):
        answer = _post(office, "/sync/exchange", os.urandom(200))
        assert answer.status_code == 400


def _post(office: OpenOffice, path: str, body: bytes, **headers: str) -> httpx.Response:
    return office.http.post(path, content=body, headers={"Content-Type": MSGPACK, **headers})


def _code(answer: httpx.Response) -> str:
    problem = (
        msgspec.json.decode(answer.content)
        if "json" in answer.headers["content-type"]
        else msgspec.msgpack.decode(answer.content)
    )
    return str(problem["code"])


def _refusal_of(phone: Phone) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        phone.exchange()
    return refused.value.status, refused.value.code


def _sealed(phone: Phone, message: dict[str, object]) -> bytes:
    encoded = msgspec.msgpack.encode(message)
    signed = signature.sign(phone.key, signature.REQUEST, encoded)
    return msgspec.msgpack.encode({"message": encoded, "signature": signed})

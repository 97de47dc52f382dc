"""What goes between the world and the engine's process, from one's words into the other's."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from sync import signature
from sync.change import LinkedChange, read_skeleton, split, values_of
from sync.exchange import ExchangeResponse, read_envelope, read_message
from sync.record import decode_state
from sync.refusals import Refusal
from tests.sim.ports import OK, Feed, Reply, Written
from tests.sim.signing import KeyPair

MESSAGE = "application/vnd.msgpack"
SECRET_BYTES = 32


def written_of(one: dict[str, Any]) -> Written:
    """Give a change as an engine handed it to its store, with what its author saw."""
    skeleton_bytes, body_bytes = split(b64decode(one["change"]))
    change = LinkedChange(
        one["seat"],
        one["seq"],
        b64decode(one["head"]),
        skeleton_bytes,
        body_bytes,
        read_skeleton(skeleton_bytes),
    )
    if one["before"] is None:
        return Written(change, {}, 0)
    before = decode_state(b64decode(one["before"]))
    assert change.skeleton is not None
    saw = {
        name: [(head.dot, bytes(head.value)) for head in before.registers[name].heads]
        for name in change.skeleton.fields
        if name in before.registers
    }
    return Written(change, saw, before.seen.get(change.seat, 0))


def as_by(fields: Mapping[str, Any], written: Written) -> Written:
    """Say what its author saw only of what somebody set just now.

    What is carried over goes on from what its author saw in another log.
    """
    skeleton, body = written.change.skeleton, written.change.body_bytes
    assert skeleton is not None
    assert body is not None
    sets = dict(zip(skeleton.fields, values_of(body), strict=True))
    is_deed = fields and all(sets.get(name) == value for name, value in fields.items())
    return written if is_deed else replace(written, saw={})


def response_of(reply: Reply, office_key: bytes) -> ExchangeResponse | None:
    """Read an answer that came whole."""
    if reply.status != OK:
        return None
    try:
        envelope = read_envelope(reply.body)
        signature.verify(office_key, signature.RESPONSE, envelope.message, envelope.signature)
        return read_message(envelope, ExchangeResponse)
    except Refusal:
        return None


def answer_of(reply: Reply) -> dict[str, Any]:
    """Give an answer as HTTP would bring it."""
    body, kind = reply.body, MESSAGE
    if reply.status != OK and not is_problem(body):
        code = body.decode(errors="replace")
        body = msgspec.msgpack.encode({"status": reply.status, "code": code})
    elif body.startswith(b"<"):
        kind = "text/html"
    return {"status": reply.status, "contentType": kind, "body": b64encode(body).decode()}


def feed_of(text: str) -> Feed:
    """Read how the engine names a feed."""
    seat, area = text.split("/", 1)
    return Feed(int(seat), area)


def is_problem(body: bytes) -> bool:
    """Tell whether an office has said itself what is wrong; a model names only the code."""
    try:
        return isinstance(msgspec.msgpack.decode(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def key_of(pair: KeyPair, *, is_real: bool) -> dict[str, str | None]:
    """Give a key for the engine to make: with a secret only where signatures are real."""
    secret = None
    if is_real:
        number = pair.private.private_numbers().private_value
        secret = b64encode(number.to_bytes(SECRET_BYTES, "big")).decode()
    return {"point": b64encode(pair.public).decode(), "secret": secret}

"""An order of the office to one device that it has revoked.

1. It is signed, and names its office and its device: another's order says nothing to this one.
2. It is numbered: only one above the newest that was heeded is heeded, so neither an old nor a
   repeated one does anything.
3. `stop` has the number 0 and asks for nothing but handing in.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from sync import signature
from sync.change import Count, Place
from sync.limits import NAME_CHARACTERS_MAX
from sync.refusals import BadSignature, Malformed


class Action(StrEnum):
    """What a revoked device shall do."""

    STOP = "stop"
    """Hand in; it gets nothing more."""

    HAND_IN = "hand-in"
    """Hand in everything, and then wipe."""

    NOW = "now"
    """Wipe at once: what was not handed in is lost."""


class Order(msgspec.Struct, array_like=True, frozen=True):
    """What the office signs of an order."""

    office: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    device: Place
    number: Count
    action: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    time: Count


_decoder = msgspec.msgpack.Decoder(Order)


def write_order(order: Order) -> bytes:
    """Give the bytes to sign."""
    return msgspec.msgpack.encode(order)


def read_order(message: bytes) -> Order:
    """Read the bytes of an order; raise Malformed if they are none."""
    try:
        return _decoder.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed("an order") from None


def is_for(order: Order, office: str, device: int) -> bool:
    """Tell whether an order speaks to this device; any such one says that it is revoked."""
    return (order.office, order.device) == (office, device)


def find_action(order: Order, newest: int) -> Action | None:
    """Say what to do beyond handing in; nothing for a number that was heeded, or an unknown deed.

    `newest` is the number of the newest order that was heeded, 0 for none.
    """
    if order.number <= newest or order.action not in (Action.HAND_IN, Action.NOW):
        return None
    return Action(order.action)


def open_order(message: bytes, signed: bytes, office_key: bytes) -> Order | None:
    """Read an order that the office signed; nothing where it did not, or where it is none."""
    try:
        signature.verify(office_key, signature.ORDER, message, signed)
        return read_order(message)
    except (BadSignature, Malformed):
        return None

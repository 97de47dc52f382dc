"""How a device asks to be woken: where its browser's push service takes messages, and for whom.

A subscription is a seat's: one person on one device. What is pushed there is a kind and no more
(docs/protocol.md, part 6.8); `KINDS` are all that there are, and the phone has the words.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from sync.change import Count, Place
from sync.exchange import Name, PublicKey
from sync.limits import EXCHANGE_LOGS_MAX, PUSH_AUTH_BYTES, PUSH_ENDPOINT_CHARACTERS_MAX

Kind = Literal["supplement", "settled", "result", "codes"]
KINDS: Final[tuple[Kind, ...]] = ("supplement", "settled", "result", "codes")

Wish = Literal["ask", "on", "off", "move"]


class Subscription(msgspec.Struct, frozen=True):
    """Where a browser can be reached, and the keys that messages to it are sealed to."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=PUSH_ENDPOINT_CHARACTERS_MAX)]
    p256dh: PublicKey
    auth: Annotated[bytes, Meta(min_length=PUSH_AUTH_BYTES, max_length=PUSH_AUTH_BYTES)]


class PushRequest(msgspec.Struct, frozen=True):
    """What a device wishes.

    `ask` changes nothing. `on` is for `seat`, which signs too. `off` is for `seat`, or for all of
    the device. `move`: the browser has another address for all that stands.
    """

    protocol: Place
    office: Name
    device: Place
    number: Count
    time: Count
    wish: Wish
    seat: Place | None = None
    push: Subscription | None = None


class PushResponse(msgspec.Struct, frozen=True):
    """What stands after it: the office's key, empty where it sends nothing, and the seats on."""

    protocol: Place
    office: Name
    device: Place
    number: Count
    time: Count
    key: bytes
    seats: Annotated[list[Place], Meta(max_length=EXCHANGE_LOGS_MAX)]

"""What is pushed, where to, and how often. Pure.

1. A payload says a kind and has the same length for every kind: who carries it learns neither.
2. An address is a device's word: it is followed to public hosts by HTTPS alone, so that nobody
   lets the office ask machines of its own network (SSRF).
3. What cannot be handed over is tried again a few times, then left: the next exchange tells it.
"""

import json
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from sync.limits import PUSH_ENDPOINT_CHARACTERS_MAX
from sync.push import Kind
from sync.refusals import Refusal

PAYLOAD_BYTES: Final = 64
GAP_MS: Final = 5 * 60 * 1000
"""Of one kind a device is woken once in so long; what comes up meanwhile is one message later."""

CODES_GAP_MS: Final = 20 * 60 * 60 * 1000
"""That codes run out is told once a working day."""

TRIES_MAX: Final = 5
RETRY_FIRST_MS: Final = 60_000
TTL_SECONDS: Final = 24 * 60 * 60
"""How long a push service keeps it for a phone that is switched off; later news is no news."""

CODES_LEFT_MIN: Final = 20
CODES_DAYS_MIN: Final = 2
"""With fewer left for today, or none for the day after so many, a phone ought to exchange."""


class BadEndpoint(Refusal):
    """An address that nothing is sent to."""

    code = "bad-endpoint"

    def __init__(self) -> None:
        """Build the sentence; the address is a secret between a browser and its service."""
        super().__init__("this is not the address of a push service")


def payload_of(kind: Kind) -> bytes:
    """Give what is pushed: the kind, and blanks up to the length that all have."""
    return json.dumps({"kind": kind}).ljust(PAYLOAD_BYTES).encode()


def require_endpoint(endpoint: str, *, is_demo: bool) -> None:
    """Pass for an address that may be one of a push service; raises BadEndpoint.

    What its name stands for is looked at when something is sent (`carrier.py`).
    """
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise BadEndpoint
    try:
        parts = urlsplit(endpoint)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise BadEndpoint from None
    if host is None or len(endpoint) > PUSH_ENDPOINT_CHARACTERS_MAX or parts.fragment:
        raise BadEndpoint
    if parts.username is not None or parts.password is not None:
        raise BadEndpoint
    if is_demo and parts.scheme in ("http", "https") and _is_loopback(host):
        return
    if parts.scheme != "https" or port not in (None, 443) or not _may_be_public(host):
        raise BadEndpoint


def may_reach(address: str, *, is_demo: bool) -> bool:
    """Tell whether the office may connect to an address that a name stands for."""
    found = ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return is_demo
    return found.is_global and not found.is_multicast


def pause_after(tries: int) -> int | None:
    """Give how long to wait after so many failures in a row, ms; None: no more."""
    return None if tries >= TRIES_MAX else RETRY_FIRST_MS * 4 ** (tries - 1)


def gap_of(kind: Kind) -> int:
    """Give how long a seat is left alone after a message of this kind, ms."""
    return CODES_GAP_MS if kind == "codes" else GAP_MS


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _may_be_public(host: str) -> bool:
    try:
        return may_reach(host, is_demo=False)
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) > 1 and labels[-1] not in ("local", "localhost", "internal", "arpa")

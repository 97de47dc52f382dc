"""Seals one message for one browser and hands it to the browser's push service."""

from base64 import urlsafe_b64encode
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from server.push.carrier import Answer, Carrier, NotCarried
from server.push.rules import TTL_SECONDS, BadEndpoint, payload_of
from sync.push import Kind, Subscription

TOKEN_SECONDS: Final = 12 * 60 * 60
GONE: Final = frozenset({404, 410})


class Outcome(Enum):
    """What became of it."""

    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"


def send(
    key: EllipticCurvePrivateKey,
    contact: str,
    carrier: Carrier,
    push: Subscription,
    kind: Kind,
    now: int,
) -> Outcome:
    """Seal and hand over; waits for the network, so call it beside the loop.

    GONE is an address that its service does not know any more, or that nothing may be sent to.
    """
    # Brings two HTTP clients with it: an office whose phones wish for nothing never pays for them.
    from py_vapid import Vapid02  # noqa: PLC0415
    from pywebpush import WebPushException, webpush  # noqa: PLC0415

    keys = {"p256dh": _text(push.p256dh), "auth": _text(push.auth)}
    parts = urlsplit(push.endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"
    claims = {"aud": audience, "sub": contact, "exp": now // 1000 + TOKEN_SECONDS}
    try:
        webpush(
            {"endpoint": push.endpoint, "keys": keys},
            payload_of(kind),
            vapid_private_key=Vapid02(private_key=key),
            vapid_claims=claims,
            ttl=TTL_SECONDS,
            headers={"urgency": "normal"},
            requests_session=carrier,
        )
    except WebPushException as refused:
        answer = refused.response
        is_gone = isinstance(answer, Answer) and answer.status_code in GONE
        return Outcome.GONE if is_gone else Outcome.FAILED
    except BadEndpoint:
        return Outcome.GONE
    except (NotCarried, ValueError):
        return Outcome.FAILED
    return Outcome.SENT


def contact_of(url: str) -> str:
    """Give whom a push service may turn to (RFC 8292): the office's own address."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return f"https://{parts.hostname}"
    return "mailto:office@localhost"


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()

"""What every answer tells browsers about what its page may do."""

from typing import Final

from litestar.types import Message, Scope

POLICY: Final = (
    "default-src 'self'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

_PLAIN: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
]

_DESK: Final = [*_PLAIN, (b"content-security-policy", POLICY.format(wasm="").encode())]
# The field app derives keys and reads QR codes in WebAssembly.
_APP: Final = [
    *_PLAIN,
    (b"content-security-policy", POLICY.format(wasm=" 'wasm-unsafe-eval'").encode()),
]


# No page, so nothing but how to read it: on a bad line half a kilobyte at each answer is felt.
_DEVICES: Final = [(b"x-content-type-options", b"nosniff")]


async def add_headers(message: Message, scope: Scope) -> None:
    """Add them to the beginning of an answer, also of one that is an error."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *_headers_of(scope["path"])]


def _headers_of(path: str) -> list[tuple[bytes, bytes]]:
    if path.startswith("/sync/"):
        return _DEVICES
    return _APP if path.startswith("/app") else _DESK

"""Requests that are no HTTP, or only almost: what a broken proxy or a port scanner sends."""

from random import Random
from typing import Final

from tests.fuzz.mutation import spoil_bytes
from tests.fuzz.shot import Shot

LINES: Final = (
    b"GET / HTTP/1.1",
    b"POST /sync/exchange HTTP/1.1",
    b"POST /desk/sign-in HTTP/1.1",
    b"GET /desk/../../etc/passwd HTTP/1.1",
    b"GET http://example.org/ HTTP/1.1",
    b"CONNECT example.org:443 HTTP/1.1",
    b"GET /%00 HTTP/1.0",
    b"PRI * HTTP/2.0",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)
HEADERS: Final = (
    b"Host: localhost",
    b"Host: localhost\r\nHost: elsewhere",
    b"Content-Length: 10",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 4",
    b"Content-Type: multipart/form-data",
    b"Content-Type: application/vnd.msgpack; charset=\xff",
    b"Cookie: " + b"a=b; " * 3_000,
    b"X" * 9_000 + b": y",
    b"Expect: 100-continue",
    b"Upgrade: websocket\r\nConnection: Upgrade",
    b" folded: header",
    b"no colon",
    b"Range: bytes=0-0,1-1,-1",
)
BODIES: Final = (
    b"",
    b"",
    b"12345",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"ffffffffff\r\nx",
    b"zz\r\n",
    b"\0" * 99,
)


def raw_bytes(chance: Random) -> Shot:
    """Give the bytes of a whole connection."""
    headers = [chance.choice(HEADERS) for _ in range(chance.choice((0, 1, 2, 4)))]
    if chance.random() < 0.7:
        headers.insert(0, HEADERS[0])
    head = b"\r\n".join([chance.choice(LINES), *headers])
    raw = head + chance.choice((b"\r\n\r\n", b"\r\n\r\n", b"\n\n", b"")) + chance.choice(BODIES)
    if chance.random() < 0.4:
        raw = spoil_bytes(chance, raw)
    return Shot("raw", "-", "-", raw=raw or b"\n")

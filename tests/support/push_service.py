"""A push service on this machine: takes what is posted to it, and opens it as a browser would."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import http_ece
from py_vapid import Vapid02

from server.keys import new_private_key
from sync.push import Subscription
from sync.signature import public_bytes


@dataclass(frozen=True)
class Posted:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """The receiving end of one subscription."""

    endpoint: str
    auth: bytes = b"0123456789abcdef"
    key: Any = field(default_factory=new_private_key)

    @property
    def subscription(self) -> Subscription:
        """What the browser tells the office."""
        return Subscription(self.endpoint, public_bytes(self.key), self.auth)

    def open(self, posted: Posted) -> dict[str, Any]:
        """Decrypt what was posted."""
        plain = http_ece.decrypt(
            posted.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        said: dict[str, Any] = json.loads(plain)
        return said


class PushService:
    """What came, in order; the next answers may be set, else all is taken."""

    def __init__(self, address: str) -> None:
        """Begin with nothing."""
        self.address = address
        self.came: Queue[Posted] = Queue()
        self.answers: list[int] = []

    def browser(self, name: str = "a") -> Browser:
        """Give a browser that is subscribed here."""
        return Browser(f"{self.address}/push/{name}")

    @property
    def count(self) -> int:
        """How many came that nobody has looked at."""
        return self.came.qsize()


def claims_of(posted: Posted) -> dict[str, Any]:
    """Verify who signed a message, and give what they claim."""
    said = posted.headers["authorization"]
    assert Vapid02.verify(said)
    part = said.split("t=")[1].split(",")[0].split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


@contextmanager
def running_push_service() -> Iterator[PushService]:
    """Run one on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = service.answers.pop(0) if service.answers else 201
            if status == 201:
                service.came.put(Posted(self.path, headers, body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status == 302:
                self.send_header("Location", f"{service.address}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

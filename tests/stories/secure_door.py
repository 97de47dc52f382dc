"""The office behind HTTPS, with a certificate that a story may spoil while phones go on.

Whoever keeps the key decides which browsers trust it: one is told the key's hash, as an
administrator would tell it an authority; without that word it refuses, as every browser refuses a
certificate that nobody vouches for or that has ended.
"""

import base64
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME: Final = "localhost"
OWN: Final = frozenset({"connection", "transfer-encoding", "keep-alive", "content-length"})
"""Headers that say how this one leg carries its bytes."""


@dataclass
class SecureDoor:
    """Where phones find the office, and the words that make a browser trust its key."""

    address: str
    trusting: str


@contextmanager
def open_secure_door(office_port: int, folder: Path) -> Iterator[SecureDoor]:
    """Serve an office under a certificate that ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / "door.pem"
    path.write_bytes(_ended_certificate(key) + _private(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer((NAME, 0), _handler(office_port))
    server.daemon_threads = True
    # The handshake is each connection's own affair: nobody waits for a stranger's.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = base64.b64encode(hashlib.sha256(public).digest()).decode()
    try:
        yield SecureDoor(
            f"https://{NAME}:{server.server_port}",
            f"--ignore-certificate-errors-spki-list={digest}",
        )
    finally:
        server.shutdown()
        server.server_close()


def _ended_certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _handler(office_port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # a browser that does not trust us has hung up

        def carry(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            office = HTTPConnection("127.0.0.1", office_port, timeout=60)
            office.request(self.command, self.path, self.rfile.read(length), dict(self.headers))
            answer = office.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OWN:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            office.close()

        def __getattr__(self, name: str) -> Callable[[], None]:
            # http.server asks for `do_GET`, `do_POST` …: all are the same here.
            if name.startswith("do_"):
                return self.carry
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing: the office keeps the log."""

    return Handler

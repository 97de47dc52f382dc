"""Carries one message to a push service, and to nothing else.

1. The name is looked up once, every address that it stands for is checked, and the connection goes
   to one of those: a name cannot be public when it is checked and private when it is asked.
2. No redirect is followed, no proxy asked, no more read than the head of the answer.
3. The whole of it takes a few seconds at most, whoever is at the other end.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Final, cast
from urllib.parse import urlsplit

from server.push.rules import BadEndpoint, may_reach, require_endpoint
from sync.limits import PUSH_BYTES_MAX

STEP_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 12.0


class NotCarried(Exception):
    """Nobody answered, or not as HTTP."""


@dataclass(frozen=True)
class Answer:
    """What a push service said. The names are those that pywebpush asks for."""

    status_code: int
    reason: str = ""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Carrier:
    """Posts as pywebpush wants it posted."""

    is_demo: bool

    def post(
        self,
        endpoint: str,
        *,
        data: bytes,
        headers: Mapping[str, object],
        timeout: float | None = None,  # noqa: ARG002 -- ours are above
    ) -> Answer:
        """Post a sealed message; raises BadEndpoint or NotCarried."""
        assert len(data) <= PUSH_BYTES_MAX, "no push service has to carry more"
        require_endpoint(endpoint, is_demo=self.is_demo)
        parts = urlsplit(endpoint)
        is_sealed = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if is_sealed else 80)
        try:
            lines = [self._connect(host, port)]
        except (OSError, UnicodeError) as fault:
            raise NotCarried from fault
        end = Timer(WHOLE_SECONDS, _cut, [lines])
        end.daemon = True
        end.start()
        try:
            if is_sealed:
                context = ssl.create_default_context()
                lines.append(
                    context.wrap_socket(
                        lines[0], server_hostname=host, do_handshake_on_connect=False
                    )
                )
                cast("ssl.SSLSocket", lines[-1]).do_handshake()
            connection = HTTPConnection(host, port)
            connection.sock = lines[-1]
            path = parts.path or "/"
            said = {name: str(value) for name, value in headers.items()}
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, data, said)
            return Answer(connection.getresponse().status)
        except (OSError, HTTPException, ValueError) as fault:
            raise NotCarried from fault
        finally:
            end.cancel()
            for line in lines:
                line.close()

    def _connect(self, host: str, port: int) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not addresses or not all(may_reach(one, is_demo=self.is_demo) for one in addresses):
            raise BadEndpoint
        fault: OSError | None = None
        for address in addresses[:2]:
            try:
                return socket.create_connection((address, port), STEP_SECONDS)
            except OSError as error:
                fault = error
        raise fault or OSError


def _cut(lines: list[socket.socket]) -> None:
    """End what takes too long; the socket below a TLS one is that one's by then."""
    with suppress(OSError):
        lines[-1].shutdown(socket.SHUT_RDWR)

"""A network line between a phone and the office that counts bytes and tells when they flow.

A small TCP proxy in threads. It changes nothing that passes; whoever listens may pull a plug at
the moment when the first byte goes out.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK_BYTES = 16_384


@dataclass
class Line:
    """What has passed since the last `reset`."""

    office_port: int
    bytes_up: int = 0
    bytes_down: int = 0
    first_byte_sent: threading.Event = field(default_factory=threading.Event)
    """Set when the first byte has been sent on to the office."""

    answer_begun: threading.Event = field(default_factory=threading.Event)
    """Set when the first byte of an answer has come from the office."""

    swallows_answers: bool = False
    """What comes from the office is lost on its way."""

    stops_after: int | None = None
    """So many bytes are sent on to the office; of the rest nobody hears."""

    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when a request has come to the place where the line stops."""

    cuts_after: int | None = None
    """After so many bytes to the office every connection breaks, and each new one too."""

    cut: threading.Event = field(default_factory=threading.Event)
    """Set when a connection was broken in the middle of a request."""

    port: int = 0
    _listener: socket.socket | None = None

    def reset(self) -> None:
        """Count from nothing again."""
        self.bytes_up = self.bytes_down = 0
        self.first_byte_sent.clear()
        self.answer_begun.clear()
        self.stopped.clear()
        self.cut.clear()

    def open(self) -> None:
        """Begin to take connections."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        if self._listener:
            self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                phone, _ = listener.accept()
            except OSError:
                if listener.fileno() < 0:
                    return  # closed
                continue  # whoever called has gone again
            # Or small requests would wait 40 ms for an acknowledgement.
            phone.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=[phone], daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        try:
            office = socket.create_connection(("127.0.0.1", self.office_port))
        except OSError:
            phone.close()
            return
        if _is_nobody(office):
            hang_up(office)
            phone.close()
            return
        office.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._carry_down, args=[office, phone], daemon=True).start()
        self._carry_up(phone, office)

    def _carry_up(self, phone: socket.socket, office: socket.socket) -> None:
        for chunk in _chunks(phone):
            passed = chunk if self.stops_after is None else chunk[: self._room()]
            try:
                office.sendall(passed)
            except OSError:
                break
            self.bytes_up += len(passed)
            self.first_byte_sent.set()
            if len(passed) < len(chunk):
                self.stopped.set()
            if self.cuts_after is not None and self.bytes_up >= self.cuts_after:
                self.cut.set()
                break
        hang_up(office)

    def _room(self) -> int:
        assert self.stops_after is not None
        return max(0, self.stops_after - self.bytes_up)

    def _carry_down(self, office: socket.socket, phone: socket.socket) -> None:
        for chunk in _chunks(office):
            self.bytes_down += len(chunk)
            self.answer_begun.set()
            if self.swallows_answers:
                continue
            try:
                phone.sendall(chunk)
            except OSError:
                break
        hang_up(phone)


@contextmanager
def open_line(office_port: int) -> Iterator[Line]:
    """Lay a line to an office."""
    line = Line(office_port)
    line.open()
    try:
        yield line
    finally:
        line.close()


def _is_nobody(office: socket.socket) -> bool:
    try:
        # Where nobody listens, a call from the same port of the same machine meets itself.
        return bool(office.getsockname() == office.getpeername())
    except OSError:  # killed since it took the call
        return True


def _chunks(end: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            chunk = end.recv(CHUNK_BYTES)
        except OSError:
            return
        if not chunk:
            return
        yield chunk


def hang_up(end: socket.socket) -> None:
    """Close both ways, so that a reader at the other end wakes up too."""
    with suppress(OSError):  # the other end was faster
        end.shutdown(socket.SHUT_RDWR)
    end.close()

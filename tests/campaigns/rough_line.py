"""A line that does to each request what a plan says: a small HTTP proxy in threads.

It opens a connection to the office for each request, so a cut hits that one alone.
"""

import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.campaigns.trouble import NONE, PORTALS, Trouble
from tests.stories.line import CHUNK_BYTES, Line, hang_up

CONNECTION: Final = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

THROTTLED_BYTES: Final = 1_024


@dataclass(frozen=True)
class Asked:
    """A request, as the plan sees it before it goes on."""

    method: str
    path: str
    body_bytes: int


Plan = Callable[[Asked], Trouble]


@dataclass
class RoughLine(Line):
    """`plan` is asked at each request; `met` counts what has happened."""

    plan: Plan = lambda _asked: NONE
    met: "Counter[str]" = field(default_factory=Counter)
    body_bytes_up: int = 0
    """Bytes of bodies that came through to the office, all in all."""

    _last_answers: dict[str, bytes] = field(default_factory=dict)

    def _serve(self, phone: socket.socket) -> None:
        with suppress(OSError):  # a line that breaks is what this is about
            while self._carry_one(phone):
                pass
        hang_up(phone)

    def _carry_one(self, phone: socket.socket) -> bool:
        """Carry one request and its answer; tells whether another may follow."""
        asked, head, early = _read_head(phone)
        if asked is None:
            return False
        trouble = self.plan(asked)
        self.met[trouble.name] += 1
        time.sleep(trouble.delay_seconds)
        body = _Body(phone, early, asked.body_bytes)
        if trouble.portal:
            for _ in body.pieces(CHUNK_BYTES):
                pass
            phone.sendall(PORTALS[trouble.portal])
            return False
        if trouble.is_stale:
            for _ in body.pieces(CHUNK_BYTES):
                pass
            phone.sendall(self._last_answers[asked.path])
            return False
        answer = self._ask_office(head, body, trouble)
        if answer:
            self._last_answers[asked.path] = answer
            phone.sendall(_spoiled(answer, trouble))
        return False

    def _ask_office(self, head: bytes, body: "_Body", trouble: Trouble) -> bytes:
        """Pass a request on, and give the answer; nothing where the line was cut."""
        kept = bytearray()
        with socket.create_connection(("127.0.0.1", self.office_port)) as office:
            office.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            office.sendall(head)
            self.first_byte_sent.set()
            for piece in body.pieces(THROTTLED_BYTES if trouble.bytes_per_second else CHUNK_BYTES):
                passed = _spoil_request(piece, len(kept), trouble)
                office.sendall(passed)
                kept += passed
                self.body_bytes_up += len(passed)
                self.bytes_up += len(passed)
                if trouble.bytes_per_second:
                    time.sleep(len(passed) / trouble.bytes_per_second)
                if len(passed) < len(piece):
                    hang_up(office)
                    return b""
            answer = _read_all(office)
        if trouble.is_doubled:
            with socket.create_connection(("127.0.0.1", self.office_port)) as office:
                office.sendall(head + kept)
                answer = _read_all(office)
        self.answer_begun.set()
        self.bytes_down += len(answer)
        return answer


@dataclass
class _Body:
    """What is left to read of a request."""

    phone: socket.socket
    early: bytes
    length: int

    def pieces(self, size: int) -> Iterator[bytes]:
        """Give it as it comes in."""
        left = self.length
        while left:
            piece, self.early = self.early[:size], self.early[size:]
            piece = piece or self.phone.recv(min(size, left))
            if not piece:
                raise ConnectionAbortedError
            left -= len(piece)
            yield piece


@contextmanager
def open_rough_line(office_port: int, plan: Plan) -> Iterator[RoughLine]:
    """Lay a line to an office on which things happen by plan."""
    line = RoughLine(office_port, plan=plan)
    line.open()
    try:
        yield line
    finally:
        line.close()


def _read_head(phone: socket.socket) -> tuple[Asked | None, bytes, bytes]:
    """Read a request's head, and what of its body came with it."""
    read = b""
    while b"\r\n\r\n" not in read:
        part = phone.recv(CHUNK_BYTES)
        if not part:
            return None, b"", b""
        read += part
    head, _, early = read.partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ", 2)
    told = LENGTH.search(head)
    asked = Asked(method, path, int(told[1]) if told else 0)
    return asked, CONNECTION.sub(b"", head) + b"\r\nConnection: close\r\n\r\n", early


def _read_all(office: socket.socket) -> bytes:
    return b"".join(iter(lambda: office.recv(CHUNK_BYTES), b""))


def _spoil_request(piece: bytes, place: int, trouble: Trouble) -> bytes:
    """Do to a piece that begins at this place of the body what the trouble says."""
    if trouble.cut_up_at is not None:
        return piece[: max(0, trouble.cut_up_at - place)]
    if trouble.corrupt_up_at is not None:
        return _flipped(piece, trouble.corrupt_up_at - place)
    return piece


def _spoiled(answer: bytes, trouble: Trouble) -> bytes:
    if trouble.cut_down_at is not None:
        return answer[: trouble.cut_down_at]
    head, parting, body = answer.partition(b"\r\n\r\n")
    if trouble.shortened_to is not None and LENGTH.search(head):
        body = body[: trouble.shortened_to]
        head = LENGTH.sub(b"\r\nContent-Length: %d" % len(body), head)
    if trouble.corrupt_down_at is not None:
        body = _flipped(body, trouble.corrupt_down_at)
    return head + parting + body


def _flipped(data: bytes, place: int) -> bytes:
    """Flip a bit of the byte at a place, if it lies in here."""
    if not 0 <= place < len(data):
        return data
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]

"""Offices to measure, phones that join them without a screen, and a line that costs nothing."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import httpx

from server.clock import now_ms
from server.devices.confirmation import confirm
from server.devices.links import make_link
from tests.bench.processor import children_of, cpu_seconds
from tests.bench.raw_rows import Raw, RawPostgres, RawSqlite, cpu_of_postgres
from tests.stories.office import OfficeProcess
from tests.stories.records import connected
from tests.support.phone import MSGPACK, Phone, PhoneSeat
from tests.support.postgres import Postgres

GZIP_LEVEL = 6
"""What browsers do when they pack: zlib's middle way."""

_numbers = count(1)

PACKED = {"Content-Type": MSGPACK, "Content-Encoding": "gzip", "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Place:
    """An office on one kind of database, and the baseline of that database."""

    kind: str
    office: OfficeProcess
    make_raw: Callable[[], Raw]
    postgres: Postgres | None = None

    def clock(self) -> Callable[[], float]:
        """Give the processor clock of the office, with its database server if it has one."""
        assert self.office.process
        pids = [self.office.process.pid, *children_of(self.office.process.pid)]
        database = cpu_of_postgres(self.postgres) if self.postgres else float
        return lambda: cpu_seconds(pids) + database()


@contextmanager
def place_on_sqlite(folder: Path, name: str = "office") -> Iterator[Place]:
    """Serve an office on SQLite."""
    database = f"sqlite:///{folder / name}.sqlite3"
    with _served(OfficeProcess(folder / name, database, is_cold=True)) as office:
        yield Place("SQLite", office, lambda: RawSqlite(folder / f"raw-{name}.sqlite3"))


@contextmanager
def place_on_postgres(folder: Path, postgres: Postgres, name: str = "pg-office") -> Iterator[Place]:
    """Serve an office on a database of its own of this server."""
    database = postgres.url(postgres.new_database())
    with _served(OfficeProcess(folder / name, database, is_cold=True)) as office:
        yield Place("PostgreSQL", office, lambda: RawPostgres(postgres), postgres)


@contextmanager
def _served(office: OfficeProcess) -> Iterator[OfficeProcess]:
    office.start()
    try:
        yield office
    finally:
        office.kill()


@contextmanager
def joined(person: str, office: OfficeProcess) -> Iterator[tuple[Phone, PhoneSeat]]:
    """Enrol a phone past the desk, and sign a person in on it."""
    address = f"http://127.0.0.1:{office.port}"
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
        # Each has its own name, as at an office: else it passes for one that lost its store.
        phone = Phone(http, f"Máy tính bảng {next(_numbers)}")
        with connected(office.database) as connection, connection.begin():
            code = make_link(connection, None, now_ms())
        phone.enrol(code)
        with connected(office.database) as connection, connection.begin():
            confirm(connection, phone.device, 1, 0)
        yield phone, phone.sign_in(person)


@contextmanager
def open_wire(port: int) -> Iterator[HTTPConnection]:
    """Connect without a comfortable client: it would cost more than what it measures."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as wire:
        yield wire


def post(wire: HTTPConnection, body: bytes) -> bytes:
    """Send the packed bytes of an exchange; give those of the answer as they come."""
    wire.request("POST", "/sync/exchange", body, PACKED)
    answer = wire.getresponse()
    content = answer.read()
    assert answer.status == 200, content
    return content


def pack(body: bytes) -> bytes:
    """Pack a request as browsers do."""
    return gzip.compress(body, GZIP_LEVEL)


def unpack(content: bytes) -> bytes:
    """Unpack an answer if it is packed."""
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content

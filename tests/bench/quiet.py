"""An exchange in which nobody has anything new, beside the least that the same server can say."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import httpx

from sync.exchange import ExchangeResponse
from tests.bench.office import Place, joined, open_wire, pack, post, unpack
from tests.bench.stock import AREA, newest
from tests.bench.table import Figure, Goal, middle
from tests.stories.line import open_line
from tests.stories.office import REPOSITORY, free_port
from tests.support.phone import Phone, PhoneSeat

ROUNDS = 150
HELD = 10_000


def measure_wait(place: Place) -> list[Figure]:
    """Ask the office and the bare program in turns, on connections that stay open."""
    ours, bare, cpu = [], [], []
    with (
        _hello() as hello,
        open_wire(place.office.port) as wire,
        joined("an", place.office) as (phone, seat),
    ):
        phone.take_in(phone.read(_asked(wire, phone, seat)[1], ExchangeResponse))
        phone.cursors = dict.fromkeys(phone.cursors, 0) | {AREA: newest(place)}
        clock = place.clock()
        for _ in range(ROUNDS):
            before = clock()
            ours.append(_asked(wire, phone, seat)[0])
            cpu.append(clock() - before)
            bare.append(_greeted(hello))
    return [
        Figure(
            f"exchange with nothing new, {place.kind}, p50",
            middle(ours) * 1000,
            "ms",
            middle(bare) * 1000,
            "hello",
            ROUNDS,
            goal=Goal(5, 3),
        ),
        Figure(
            f"exchange with nothing new, {place.kind}, CPU", middle(cpu) * 1000, "ms", rounds=ROUNDS
        ),
    ]


def measure_reconnect(place: Place) -> list[Figure]:
    """Come back after a while to an office that has nothing new for a phone with many dossiers."""
    with (
        open_line(place.office.port) as line,
        joined("an", place.office) as (phone, seat),
    ):
        base = f"http://127.0.0.1:{line.port}"
        with httpx.Client(base_url=base, timeout=60, trust_env=False) as http:
            phone.http = http
            phone.cursors = {AREA: newest(place) - HELD}
            while phone.cursors[AREA] < newest(place):
                phone.exchange(seat, want=4 * 1024 * 1024)
            assert len(phone.records) == HELD
        line.reset()
        with open_wire(line.port) as wire:
            response = phone.read(_asked(wire, phone, seat)[1], ExchangeResponse)
        # One will do, unless the answer says that there is more to come.
        requests = 1 + any(page.more for page in response.pages.values())
        total = line.bytes_up + line.bytes_down
        up, down = line.bytes_up, line.bytes_down
    name = f"quiet reconnect holding {HELD:,} dossiers"
    return [
        Figure(f"{name}, requests", requests, "request", goal=Goal(1, 1)),
        Figure(f"{name}, both ways", total / 1000, "kB", goal=Goal(1.5, 0.8)),
        Figure(f"{name}, up", up / 1000, "kB"),
        Figure(f"{name}, down", down / 1000, "kB"),
    ]


def _asked(wire: HTTPConnection, phone: Phone, seat: PhoneSeat) -> tuple[float, bytes]:
    body = pack(phone.request(seat))
    begun = time.perf_counter()
    answer = post(wire, body)
    return time.perf_counter() - begun, unpack(answer)


def _greeted(hello: HTTPConnection) -> float:
    begun = time.perf_counter()
    hello.request("GET", "/")
    assert hello.getresponse().read() == b"hello"
    return time.perf_counter() - begun


@contextmanager
def _hello() -> Iterator[HTTPConnection]:
    """Serve the bare program, and connect to it when it answers."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.hello", str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        with open_wire(port) as wire:
            for _ in range(200):
                try:
                    _greeted(wire)
                except OSError:
                    wire.close()
                    time.sleep(0.05)
                else:
                    break
            yield wire
    finally:
        process.kill()
        process.wait()

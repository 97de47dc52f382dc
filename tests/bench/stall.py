"""What others wait while pictures are looked into and passwords weighed, beside a quiet office.

FAULT-62: such work goes on in other processes and threads; it takes processors, never the loop.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from multiprocessing.synchronize import Event
from typing import Final

import httpx

from sync.exchange import ExchangeResponse
from tests.bench.office import Place, joined, open_wire, pack, post, unpack
from tests.bench.table import Figure
from tests.stories.office import OfficeProcess
from tests.support.desk import Desk
from tests.support.phone import Phone, PhoneSeat
from tests.support.tus import attach, photo_of, uploader

ROUNDS: Final = 200
WARM_UP: Final = 20
SIDE: Final = 2_000
"""Of a picture: four million pixels, some megabytes."""

WAIT_SECONDS: Final = 60


def measure(place: Place) -> list[Figure]:
    """Ask one thing again and again: alone, and while two others keep the office busy."""
    with open_wire(place.office.port) as wire, joined("an", place.office) as (phone, seat):
        phone.take_in(phone.read(_asked(wire, phone, seat)[1], ExchangeResponse))
        alone = _waits(wire, phone, seat)
        with _beside(_send_photos, place.office), _beside(_sign_in, place.office):
            beside = _waits(wire, phone, seat)
    name = f"exchange beside photos and sign-ins, {place.kind}"
    return [
        Figure(
            f"{name}, p{share}",
            _at(beside, share) * 1000,
            "ms",
            _at(alone, share) * 1000,
            "alone",
            ROUNDS,
        )
        for share in (50, 99)
    ]


def _waits(wire: HTTPConnection, phone: Phone, seat: PhoneSeat) -> list[float]:
    return [_asked(wire, phone, seat)[0] for _ in range(WARM_UP + ROUNDS)][WARM_UP:]


def _asked(wire: HTTPConnection, phone: Phone, seat: PhoneSeat) -> tuple[float, bytes]:
    body = pack(phone.request(seat))
    begun = time.perf_counter()
    answer = post(wire, body)
    return time.perf_counter() - begun, unpack(answer)


def _at(waits: list[float], share: int) -> float:
    return sorted(waits)[(len(waits) - 1) * share // 100]


@contextmanager
def _beside(
    work: Callable[[OfficeProcess], Iterator[None]], office: OfficeProcess
) -> Iterator[None]:
    """Run such work in a process of its own, from its first deed until the measuring is over."""
    context = multiprocessing.get_context("fork")
    begun, over = context.Event(), context.Event()
    process = context.Process(target=_run, args=(work, office, begun, over), daemon=True)
    process.start()
    try:
        assert begun.wait(WAIT_SECONDS), "the office was never kept busy"
        yield
        assert process.is_alive(), "the office was not kept busy to the end"
    finally:
        over.set()
        process.join(WAIT_SECONDS)
        process.kill()


def _run(
    work: Callable[[OfficeProcess], Iterator[None]],
    office: OfficeProcess,
    begun: Event,
    over: Event,
) -> None:
    for _ in work(office):
        begun.set()
        if over.is_set():
            return


def _send_photos(office: OfficeProcess) -> Iterator[None]:
    """Take one dossier after the other, each with a photo that is looked into."""
    with joined("binh", office) as (phone, seat):
        colour = 0
        while True:
            photo = photo_of(colour, SIDE)
            record = phone.take_dossier(seat)
            attach(phone, seat, record, photo)
            assert uploader(phone, seat).upload(record, photo).is_success
            photo_of.cache_clear()
            colour += 1
            yield


def _sign_in(office: OfficeProcess) -> Iterator[None]:
    """Sign in at the desk over and over; each time a password is weighed."""
    while True:
        with httpx.Client(base_url=office.address, timeout=60, trust_env=False) as http:
            assert Desk(http).sign_in("chi").status_code < 400
        yield

"""The desk's pages over a big stock of dossiers, as a browser asks for them."""

import time
from http.client import HTTPConnection
from math import ceil

from server.clock import now_ms
from server.staff.sessions import open_session
from tests.bench.office import Place, open_wire
from tests.bench.table import Figure, Goal, middle
from tests.stories.records import connected

ROUNDS = 12
PAGES = (
    "/desk",
    "/desk?page=20",
    "/desk?area=10465",
    "/desk?only=conflicts",
    "/desk?only=today",
    "/desk?order=procedure",
    "/desk?order=area&direction=up&page=3",
    "/desk/find",
)
CASE_OFFICER = 4


def measure(place: Place, stored: int) -> list[Figure]:
    """Ask for the pages in turns."""
    with connected(place.office.database) as connection, connection.begin():
        session = open_session(connection, CASE_OFFICER, now_ms())
    waits: dict[str, list[float]] = {page: [] for page in PAGES}
    with open_wire(place.office.port) as wire:
        for turn in range(ROUNDS + 1):
            for page in PAGES:
                seconds = _asked(wire, page, session)
                if turn:
                    waits[page].append(seconds)
    every = sorted(second for seconds in waits.values() for second in seconds)
    slowest = max(PAGES, key=lambda page: middle(waits[page]))
    name = f"desk page, {stored:,} stored, {place.kind}"
    return [
        Figure(
            f"{name}, p95",
            every[ceil(len(every) * 0.95) - 1] * 1000,
            "ms",
            rounds=len(every),
            goal=Goal(200, 80),
        ),
        Figure(f"{name}, p50", middle(every) * 1000, "ms", rounds=len(every)),
        Figure(
            f"{name}, slowest: {slowest}, p50", middle(waits[slowest]) * 1000, "ms", rounds=ROUNDS
        ),
    ]


def _asked(wire: HTTPConnection, page: str, session: str) -> float:
    begun = time.perf_counter()
    wire.request("GET", page, headers={"Cookie": f"luudong_session={session}"})
    answer = wire.getresponse()
    answer.read()
    assert answer.status == 200, (page, answer.status)
    return time.perf_counter() - begun

"""Twenty phones that hand in fifty new dossiers each at the same moment."""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice
from math import ceil
from typing import Self

from sync.exchange import ExchangeResponse
from tests.bench.intake import dossiers
from tests.bench.office import Place, joined, open_wire, pack, post, unpack
from tests.bench.processor import memory_bytes
from tests.bench.raw_rows import Cost, rows_of
from tests.bench.table import Figure, Goal, middle
from tests.support.phone import Phone, PhoneSeat, new_record

PHONES = 20
DOSSIERS = 50
ROUNDS = 5
WARM_UP_ROUNDS = 1
"""Of both sides, and not counted: what a program and a database do once in their lives."""

LOOK_SECONDS = 0.005

CPU_GOALS = {"SQLite": Goal(0.2, 0.35), "PostgreSQL": Goal(0.3, 0.5)}


@dataclass(frozen=True)
class _Client:
    """One phone with its own connection."""

    phone: Phone
    seat: PhoneSeat
    wire: HTTPConnection


class _MemoryWatch:
    """Looks at a process's memory until it is left."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self._pid = pid
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.most = max(self.most, memory_bytes(self._pid))


def measure(place: Place) -> list[Figure]:
    """Let them all hand in at once, some times, each time beside the bare rows."""
    assert place.office.process
    raw = place.make_raw()
    ours: list[Cost] = []
    bare: list[Cost] = []
    waits: list[list[float]] = []
    with ExitStack() as stack:
        clients = [_client(stack, place) for _ in range(PHONES)]
        idle = memory_bytes(place.office.process.pid)
        written = dossiers(seed=13)
        with _MemoryWatch(place.office.process.pid) as watch:
            for turn in range(-WARM_UP_ROUNDS, ROUNDS):
                bodies, records = [], []
                for client in clients:
                    client.phone.cursors.clear()
                    for values in islice(written, DOSSIERS):
                        records.append(new_record())
                        client.phone.set(client.seat, records[-1], values)
                    bodies.append(pack(client.phone.request(client.seat)))
                cost, seconds = _hand_in(place, clients, bodies)
                rows = rows_of(place.office.database, [record.bytes for record in records])
                raw_cost = raw.insert(rows)
                if turn >= 0:
                    ours.append(cost)
                    waits.append(seconds)
                    bare.append(raw_cost)
    name = f"{PHONES} clients x {DOSSIERS} at once, {place.kind}"
    every = sorted(second for seconds in waits for second in seconds)
    return [
        Figure(
            f"{name}, CPU",
            sum(cost.cpu for cost in ours) / ROUNDS * 1000,
            "ms",
            sum(cost.cpu for cost in bare) / ROUNDS * 1000,
            raw.name,
            ROUNDS,
            is_cost=True,
            goal=CPU_GOALS[place.kind],
        ),
        Figure(
            f"{name}, wall to the last receipt",
            middle(cost.wall for cost in ours) * 1000,
            "ms",
            middle(cost.wall for cost in bare) * 1000,
            raw.name,
            ROUNDS,
            is_cost=True,
        ),
        Figure(
            f"{name}, p99 over p50",
            every[ceil(len(every) * 0.99) - 1] * 1000,
            "ms",
            middle(every) * 1000,
            "p50",
            ROUNDS,
            goal=Goal(3, 2),
        ),
        Figure(
            f"{name}, memory over idle",
            watch.most / 1e6,
            "MB",
            idle / 1e6,
            "idle",
            ROUNDS,
            goal=Goal(3, 2),
        ),
    ]


def _client(stack: ExitStack, place: Place) -> _Client:
    phone, seat = stack.enter_context(joined("an", place.office))
    return _Client(phone, seat, stack.enter_context(open_wire(place.office.port)))


def _hand_in(place: Place, clients: list[_Client], bodies: list[bytes]) -> tuple[Cost, list[float]]:
    """Send all at the same moment; give the cost of all, and how long each waited."""
    answers: list[tuple[float, bytes]] = [(0.0, b"")] * len(clients)
    start = threading.Barrier(len(clients) + 1)

    def send(turn: int) -> None:
        start.wait()
        begun = time.perf_counter()
        answer = post(clients[turn].wire, bodies[turn])
        answers[turn] = time.perf_counter() - begun, answer

    senders = [threading.Thread(target=send, args=[turn]) for turn in range(len(clients))]
    for sender in senders:
        sender.start()
    clock = place.clock()
    cpu = clock()
    start.wait()
    wall = time.perf_counter()
    for sender in senders:
        sender.join()
    cost = Cost(time.perf_counter() - wall, clock() - cpu)
    for client, (_, answer) in zip(clients, answers, strict=True):
        client.phone.take_in(client.phone.read(unpack(answer), ExchangeResponse))
        assert client.seat.held == client.seat.last
    return cost, [seconds for seconds, _ in answers]

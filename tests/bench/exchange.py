"""An exchange of new dossiers from end to end against the bare rows, and what it weighs."""

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import islice
from typing import Any

from sync.exchange import ExchangeResponse
from tests.bench.intake import dossiers
from tests.bench.office import Place, joined, open_wire, pack, post, unpack
from tests.bench.raw_rows import Cost, rows_of
from tests.bench.table import Figure, Goal, middle
from tests.stories.line import Line, open_line
from tests.support.phone import Phone, PhoneSeat, new_record

ROUNDS = {50: 12, 1000: 8}
"""How often each size is sent."""

CPU_GOALS = {"SQLite": Goal(0.25, 0.4), "PostgreSQL": Goal(0.3, 0.5)}
BYTES_GOAL = Goal(1.1, 0.9)
"""Of each dossier's bytes some 40 are chance and time, which no packing shortens and JSON has not:
salt 21, record id 13, clock 6. Its share of signatures, receipts and headers is 15 to 20."""


@dataclass
class Measured:
    """What the rounds of one size came to."""

    ours: list[Cost] = field(default_factory=list)
    raw: list[Cost] = field(default_factory=list)
    bytes_up: list[int] = field(default_factory=list)
    bytes_json: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Van:
    """A phone on its line to the office."""

    place: Place
    line: Line
    wire: HTTPConnection
    phone: Phone
    seat: PhoneSeat

    def exchange(self, taken: list[dict[str, Any]], measured: Measured) -> list[bytes]:
        """Send new dossiers in one request; answers their records."""
        records = [new_record() for _ in taken]
        for record, values in zip(records, taken, strict=True):
            self.phone.set(self.seat, record, values)
        packed = pack(self.phone.request(self.seat))
        self.line.reset()
        clock = self.place.clock()
        cpu, wall = clock(), time.perf_counter()
        sealed = post(self.wire, packed)
        cost = Cost(time.perf_counter() - wall, clock() - cpu)
        self.phone.take_in(self.phone.read(unpack(sealed), ExchangeResponse))
        assert self.seat.held == self.seat.last
        measured.ours.append(cost)
        measured.bytes_up.append(self.line.bytes_up)
        whole = json.dumps(taken, ensure_ascii=False, separators=(",", ":")).encode()
        measured.bytes_json.append(len(gzip.compress(whole, 9)))
        return [record.bytes for record in records]


def measure(place: Place) -> list[Figure]:
    """Send all sizes in turns, so that a slow minute of the machine slows them alike."""
    written = dossiers(seed=11)
    raw = place.make_raw()
    measured = {size: Measured() for size in ROUNDS}
    with (
        open_line(place.office.port) as line,
        open_wire(line.port) as wire,
        joined("an", place.office) as (phone, seat),
    ):
        phone.cursors.clear()  # what comes down is not measured here
        van = Van(place, line, wire, phone, seat)
        for _ in range(2):
            records = van.exchange(list(islice(written, 50)), Measured())
            raw.insert(rows_of(place.office.database, records))
        for size in _in_turns():
            taken = list(islice(written, size))
            records = van.exchange(taken, measured[size])
            measured[size].raw.append(raw.insert(rows_of(place.office.database, records)))
    return [
        figure
        for size, found in measured.items()
        for figure in _figures(place.kind, raw.name, size, found)
    ]


def _in_turns() -> Iterator[int]:
    left = dict(ROUNDS)
    while any(left.values()):
        for size, count in left.items():
            if count:
                left[size] -= 1
                yield size


def _figures(kind: str, raw: str, size: int, found: Measured) -> Iterator[Figure]:
    rounds = len(found.ours)
    name = f"exchange of {size} new dossiers, {kind}"
    yield Figure(
        f"{name}, CPU",
        # The sum: what a database puts off, it pays for in one round of several.
        sum(cost.cpu for cost in found.ours) / rounds * 1000,
        "ms",
        sum(cost.cpu for cost in found.raw) / rounds * 1000,
        raw,
        rounds,
        is_cost=True,
        goal=CPU_GOALS[kind] if size == max(ROUNDS) else None,
    )
    yield Figure(
        f"{name}, wall",
        middle(cost.wall for cost in found.ours) * 1000,
        "ms",
        middle(cost.wall for cost in found.raw) * 1000,
        raw,
        rounds,
        is_cost=True,
    )
    if kind == "SQLite":
        yield Figure(
            f"bytes up a dossier, {size} at once, with HTTP",
            middle(found.bytes_up) / size,
            "bytes",
            middle(found.bytes_json) / size,
            "gzip -9 of JSON",
            rounds,
            goal=BYTES_GOAL if size == min(ROUNDS) else None,
        )

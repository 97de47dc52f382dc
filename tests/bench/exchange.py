"""An exchange from end to end over HTTP, against raw SQLite, and what it weighs on the wire."""

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import Any

from sync.exchange import ExchangeResponse
from tests.bench.raw_rows import Cost, empty_copy, insert, rows_of
from tests.bench.table import Figure, middle
from tests.stories.citizens import birth_dossiers
from tests.stories.joining import joined_as
from tests.stories.line import Line, open_line
from tests.stories.office import OfficeProcess
from tests.support.phone import MSGPACK, Phone, PhoneSeat, new_record

ROUNDS = {50: 20, 1000: 5}
"""How often each size is sent. The kernel counts CPU in hundredths: small ones need many rounds."""

GZIP_LEVEL = 6
"""What browsers do when they pack: zlib's middle way."""


PACKED = {"Content-Type": MSGPACK, "Content-Encoding": "gzip"}


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

    office: OfficeProcess
    line: Line
    phone: Phone
    seat: PhoneSeat

    def exchange(self, taken: list[dict[str, Any]], measured: Measured) -> list[bytes]:
        """Send new dossiers in one request; answers their records."""
        records = [new_record() for _ in taken]
        for record, values in zip(records, taken, strict=True):
            self.phone.set(self.seat, record, values)
        packed = gzip.compress(self.phone.request(self.seat), GZIP_LEVEL)
        self.line.reset()
        cpu, wall = self.office.cpu_seconds(), time.perf_counter()
        sealed = self.phone.http.post("/sync/exchange", content=packed, headers=PACKED).content
        cost = Cost(time.perf_counter() - wall, self.office.cpu_seconds() - cpu)
        self.phone.take_in(self.phone.read(sealed, ExchangeResponse))
        assert self.seat.held == self.seat.last
        measured.ours.append(cost)
        measured.bytes_up.append(self.line.bytes_up)
        whole = json.dumps(taken, ensure_ascii=False, separators=(",", ":")).encode()
        measured.bytes_json.append(len(gzip.compress(whole, 9)))
        return [record.bytes for record in records]


def measure(office: OfficeProcess, database: Path, folder: Path) -> list[Figure]:
    """Send all sizes in turns, so that a slow minute of the machine slows them alike."""
    written = birth_dossiers(seed=11)
    raw = empty_copy(database, folder)
    measured = {size: Measured() for size in ROUNDS}
    with (
        open_line(office.port) as line,
        joined_as("an", office, line.port) as (phone, seat),
    ):
        phone.cursors.clear()  # what comes down is not measured here
        van = Van(office, line, phone, seat)
        van.exchange(list(islice(written, 50)), Measured())
        for size in _in_turns():
            taken = list(islice(written, size))
            records = van.exchange(taken, measured[size])
            measured[size].raw.append(insert(raw, rows_of(database, records)))
    return [figure for size, found in measured.items() for figure in _figures(size, found)]


def _in_turns() -> Iterator[int]:
    left = dict(ROUNDS)
    while any(left.values()):
        for size, count in left.items():
            if count:
                left[size] -= 1
                yield size


def _figures(size: int, found: Measured) -> Iterator[Figure]:
    rounds = len(found.ours)
    name = f"exchange of {size} new dossiers"
    yield Figure(
        f"{name}, wall",
        middle(cost.wall for cost in found.ours) * 1000,
        "ms",
        middle(cost.wall for cost in found.raw) * 1000,
        "raw SQLite",
        rounds,
        is_cost=True,
    )
    # The mean, not the median: the kernel's clock is too coarse for a single round.
    yield Figure(
        f"{name}, server CPU",
        mean(cost.cpu for cost in found.ours) * 1000,
        "ms",
        mean(cost.cpu for cost in found.raw) * 1000,
        "raw SQLite",
        rounds,
        is_cost=True,
    )
    yield Figure(
        f"bytes up a dossier, {size} at once, with HTTP",
        middle(found.bytes_up) / size,
        "bytes",
        middle(found.bytes_json) / size,
        "gzip -9 of JSON",
        rounds,
    )

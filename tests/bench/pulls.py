"""What a phone brings down: much at once beside the bare read, little beside how much is stored."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection

import msgspec

from sync.exchange import Envelope, ExchangeResponse
from sync.limits import STATE_MAC_BYTES
from sync.page import entries_of
from tests.bench.office import Place, joined, open_wire, pack, post, unpack
from tests.bench.stock import AREA, newest
from tests.bench.table import Figure, Goal, middle
from tests.support.phone import Phone, PhoneSeat

STATES = 1000
STATES_ROUNDS = 15
CHANGED = 10
CHANGED_ROUNDS = 40

BARE_READ = """SELECT records.state FROM feeds JOIN records ON records.id = feeds.record
WHERE feeds.area = ? AND feeds.number > ? ORDER BY feeds.number"""

_envelope = msgspec.msgpack.Decoder(Envelope)


@dataclass
class _Reader:
    """A phone that asks an office for the newest dossiers, again and again."""

    place: Place
    wire: HTTPConnection
    phone: Phone
    seat: PhoneSeat
    newest: int
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def pull(self, count: int) -> None:
        """Bring down the newest ones, and note what it took."""
        cursors = {AREA: self.newest - count}
        body = pack(self.phone.request(self.seat, want=4 * 1024 * 1024, cursors=cursors))
        clock = self.place.clock()
        cpu, wall = clock(), time.perf_counter()
        packed = post(self.wire, body)
        self.walls.append(time.perf_counter() - wall)
        self.cpus.append(clock() - cpu)
        message = _envelope.decode(unpack(packed)).message
        page = msgspec.msgpack.decode(message, type=ExchangeResponse).pages[AREA]
        assert page.cursor == self.newest
        assert len(page.macs) == count * STATE_MAC_BYTES
        assert len(entries_of(page)) > len(page.packed)


def measure_states(place: Place) -> list[Figure]:
    """Bring down a thousand states, beside a bare SELECT of them."""
    path = place.office.database.removeprefix("sqlite:///")
    bare = []
    with ExitStack() as stack:
        reader = _reader(stack, place)
        connection = stack.enter_context(closing(sqlite3.connect(path)))
        for turn in range(STATES_ROUNDS + 1):
            reader.pull(STATES)
            cpu = time.process_time()
            found = connection.execute(BARE_READ, (AREA, reader.newest - STATES)).fetchall()
            spent = time.process_time() - cpu
            assert len(found) == STATES
            if turn:
                bare.append(spent)
    first = reader.cpus[0]
    baseline = middle(bare) * 1000, "bare SQLite read"
    return [
        Figure(
            f"pull of {STATES} states, packed, CPU",
            middle(reader.cpus[1:]) * 1000,
            "ms",
            *baseline,
            STATES_ROUNDS,
            goal=Goal(3, 1.5),
        ),
        # What one phone pulled is packed for the next ones of its team.
        Figure(f"{STATES} states pulled for the first time, CPU", first * 1000, "ms", *baseline),
    ]


def measure_growth(places: dict[int, Place]) -> list[Figure]:
    """Bring down ten changed dossiers from offices of several sizes, in turns."""
    with ExitStack() as stack:
        readers = {count: _reader(stack, place) for count, place in places.items()}
        for _ in range(CHANGED_ROUNDS):
            for reader in readers.values():
                reader.pull(CHANGED)
    return [*_growth_figures(readers)]


def _growth_figures(readers: dict[int, _Reader]) -> Iterator[Figure]:
    least, *larger = sorted(readers)
    small = readers[least]
    for count in larger:
        name = f"pull of {CHANGED} changed, {count:,} stored, {small.place.kind}"
        for what, of_large, of_small in (
            ("CPU", readers[count].cpus, small.cpus),
            ("wall", readers[count].walls, small.walls),
        ):
            yield Figure(
                f"{name}, {what}",
                middle(of_large) * 1000,
                "ms",
                middle(of_small) * 1000,
                f"with {least:,}",
                CHANGED_ROUNDS,
                goal=Goal(1.3, 1.1),
            )


def _reader(stack: ExitStack, place: Place) -> _Reader:
    phone, seat = stack.enter_context(joined("an", place.office))
    wire = stack.enter_context(open_wire(place.office.port))
    last = newest(place)
    phone.cursors = {AREA: last}
    phone.exchange(seat)  # papers and lists come once, and are no part of a pull
    return _Reader(place, wire, phone, seat, last)

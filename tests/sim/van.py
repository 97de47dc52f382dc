"""The van: it carries phones' batches to the office, untouched, by another road.

It acknowledges nothing, so whatever becomes of it, the phones still have their work. A van that
tampers is one of the world's faults.
"""

from collections.abc import Sequence

import msgspec

from sync import signature
from sync.exchange import PROTOCOL, ExchangeRequest, seal
from tests.sim.chance import Chance
from tests.sim.ports import OFFICE
from tests.sim.signing import KeyPair
from tests.sim.wire import read_batch, write_batch

CARGO_MAX = 30
LOAD_MAX = 8


class Van:
    """A device that has no seat."""

    def __init__(self, number: int, key: KeyPair) -> None:
        self.number, self.key = number, key
        self._cargo: list[bytes] = []
        self._requests = 0

    def load(self, batches: Sequence[bytes]) -> None:
        """Take batches over; the oldest fall off."""
        self._cargo = [*self._cargo, *batches][-CARGO_MAX:]

    def request(self, chance: Chance, epoch: int, now: int, tamper: int) -> tuple[bytes, bool]:
        """Give a request with some of the cargo in any order; and whether it was tampered with."""
        self._requests += 1
        count = 1 + chance.below(LOAD_MAX)
        load = [chance.pick(self._cargo) for _ in range(count)] if self._cargo else []
        is_tampered = bool(load) and chance.happens(tamper)
        if is_tampered:
            load[0] = tampered(load[0], chance)
        request = ExchangeRequest(
            protocol=PROTOCOL,
            office=OFFICE,
            device=self.number,
            number=self._requests,
            time=now,
            epoch=epoch,
            logs=[],
            batches=[msgspec.Raw(batch) for batch in load],
            seat=None,
            cursors={},
            want=0,
            directory=0,
            app_version="simulated",
        )
        return seal(request, self.key.private, signature.REQUEST), is_tampered


def tampered(encoded: bytes, chance: Chance) -> bytes:
    """Change a batch somewhere: the last byte of a value, the order, or the signature."""
    batch = read_batch(encoded)
    changes = list(batch.changes)
    match chance.below(3):
        case 0:  # inside the body's last value: still a change, and another one
            place = chance.below(len(changes))
            changes[place] = changes[place][:-1] + bytes([changes[place][-1] ^ 1])
            batch = msgspec.structs.replace(batch, changes=changes)
        case 1:
            batch = msgspec.structs.replace(batch, changes=changes[::-1], first=batch.first + 1)
        case _:
            batch = msgspec.structs.replace(batch, signature=bytes(64))
    return write_batch(batch)

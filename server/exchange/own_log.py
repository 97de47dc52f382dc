"""Writes changes into the logs of seats whose keys are here: the office's own, and the desk's."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from server.devices.seats import OwnSeat
from server.records.tables import changes, logs
from sync import chain
from sync.change import VERSION, Dot, LinkedChange, Skeleton, split, write_change
from sync.clock import At, tick, witness
from sync.limits import SALT_BYTES
from sync.record import State

Sets = Mapping[str, tuple[Sequence[Dot], Any]]
"""By field: what it replaces, and the value."""


@dataclass
class OwnLog:
    """The end of such a log, while one transaction writes on."""

    seat: OwnSeat
    last: int
    head: bytes
    at: At
    written: list[bytes] = field(default_factory=list)

    def write(self, state: State, sets: Sets, now: int) -> LinkedChange:
        """Write the next change, to a record that stands at `state`."""
        self.at = tick(witness(self.at, _newest(state, sets), now), now)
        skeleton = Skeleton(
            version=VERSION,
            seat=self.seat.number,
            seq=self.last + 1,
            prev=state.seen.get(self.seat.number, 0),
            record=state.record,
            kind=state.kind,
            at=(self.at.ms, self.at.counter),
            fields={name: list(dots) for name, (dots, _) in sets.items()},
        )
        values = [value for _, value in sets.values()]
        written = write_change(skeleton, values, os.urandom(SALT_BYTES))
        skeleton_bytes, body = split(written)
        self.last, self.head = self.last + 1, chain.link(self.head, skeleton_bytes, body)
        self.written.append(written)
        return LinkedChange(self.seat.number, self.last, self.head, skeleton_bytes, body, skeleton)


def open_own_log(connection: sa.Connection, seat: OwnSeat) -> OwnLog:
    """Go to the end of the log of a seat."""
    row = connection.execute(
        sa.select(logs.c.last, logs.c.head, changes.c.at_ms, changes.c.at_counter)
        .join(changes, (changes.c.seat == logs.c.seat) & (changes.c.seq == logs.c.last))
        .where(logs.c.seat == seat.number)
    ).first()
    if row is None:
        return OwnLog(seat, 0, chain.start(seat.public_key), At(0, 0))
    return OwnLog(seat, row.last, row.head, At(row.at_ms, row.at_counter))


def _newest(state: State, sets: Sets) -> At:
    """Give the latest time among what is replaced: the answer comes after it."""
    replaced = [
        At(*head.at)
        for name, (dots, _) in sets.items()
        if name in state.registers
        for head in state.registers[name].heads
        if head.dot in dots
    ]
    return max(replaced, default=At(0, 0))

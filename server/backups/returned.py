"""What came back after a restore, and from whom."""

from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from server.devices.tables import devices, seats
from server.facts import BEGAN_AT, current_epoch, find_fact
from server.records.tables import changes, epoch_ends, returns
from server.staff.tables import staff


@dataclass(frozen=True)
class Returned:
    """One log since the epoch began."""

    seat: int
    person: str
    device: str
    held_then: int
    expected: int
    came_back: int
    """Changes that their author's clock says were made before the epoch began."""

    new: int

    @property
    def missing(self) -> int:
        """Changes that are known to have been held once, and have not come again."""
        return max(self.expected - self.held_then - self.came_back - self.new, 0)


@dataclass(frozen=True)
class Brought:
    """What one device brought back of one kind: numbers of devices or seats, else how many."""

    kind: str
    device: int
    label: str
    numbers: list[int]
    count: int


def brought(connection: sa.Connection) -> list[Brought]:
    """List what devices brought back in this epoch beside their logs."""
    epoch = current_epoch(connection)
    rows = connection.execute(
        sa.select(returns.c.kind, returns.c.device, returns.c.number, devices.c.label)
        .join(devices, devices.c.number == returns.c.device)
        .where(returns.c.epoch == epoch)
        .order_by(returns.c.device, returns.c.kind, returns.c.number)
    ).all()
    listed = []
    for (device, label, kind), group in groupby(
        rows, key=lambda row: (row.device, row.label, row.kind)
    ):
        numbers = [row.number for row in group]
        known = [number for number in numbers if number is not None]
        listed.append(Brought(kind, device, label, known, len(numbers)))
    return listed


def returned(connection: sa.Connection) -> list[Returned]:
    """List the logs that grew since this epoch began, or should have."""
    began_at = int(find_fact(connection, BEGAN_AT) or 0)
    above = (changes.c.seat == epoch_ends.c.seat) & (changes.c.seq > epoch_ends.c.last)
    before = sa.func.coalesce(changes.c.at_ms, 0) < began_at
    rows = connection.execute(
        sa.select(
            epoch_ends,
            sa.func.coalesce(staff.c.name, "–").label("person"),
            devices.c.label,
            sa.func.count(changes.c.seq).label("all"),
            sa.func.count(sa.case((before, changes.c.seq))).label("came_back"),
        )
        .join(seats, seats.c.number == epoch_ends.c.seat)
        .join(devices, devices.c.number == seats.c.device)
        .outerjoin(staff, staff.c.id == seats.c.staff)
        .outerjoin(changes, above)
        .group_by(epoch_ends.c.seat, staff.c.name, devices.c.label)
        .order_by(epoch_ends.c.seat)
    )
    listed = [
        Returned(
            row.seat,
            row.person,
            row.label,
            row.last,
            row.expected,
            row.came_back,
            row.all - row.came_back,
        )
        for row in rows
    ]
    return [one for one in listed if one.came_back or one.new or one.expected > one.held_then]

"""What each seat may hold: the reference for what is given out and for what phones keep."""

from collections import defaultdict

from tests.sim.ports import Feed, OfficeDump
from tests.sim.registry import Registry


def scopes_of(registry: Registry, office: OfficeDump) -> dict[Feed, set[bytes]]:
    """Say which records each seat may hold, from who wrote them and where they stand."""
    writers: dict[bytes, set[int]] = defaultdict(set)
    for row in office.rows.values():
        if row.effect == "applied" and row.change.skeleton is not None:
            writers[row.change.skeleton.record].add(row.change.seat)
    seats = registry.seats
    scopes: dict[Feed, set[bytes]] = defaultdict(set)
    for record, area in office.areas.items():
        if area is None:
            continue
        wrote = [seats[seat] for seat in writers[record] if seat in seats]
        people = {one.staff for one in wrote} | {*office.assigned.get(record, ())}
        teams = {one.team for one in wrote}
        for reader in seats.values():
            is_own = reader.staff in people or (not reader.is_helper and reader.team in teams)
            if is_own and area in reader.areas:
                scopes[Feed(reader.seat, area)].add(record)
    return scopes

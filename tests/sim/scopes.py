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
        for reader in seats.values():
            is_own = any(
                seat in seats
                and (
                    seats[seat].staff == reader.staff
                    or (not reader.is_helper and seats[seat].team == reader.team)
                )
                for seat in writers[record]
            ) or reader.staff in office.assigned.get(record, ())
            if area is not None and area in reader.areas and is_own:
                scopes[Feed(reader.seat, area)].add(record)
    return scopes

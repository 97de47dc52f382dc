"""Runs the rules for fields that were set apart; the table itself is `sync/policy.py`."""

from collections.abc import Iterable, Mapping
from uuid import uuid4

import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE
from server.dossiers.projection import Origin, load_origins
from server.exchange.own_log import Sets
from server.records.folding import Folded, count_conflicts
from sync.policy import Side, policy_of, settle


def sets_by_policy(
    connection: sa.Connection, folded: Folded, origins: Mapping[int, Origin]
) -> Sets:
    """Give what the office sets in a record by its rules; nothing in nearly all cases.

    A note says which rules they were, so that the log can be read later.
    """
    if folded.is_hidden or not count_conflicts(folded):
        return {}
    state = folded.state
    seats = {
        head.dot.seat
        for register in state.registers.values()
        if len(register.heads) > 1
        for head in register.heads
    }
    known = {**origins, **_load(connection, seats - origins.keys())}
    sets = settle(state, lambda seat: _side_of(known[seat]))
    if not sets:
        return {}
    policies = {name: str(policy_of(state.kind, name)) for name in sorted(sets)}
    note = {"kind": "policy", "fields": sorted(sets), "policies": sorted(set(policies.values()))}
    return {**sets, f"notes.{uuid4()}": ([], note)}


def _side_of(origin: Origin) -> Side:
    if origin.device != OFFICE_DEVICE:
        return Side.FIELD
    return Side.OFFICE if origin.staff is None else Side.DESK


def _load(connection: sa.Connection, seats: Iterable[int]) -> Mapping[int, Origin]:
    missing = set(seats)
    return load_origins(connection, missing) if missing else {}

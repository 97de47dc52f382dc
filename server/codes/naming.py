"""By which codes a dossier is found: rows that follow from its state alone.

1. Every head counts: where two people disagree on a code, both find the dossier.
2. A code of two dossiers is told to whoever writes them, and is a finding. It is never refused.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.codes.tables import dossier_codes
from server.records.rows import insert_rows, portions
from server.statements import Row
from sync.codes import OFFICIAL, OTHERS, PROVISIONAL, fold_code, is_code_text
from sync.field_names import names_under
from sync.record import State, shown
from sync.register import open_value

COLUMNS = ("tail", "record", "code")
ENDS_WITH_MIN = 4
"""Letters and digits of a code that are enough to look for: the ordinal alone."""


@dataclass(frozen=True, slots=True)
class Named:
    """A code of a dossier, and the change that set it."""

    code: str
    seat: int
    seq: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A code that came to a dossier and that another one has."""

    record: bytes
    named: Named
    other: bytes


def code_of(state: State) -> str | None:
    """Give the code by which a dossier is called: the official one, else the provisional."""
    for field in (OFFICIAL, PROVISIONAL):
        value = shown(state, field) if field in state.registers else None
        if is_code_text(value):
            return value
    return None


def wants_code(state: State) -> bool:
    """Tell whether a dossier came with a provisional code alone."""
    if PROVISIONAL not in state.registers or not is_code_text(shown(state, PROVISIONAL)):
        return False
    return OFFICIAL not in state.registers or shown(state, OFFICIAL) is None


def sets_code(fields: Collection[str]) -> bool:
    """Tell whether a change that sets these fields may give or take a code."""
    return OFFICIAL in fields or PROVISIONAL in fields or bool(names_under(fields, OTHERS))


def name_codes(
    connection: sa.Connection, states: Mapping[bytes, State], stood: Collection[bytes]
) -> list[Twin]:
    """Write the codes of these dossiers over what stood there; gives those that others have too.

    `stood` names those of them that may have rows already.
    """
    named = {record: codes_by_tail(state) for record, state in states.items()}
    before = _drop(connection, [record for record in states if record in stood])
    insert_rows(connection, dossier_codes, COLUMNS, _rows(named))
    fresh = {tail for codes in named.values() for tail in codes} - {tail for tail, _ in before}
    holders = _holders(connection, sorted(fresh))
    order = {record: place for place, record in enumerate(states)}
    twins = []
    for record, codes in named.items():
        for tail, one in codes.items():
            # Of two that come together the second is told of the first.
            others = [other for other in holders[tail] if order.get(other, -1) < order[record]]
            if (tail, record) not in before and others:
                twins.append(Twin(record, one, min(others)))
    return twins


def codes_by_tail(state: State) -> dict[bytes, Named]:
    """Give every code of a dossier by what it is found by."""
    found: dict[bytes, Named] = {}
    for field in (OFFICIAL, PROVISIONAL):
        for head in state.registers[field].heads if field in state.registers else ():
            value = open_value(head)
            if is_code_text(value):
                found.setdefault(tail_of(value), Named(value, head.dot.seat, head.dot.seq))
    for field in names_under(state.registers, OTHERS):
        code = field.removeprefix(OTHERS)
        if is_code_text(code):
            for head in state.registers[field].heads:
                if open_value(head) is not None:
                    found.setdefault(tail_of(code), Named(code, head.dot.seat, head.dot.seq))
    return found


def write_codes(connection: sa.Connection, states: Collection[State]) -> None:
    """Write the codes of dossiers that have no rows."""
    named = {state.record: codes_by_tail(state) for state in states}
    insert_rows(connection, dossier_codes, COLUMNS, _rows(named))


def ending_with(text: str) -> sa.Select[tuple[bytes]]:
    """Select the dossiers that have a code with this end, or this very code."""
    tail = tail_of(text)
    ends = dossier_codes.c.tail.between(tail, tail + b"\xff")
    return sa.select(dossier_codes.c.record).where(ends)


def looks_like_code(text: str) -> bool:
    """Tell whether somebody looks for a code: with a digit, which no name has, and long enough."""
    has_digit = any(letter.isdigit() for letter in text)
    return has_digit and len(fold_code(text)) >= ENDS_WITH_MIN


def tail_of(code: str) -> bytes:
    """Give what a code is found by."""
    return fold_code(code)[::-1].encode("ascii")


def _rows(named: Mapping[bytes, Mapping[bytes, Named]]) -> list[Row]:
    return [
        (tail, record, one.code) for record, codes in named.items() for tail, one in codes.items()
    ]


def _drop(connection: sa.Connection, records: Sequence[bytes]) -> set[tuple[bytes, bytes]]:
    """Take away the rows of these dossiers; gives which they were."""
    dropped: set[tuple[bytes, bytes]] = set()
    for portion in portions(records):
        theirs = dossier_codes.c.record.in_(portion)
        found = sa.select(dossier_codes.c.tail, dossier_codes.c.record).where(theirs)
        dropped |= {(row.tail, row.record) for row in connection.execute(found)}
        connection.execute(sa.delete(dossier_codes).where(theirs))
    return dropped


def _holders(connection: sa.Connection, tails: Sequence[bytes]) -> Mapping[bytes, list[bytes]]:
    holders: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for portion in portions(tails):
        for row in connection.execute(_with_tails, {"tails": portion}):
            holders[row.tail].append(row.record)
    return holders


_with_tails = sa.select(dossier_codes.c.tail, dossier_codes.c.record).where(
    dossier_codes.c.tail.in_(sa.bindparam("tails", expanding=True))
)

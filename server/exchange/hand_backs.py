"""A result that was handed back ends its dossier, and what is odd about it is told to a person.

1. The step `returned` is written by the office's own seat: a phone that hands a result back may
   not hold the dossier at all, and could not write in one that is done.
2. Nothing that somebody did is undone: a second hand-back stands beside the first, as a finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from server.exchange.authors import Writer
from server.exchange.own_log import Sets
from server.fieldwork.deliveries import ENDED, HANDED, KIND, RETURNED, is_open
from server.fieldwork.projection import said_in
from server.fieldwork.reading import work_of
from server.records.folding import Folded
from server.staff.rules import may_hand_back
from sync.change import LinkedChange
from sync.record import State, dots, is_erased, shown
from sync.register import in_conflict

STATUS: Final = "status"

Trouble = Literal["twice", "helper", "apart"]


@dataclass(frozen=True, slots=True)
class HandBack:
    """A change by which a result went out of somebody's hands, and what of it is odd already."""

    dossier: bytes
    seat: int
    seq: int
    trouble: Trouble | None


def find_hand_back(
    writer: Writer, before: State, after: State, change: LinkedChange
) -> HandBack | None:
    """Find it in a change that was taken; in nearly all there is none."""
    assert change.skeleton is not None
    if after.kind != KIND or HANDED not in change.skeleton.fields or change.is_erased:
        return None
    said, known = said_in(after), said_in(before)
    if HANDED not in said or "dossier" not in said:
        return None
    trouble: Trouble | None = None
    if HANDED in known or ENDED in known:
        trouble = "twice"
    elif not (writer.rights.is_office or may_hand_back(writer.role)):
        trouble = "helper"
    return HandBack(bytes.fromhex(said["dossier"]), change.seat, change.seq, trouble)


def weigh_hand_back(
    connection: sa.Connection, handed: HandBack, dossier: State, touched: Mapping[bytes, Folded]
) -> tuple[Sets, Trouble | None]:
    """Give what the office sets in the dossier, and what a person has to be told.

    `touched` are the records of this transaction, which no table knows yet.
    """
    if is_erased(dossier, "area") or handed.trouble is not None:
        return {}, handed.trouble
    if shown(dossier, STATUS) == RETURNED:
        return {}, "twice"
    if STATUS in dossier.registers and in_conflict(dossier.registers[STATUS]):
        return {}, "apart"
    if _has_others(connection, handed.dossier, touched):
        return {}, None
    return {STATUS: (dots(dossier, STATUS), RETURNED)}, None


def _has_others(connection: sa.Connection, dossier: bytes, touched: Mapping[bytes, Folded]) -> bool:
    """Tell whether another result of it is still to be handed back."""
    said = {one.record.bytes: one.said for one in work_of(connection, KIND, dossier=dossier.hex())}
    said |= {record: said_in(one.state) for record, one in touched.items() if record in said}
    return any(is_open(one) for one in said.values())

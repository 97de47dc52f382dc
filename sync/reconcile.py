"""The one place that decides what becomes of a change that is rightly chained and signed.

It is never refused. Either it is taken, or it is quarantined: merged like any other and put back
by the office's own seat in the same transaction, with a finding that asks a person.

1. It must never know how anything is stored.
2. It answers from values alone: who wrote, what may they, what stands there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sync.change import LinkedChange, Skeleton
from sync.kinds import kind_of
from sync.record import State, heads, is_erased, shown

ASSIGNEE: Final = "assignee"
"""The field that says whose work a dossier is: a number of the office's staff, or nil."""


class Reason(StrEnum):
    """Why a change is quarantined; stable, shown to people in words."""

    FOREIGN_AREA = "foreign-area"
    REVOKED = "revoked"
    CLOSED = "closed"
    OFFICE_FIELD = "office-field"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Author:
    """What a seat may do: the areas it may write in, and whether it speaks for the office."""

    areas: Collection[str]
    is_office: bool
    is_revoked: bool


def judge(author: Author, before: State, after: State, change: LinkedChange) -> Reason | None:
    """Say why a change must be quarantined; nothing if it is taken.

    `before` and `after` are the record without and with it.
    """
    if author.is_revoked:
        return Reason.REVOKED
    if author.is_office:
        return None
    skeleton = change.skeleton
    assert skeleton is not None
    # A phone that could set these could take a record to itself. All that a first change set stands
    # there now, and is looked through at less cost.
    kind, is_first = kind_of(after.kind), not before.registers
    if kind.sets_of_office(after.registers if is_first else skeleton.fields):
        return Reason.OFFICE_FIELD
    if is_first:
        return _judge_first(author, after)
    return _judge_further(author, before, after, skeleton)


def _judge_first(author: Author, after: State) -> Reason | None:
    """Judge the first change of a record, as nearly every one is: nothing stood there before."""
    area = shown(after, "area")
    return Reason.FOREIGN_AREA if isinstance(area, str) and area not in author.areas else None


def _judge_further(
    author: Author, before: State, after: State, skeleton: Skeleton
) -> Reason | None:
    if is_erased(before, "area"):
        return Reason.ERASED  # it came too late: the record was erased meanwhile
    known = shown(before, "area")
    # The first change that brings an area is judged by it, also where it is not the first to come.
    area = known if isinstance(known, str) else shown(after, "area")
    if not isinstance(area, str):
        if heads(before, "area"):
            # The office put the record's place away with the change that brought it: what its
            # author adds to it goes the same way.
            return Reason.FOREIGN_AREA
        # What was built on a change that is still under way (another seat of one tablet, a van):
        # quarantine would put its values away before the record itself has come. It is in no feed
        # until an area is known; the office is told of it.
        return None
    if area not in author.areas:
        return Reason.FOREIGN_AREA
    # Only an office change moves a record between areas.
    if isinstance(known, str) and "area" in skeleton.fields:
        return Reason.OFFICE_FIELD
    status = shown(before, "status")
    # A phone may have set a list or a map, and asking a set for one of those fails.
    if isinstance(status, str) and status in kind_of(after.kind).closed:
        return Reason.CLOSED
    return None

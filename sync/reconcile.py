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

from sync.change import LinkedChange
from sync.record import State, shown

# Steps after which a dossier is no longer edited from the field (ux.md, part 1).
CLOSED: Final = frozenset({"done", "returned", "refused", "withdrawn", "stopped"})


class Reason(StrEnum):
    """Why a change is quarantined; stable, shown to people in words."""

    FOREIGN_AREA = "foreign-area"
    REVOKED = "revoked"
    CLOSED = "closed"
    OFFICE_FIELD = "office-field"
    NO_AREA = "no-area"


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
    area = shown(before, "area") if before.seen else shown(after, "area")
    if not isinstance(area, str):
        return Reason.NO_AREA
    if area not in author.areas:
        return Reason.FOREIGN_AREA
    # Only an office change moves a record between areas.
    if before.seen and "area" in skeleton.fields:
        return Reason.OFFICE_FIELD
    if shown(before, "status") in CLOSED:
        return Reason.CLOSED
    return None

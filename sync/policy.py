"""What becomes of a field that was set apart, before anybody is asked (UX-51).

1. People are asked what only people can answer; everything else has its rule in one table, here.
2. A rule settles by writing a change, never by hiding one: it names all heads that it saw, stands
   in the log of the office's own seat, and can be undone like any settlement.
3. Only the office runs rules, under the record's lock, in the transaction that took the batch.
   Devices and hubs show the conflict until its change reaches them.
4. Two different `status` steps that were taken apart are always a question for a person.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from sync.change import Dot
from sync.limits import TEXT_CHARACTERS_MAX, VALUE_ITEMS_MAX
from sync.record import State
from sync.register import Head, canonical, in_conflict, is_erased, open_value


class Policy(StrEnum):
    """The ways in which a field set apart is settled."""

    ASK = "ask"
    APPEND = "append"
    OFFICE_WINS = "office-wins"
    FIELD_WINS = "field-wins"
    SHRINK = "shrink"


class Side(StrEnum):
    """Where a set comes from: the van and the village, a person at the desk, or the office itself.

    What the office itself set stands for somebody else's value: it was put back, or won by a rule.
    """

    FIELD = "field"
    DESK = "desk"
    OFFICE = "office"


# By kind of record: field and rule, the first that fits. What is not here is asked.
TABLE: Final[Mapping[str, tuple[tuple[re.Pattern[str], Policy], ...]]] = {
    "dossier": (
        (re.compile(r"status"), Policy.ASK),
        # Only the office moves a dossier or gives it to somebody.
        (re.compile(r"area|assignee"), Policy.OFFICE_WINS),
        # The authority answers for the step of its part; the van only hands it on.
        (re.compile(r"parts\..+\.status"), Policy.OFFICE_WINS),
        # Who had the paper in hand knows what it was; the office saw at most its picture.
        (re.compile(r"papers\..+|attachments\..+"), Policy.FIELD_WINS),
        # Reasons for what is open, all given at the seal: whoever answers one takes out its own.
        (re.compile(r"intake\.passed"), Policy.SHRINK),
        # Remarks do not exclude each other.
        (re.compile(r"remarks"), Policy.APPEND),
    ),
}


def policy_of(kind: str, field: str) -> Policy:
    """Give the rule of a field; `ask` where there is none."""
    for pattern, policy in TABLE.get(kind, ()):
        if pattern.fullmatch(field):
            return policy
    return Policy.ASK


def settle(state: State, side_of: Callable[[int], Side]) -> dict[str, tuple[list[Dot], Any]]:
    """Give what the office sets, by field: all heads that stand, and the value in their place.

    `side_of` tells it of a seat. Empty where nothing is in conflict or people are asked: also where
    a rule cannot decide, since two of the side that wins differ.
    """
    sets = {}
    for name, one in state.registers.items():
        # What was erased is nobody's answer any more, and must not win.
        if not in_conflict(one) or any(is_erased(head) for head in one.heads):
            continue
        heads = sorted(one.heads, key=lambda head: (head.at, head.dot.seat, head.dot.seq))
        winner = _decide(policy_of(state.kind, name), heads, side_of)
        if winner:
            sets[name] = ([head.dot for head in one.heads], winner[0])
    return sets


def _decide(policy: Policy, heads: list[Head], side_of: Callable[[int], Side]) -> tuple[Any] | None:
    """Give the value in a tuple, for it may be nil; None where a person has to say."""
    sides = [side_of(head.dot.seat) for head in heads]
    match policy:
        case Policy.ASK:
            return None
        case Policy.APPEND:
            return _append([open_value(head) for head in heads])
        case Policy.SHRINK:
            return _shrink([open_value(head) for head in heads])
        case Policy.OFFICE_WINS:
            return _only(
                [head for head, side in zip(heads, sides, strict=True) if side != Side.FIELD]
            )
        case Policy.FIELD_WINS:
            if Side.OFFICE in sides:
                return None
            return _only(
                [head for head, side in zip(heads, sides, strict=True) if side == Side.FIELD]
            )


def _only(heads: list[Head]) -> tuple[Any] | None:
    values = {canonical(head.value) for head in heads}
    return (open_value(heads[0]),) if len(values) == 1 else None


def _shrink(values: list[Any]) -> tuple[Any] | None:
    """Keep of a list that only ever loses items what nobody took out; nothing left is no value."""
    said = [[] if value is None else value for value in values]
    if not all(isinstance(value, list) for value in said):
        return None
    # By the bytes: to Python `1` and `True` are the same.
    first, *others = [
        {msgspec.msgpack.encode(item, order="deterministic"): item for item in items}
        for items in said
    ]
    left = [item for key, item in first.items() if all(key in other for other in others)]
    return (left or None,)


def _append(values: Iterable[Any]) -> tuple[Any] | None:
    """Put lists, or texts as lines, one behind the other in the order of writing; once each."""
    said = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in said):
        text = "\n".join(dict.fromkeys(line for value in said for line in value.split("\n")))
        return (text,) if len(text) <= TEXT_CHARACTERS_MAX else None
    if all(isinstance(value, list) for value in said):
        items: list[Any] = []
        for value in said:
            items += [item for item in value if item not in items]
        return (items,) if len(items) <= VALUE_ITEMS_MAX else None
    return None

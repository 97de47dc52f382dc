"""How far a result is that somebody takes along to hand it back, from what is said of it.

The twin is `pwa/src/shift/results.ts`; `deliveries.json` holds both.

1. The office says what it gave and how it ended (`ended`); the phone what it got and what became
   of it. Neither can set the other's fields, so neither overwrites the other.
2. Two who hand back the same are both told: `twice` is no mistake to be tidied away.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

KIND: Final = "result_delivery"
HANDED: Final = "handed_at"
ENDED: Final = "ended"
AT_DESK: Final = "at_desk"
BACK: Final = "back"

DELIVERED: Final = "delivered"
"""What a phone says of one that it handed back, beside when."""

DONE: Final = "done"
"""The step of a dossier that has a result."""

RETURNED: Final = "returned"
"""The step of a dossier whose results are all out of our hands."""

Step = Literal["ready", "taken", "uncollected", "recalled", "back", "delivered", "twice"]


def step_of(said: Mapping[str, Any]) -> Step:
    """Say how far it is: `recalled` was given at the desk while it was out here."""
    if HANDED in said:
        return "twice" if ENDED in said else "delivered"
    if ENDED in said:
        return "back" if said[ENDED] == BACK else "recalled"
    match said.get("status"):
        case "taken":
            return "taken"
        case "uncollected":
            return "uncollected"
        case _:
            return "ready"


def is_on_the_way(said: Mapping[str, Any]) -> bool:
    """Tell whether somebody who took it still has it: neither handed back nor given up to us."""
    was_taken = said.get("status") in ("taken", "uncollected")
    return was_taken and step_of(said) in ("taken", "uncollected", "recalled")


def is_open(said: Mapping[str, Any]) -> bool:
    """Tell whether somebody may still hand it back."""
    return step_of(said) in ("ready", "taken", "uncollected")


def counts_differ(said: Mapping[str, Any]) -> bool:
    """Tell whether the two who counted it counted otherwise."""
    return "got" in said and said["got"] != said.get("copies")

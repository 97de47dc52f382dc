"""What the office asked for after a dossier had come, and for how long its clock stood meanwhile.

Pure. A request stands in the dossier's record as `supplements.<id>`; what answers it is a field
`supplied.<id>` of its own, so that a revision that did not know of a request never answers it.

Twin: pwa/src/procedures/supplements.ts; both satisfy server/deadlines/vectors.json.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import msgspec

from server.deadlines.rules import Pause

ASKED: Final = "supplements."
GIVEN: Final = "supplied."

_VIETNAM: Final = timezone(timedelta(hours=7))


class Supplement(msgspec.Struct, frozen=True):
    """One request. `items` are fields of the record; the times are `YYYY-MM-DDTHH:MM`."""

    id: str
    asked: str
    items: tuple[str, ...]
    more: str
    reason: str
    # Empty while it is not answered.
    given: str
    # As it stands on the paper; empty where the office gave none.
    number: str = ""


def supplements_in(fields: Mapping[str, tuple[Any, int]]) -> list[Supplement]:
    """Read the requests of a dossier, the oldest first.

    `fields` gives of each field the shown value and when it was set, in ms: by its author's clock,
    but never after the office's receipt.
    """
    found: list[tuple[int, Supplement]] = []
    for name, (value, at) in fields.items():
        if not name.startswith(ASKED) or not isinstance(value, dict) or "items" not in value:
            continue
        number = name.removeprefix(ASKED)
        answer, answered = fields.get(f"{GIVEN}{number}", (None, 0))
        # A clock that runs behind must not make time go backwards.
        given = _minute(max(answered, at)) if answer is True else ""
        items = value["items"] if isinstance(value["items"], list) else []
        one = Supplement(
            number,
            _minute(at),
            tuple(item for item in items if isinstance(item, str)),
            _text(value.get("more")),
            _text(value.get("reason")),
            given,
            _text(value.get("number")),
        )
        found.append((at, one))
    return [one for _, one in sorted(found, key=lambda each: (each[0], each[1].id))]


def waiting(supplements: Iterable[Supplement]) -> list[Supplement]:
    """Give those that are not answered: while there is one, the clock stands."""
    return [one for one in supplements if not one.given]


def pauses_of(supplements: Sequence[Supplement]) -> list[Pause]:
    """Give the times in which the clock stood and goes on, in their order; none overlap."""
    pauses: list[Pause] = []
    for one in sorted(supplements, key=lambda each: (each.asked, each.given)):
        if not one.given:
            continue
        last = pauses[-1] if pauses else None
        if last is not None and one.asked <= last.given:
            pauses[-1] = Pause(last.asked, max(last.given, one.given))
        else:
            pauses.append(Pause(one.asked, one.given))
    return pauses


def _minute(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, _VIETNAM).strftime("%Y-%m-%dT%H:%M")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

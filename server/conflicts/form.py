"""The settling form: what it shows of each conflict, and what an officer sent with it.

1. A row says which heads it showed (`seen`), so that a value which arrives meanwhile stays open.
2. All rows that were shown must be decided before anything is applied (UX-52).
3. Whatever was sent comes back with the answer: nothing typed is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from server.conflicts.conflict import Conflict, Side
from server.conflicts.settlement import Choice
from server.conflicts.typed import Box, Unreadable, box_of, typed_value
from server.dossiers.reading import Reader
from server.dossiers.wording import Text

OTHER: Final = "other"
REASON_CHARACTERS_MAX: Final = 2_000


@dataclass(frozen=True)
class Option:
    """One side of a conflict, written out."""

    side: Side
    answer: Text
    is_chosen: bool
    is_new: bool


@dataclass
class Row:
    """One field in conflict, as the form shows it and as it was sent."""

    path: str
    place: int
    label: Text
    seen: list[str]
    options: list[Option]
    box: Box
    choices: list[tuple[str, Text]]
    picked: str
    other: str
    fault: str | None = None
    is_new: bool = False

    @property
    def dots(self) -> str:
        """Name the heads that the page shows now, for the form to send back as seen."""
        return ",".join(option.side.dot for option in self.options)


@dataclass
class Settling:
    """The whole form."""

    rows: list[Row]
    reason: str
    reason_fault: str | None = None
    gone: list[Text] = field(default_factory=list)

    @property
    def faults(self) -> list[tuple[str, Text | None, str]]:
        """Name what still needs the officer: its anchor, its question, what is wrong."""
        found: list[tuple[str, Text | None, str]] = [
            (f"row-{row.place}", row.label, row.fault) for row in self.rows if row.fault
        ]
        if self.reason_fault:
            found.append(("reason", None, self.reason_fault))
        return found


def lay_out(conflicts: list[Conflict], reader: Reader, sent: Mapping[str, str]) -> Settling:
    """Lay the conflicts out, with what was sent put back in."""
    in_order = sorted(conflicts, key=lambda one: reader.place(one.field))
    rows = [_row(place, one, reader, sent) for place, one in enumerate(in_order)]
    open_paths = {row.path for row in rows}
    shown = [name.removeprefix("seen:") for name in sent if name.startswith("seen:")]
    gone = [reader.label(path) for path in shown if path not in open_paths]
    for row in rows:
        row.is_new = bool(shown) and row.path not in shown
    return Settling(rows, sent.get("reason", ""), gone=gone)


def decide(settling: Settling, reader: Reader) -> list[Choice]:
    """Read the officer's choices; where one is missing or unreadable, its row says so."""
    choices = []
    for row in settling.rows:
        if row.is_new:
            continue  # it came after the form was shown: it stays open
        try:
            value = _picked_value(row, reader)
        except Unreadable as unreadable:
            row.fault = unreadable.code
            continue
        choices.append(Choice(row.path, row.seen, value))
    reason = settling.reason.strip()
    if not reason:
        settling.reason_fault = "reason"
    elif len(reason) > REASON_CHARACTERS_MAX:
        settling.reason_fault = "long"
    return choices


def _picked_value(row: Row, reader: Reader) -> object:
    for option in row.options:
        if option.is_chosen:
            return option.side.value
    known = reader.field(row.path)
    if row.picked != OTHER or row.box == "none" or known is None:
        raise Unreadable("unsettled")
    return typed_value(known, row.other)


def _row(place: int, one: Conflict, reader: Reader, sent: Mapping[str, str]) -> Row:
    path = one.field
    known = reader.field(path)
    dots = [side.dot for side in one.sides]
    # What the form showed, where it was sent; a head that came since is not in it.
    seen = (sent.get(f"seen:{path}", "") or ",".join(dots)).split(",")
    picked = sent.get(f"pick:{path}", "")
    return Row(
        path=path,
        place=place,
        label=reader.label(path),
        seen=seen,
        options=[
            Option(side, reader.answer(path, side.value), picked == side.dot, side.dot not in seen)
            for side in one.sides
        ],
        box=box_of(known),
        choices=_choices(known, reader, path),
        picked=picked,
        other=sent.get(f"other:{path}", ""),
    )


def _choices(known: Mapping[str, Any] | None, reader: Reader, path: str) -> list[tuple[str, Text]]:
    if known is None:
        return []
    if known["type"] == "boolean":
        return [("true", reader.answer(path, True)), ("false", reader.answer(path, False))]  # noqa: FBT003
    values = [choice["value"] for choice in known.get("choices", ())]
    return [(value, reader.answer(path, value)) for value in values]

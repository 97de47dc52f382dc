"""What a dossier costs, as far as the catalogue and its answers say.

Pure. Twin: pwa/src/procedures/fees.ts; both satisfy server/deadlines/vectors.json.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

_PAGES: Final = "original_page_count"
_COPIES: Final = "certified_copy_count"
_COPIES_WANTED: Final = "copy_count"
_FIGURES: Final = re.compile("[0-9]{1,9}")  # a count; whoever sends more figures has sent none


def fee_per_copy(formula: Mapping[str, Any], pages: int) -> int:
    """Give the fee in VND of one certified copy of an original of so many pages."""
    first = min(pages, formula["first_pages"]) * formula["first_page_fee"]
    following = max(0, pages - formula["first_pages"]) * formula["next_page_fee"]
    return int(min(first + following, formula["cap_per_copy"]))


def fee_due(procedure: Mapping[str, Any], answers: Mapping[str, object]) -> int | None:
    """Give the fee in VND of a dossier handed in directly; None where nobody can know it yet."""
    formula = procedure.get("fee_formula")
    if formula is not None:
        return sum(fee_per_copy(formula, pages) * copies for pages, copies in _originals(answers))
    direct = (procedure.get("fee_by_channel") or {}).get("direct")
    fee = procedure["fee_vnd"] if direct is None else direct
    if fee is None:
        return None
    if procedure["fee_unit"] == "copy":
        copies = _whole(answers.get(f"answers.{_COPIES_WANTED}"))
        return None if copies is None else int(fee) * copies
    return int(fee)


def _originals(answers: Mapping[str, object]) -> list[tuple[int, int]]:
    """Give pages and copies of each original, of the rows that were not taken out."""
    rows: dict[str, dict[str, object]] = defaultdict(dict)
    for name, value in answers.items():
        parts = name.split(".")
        if len(parts) == 4 and parts[:2] == ["answers", "originals"]:  # noqa: PLR2004 -- a row's field
            rows[parts[2]][parts[3]] = value
    found = []
    for row in rows.values():
        pages, copies = _whole(row.get(_PAGES)), _whole(row.get(_COPIES))
        if row.get("removed") is not True and pages is not None and copies is not None:
            found.append((pages, copies))
    return found


def _whole(value: object) -> int | None:
    """Give a count as it was answered: a number, or its figures."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and _FIGURES.fullmatch(value) else None

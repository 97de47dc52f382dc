"""The list of field names that both sides have, so that batches need not bring them.

It only grows, at its end: phones count by it (`columns.py`).
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

FIELD_NAMES: Final[list[str]] = json.loads(
    Path(__file__).with_name("field_names.json").read_text("utf-8")
)


class JoinedNames:
    """Names that many look through, each for others: they are joined once."""

    __slots__ = ("joined",)

    def __init__(self, names: Collection[str]) -> None:
        """Join them, a line each."""
        self.joined = "\n".join(names)


def names_under(names: Collection[str], *beginnings: str) -> list[str]:
    """Give the names that begin so, in their order.

    Asked several times of every change, and nearly always there are none. Looked for in all names
    at once, that costs a fifth of looking at each.
    """
    joined = names.joined if isinstance(names, JoinedNames) else "\n".join(names)
    for beginning in beginnings:
        if beginning in joined:
            return [name for name in names if name.startswith(beginnings)]
    return []

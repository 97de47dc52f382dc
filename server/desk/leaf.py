"""A long list at the desk, a page of it at a time (UX-21); which one travels in the address.

For lists that are read as a whole anyway: what costs is the page that is made of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")


@dataclass(frozen=True)
class Leaf(Generic[Row]):
    """The rows of one page, which page it is, and of how many."""

    rows: Sequence[Row]
    number: int
    count: int
    path: str
    name: str

    @property
    def before(self) -> str | None:
        """Link to the page before, if there is one."""
        return self.address(self.number - 1) if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """Link to the page after, if there is one."""
        return self.address(self.number + 1) if self.number < self.count else None

    @property
    def here(self) -> str:
        """Link to this page, for a fragment that refreshes itself."""
        return self.address(self.number)

    def address(self, number: int) -> str:
        """Give the link to a page; the first has the shortest."""
        return self.path if number == 1 else f"{self.path}?{urlencode({self.name: number})}"


def leaf_of(
    rows: Sequence[Row], asked: int, rows_max: int, path: str, name: str = "page"
) -> Leaf[Row]:
    """Give the page that is asked for, or the nearest that there is."""
    count = max(1, -(-len(rows) // rows_max))
    number = min(max(asked, 1), count)
    shown = rows[(number - 1) * rows_max : number * rows_max]
    return Leaf(shown, number, count, path, name)


def page_with(rows: Sequence[Row], is_it: Callable[[Row], bool], rows_max: int) -> int:
    """Tell on which page a row stands; the first where it stands on none."""
    return next((place // rows_max + 1 for place, row in enumerate(rows) if is_it(row)), 1)

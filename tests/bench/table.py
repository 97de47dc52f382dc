"""Prints figures, each with what it is measured against. Nothing here judges them."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table. `against` is the baseline of the same run, in the same unit."""

    name: str
    value: float
    unit: str
    against: float | None = None
    baseline: str = ""
    rounds: int = 1
    is_cost: bool = False
    """Time spent: the ratio then is how fast we are, beside the baseline."""

    @property
    def ratio(self) -> str:
        """Say how we stand beside the baseline."""
        if not self.against:
            return ""
        if self.is_cost:
            return f"{self.against / self.value:.2f}x as fast"
        return f"{self.value / self.against:.2f}x as much"


def print_table(figures: Iterable[Figure]) -> None:
    """Print all figures as one table."""
    rows = [("figure", "value", "baseline", "ratio", "rounds")]
    for figure in figures:
        against = f"{_number(figure.against)} {figure.baseline}" if figure.against else ""
        value = f"{_number(figure.value)} {figure.unit}"
        rows.append((figure.name, value, against, figure.ratio, str(figure.rounds)))
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    for place, row in enumerate(rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
        if place == 0:
            print("  ".join("-" * width for width in widths))


def middle(values: Iterable[float]) -> float:
    """Give the median: one slow round on a busy machine must not colour a figure."""
    return median(list(values))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"

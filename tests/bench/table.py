"""Prints figures, each with what it is measured against and what we hold ourselves to."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Goal:
    """What a figure is held to, and the ambition; both as `Figure.measured` gives it."""

    hold: float
    bold: float | None = None


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
    """Time spent: the ratio then is how fast we are, beside the baseline. More is better."""

    is_score: bool = False
    """Points of a judge: more is better."""

    goal: Goal | None = None

    @property
    def measured(self) -> float:
        """Give what the goal speaks of: the ratio, or the value where there is no baseline."""
        if not self.against:
            return self.value
        return self.against / self.value if self.is_cost else self.value / self.against

    @property
    def wants_more(self) -> bool:
        """Whether what is measured is the better the more it is."""
        return self.is_score or bool(self.is_cost and self.against)

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        if self.wants_more:
            return self.measured >= self.goal.hold
        return self.measured <= self.goal.hold


def print_table(figures: Iterable[Figure]) -> None:
    """Print all figures as one table."""
    head = ("figure", "hold", "bold", "measured", "", "value", "baseline", "rounds")
    rows = [head, *map(_row, figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for place, row in enumerate(rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
        if place == 0:
            print("  ".join("-" * width for width in widths))


def middle(values: Iterable[float]) -> float:
    """Give the median: one slow round on a busy machine must not colour a figure."""
    return median(list(values))


def _row(figure: Figure) -> tuple[str, ...]:
    goal, unit = figure.goal, "x" if figure.against else f" {figure.unit}"
    sign = ">=" if figure.wants_more else "<="
    hold = f"{sign} {_number(goal.hold)}{unit}" if goal else ""
    bold = f"{sign} {_number(goal.bold)}{unit}" if goal and goal.bold else ""
    holds = {True: "holds", False: "MISSES", None: ""}[figure.holds]
    against = f"{_number(figure.against)} {figure.baseline}" if figure.against else ""
    measured = f"{_number(figure.measured)}{unit}"
    value = f"{_number(figure.value)} {figure.unit}"
    return (figure.name, hold, bold, measured, holds, value, against, str(figure.rounds))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"

"""The arrivals as the desk looks through them: filtered, sorted, a page at a time.

Filter and order travel in the address, so that a link keeps them (UX-21). They hold codes alone:
what a citizen told us never stands in an address.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

import sqlalchemy as sa

from server.dossiers.arrivals import Arrival, arrival_of, arrivals_query
from server.dossiers.tables import dossiers

ROWS_MAX: Final = 50  # a screen and a half; the next page is one key away
PAGE_MAX: Final = 100_000  # far beyond any office, and still a number that databases hold

Only = Literal["all", "conflicts", "today"]
Order = Literal["received", "procedure", "area"]
Direction = Literal["down", "up"]


@dataclass(frozen=True)
class Triage:
    """What of the arrivals is looked at."""

    only: Only = "all"
    area: str = ""
    order: Order = "received"
    direction: Direction = "down"
    page: int = 1

    def address(self, **changed: object) -> str:
        """Give the link to these arrivals with something changed; a new filter starts at 1."""
        values: dict[str, Any] = {"page": 1, **changed}
        new = replace(self, **values)
        plain = Triage()
        parts = {name: value for name, value in vars(new).items() if value != getattr(plain, name)}
        return "/desk" + (f"?{urlencode(parts)}" if parts else "")


@dataclass(frozen=True)
class Counts:
    """How many dossiers each filter shows."""

    all: int
    conflicts: int
    today: int


def read_triage(only: str, area: str, order: str, direction: str, page: int) -> Triage:
    """Read what an address asks for; what it cannot ask for is left out."""
    return Triage(
        only=next((one for one in get_args(Only) if one == only), "all"),
        area=area if area.isascii() and area.isalnum() else "",
        order=next((one for one in get_args(Order) if one == order), "received"),
        direction="up" if direction == "up" else "down",
        page=min(max(page, 1), PAGE_MAX),
    )


def rows(connection: sa.Connection, triage: Triage, midnight: int) -> tuple[list[Arrival], bool]:
    """Give one page of dossiers, and whether there is another after it."""
    order = _order(triage)
    # The index alone says which rows these are; only they are looked up whole, with their names.
    page = (
        sa.select(dossiers.c.record)
        .where(*_conditions(triage, midnight))
        .order_by(*order)
        .offset((triage.page - 1) * ROWS_MAX)
        .limit(ROWS_MAX + 1)
    )
    found = connection.execute(arrivals_query.where(dossiers.c.record.in_(page)).order_by(*order))
    arrived = [arrival_of(row) for row in found]
    return arrived[:ROWS_MAX], len(arrived) > ROWS_MAX


def counts(connection: sa.Connection, triage: Triage, midnight: int) -> Counts:
    """Count what each filter would show in the chosen area."""

    def count(only: Only) -> int:
        conditions = _conditions(replace(triage, only=only), midnight)
        counted = sa.select(sa.func.count()).select_from(dossiers).where(*conditions)
        return int(connection.execute(counted).scalar_one())

    return Counts(count("all"), count("conflicts"), count("today"))


def _conditions(triage: Triage, midnight: int) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if triage.area:
        conditions.append(dossiers.c.area == triage.area)
    if triage.only == "conflicts":
        conditions.append(dossiers.c.conflicts > 0)
    if triage.only == "today":
        conditions.append(dossiers.c.last_received >= midnight)
    return conditions


def _order(triage: Triage) -> list[sa.UnaryExpression[Any]]:
    received = (dossiers.c.last_received, dossiers.c.record)
    newest_first = [column.desc() for column in received]
    match triage.order:
        case "received":
            return newest_first if triage.direction == "down" else [c.asc() for c in received]
        case "procedure" | "area":
            column = dossiers.c[triage.order]
            return [column.desc() if triage.direction == "down" else column.asc(), *newest_first]

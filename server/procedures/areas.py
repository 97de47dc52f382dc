"""The communes and wards that the office works with, as they lie in `areas.json`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import sqlalchemy as sa

from server.staff.tables import areas as table


class Area(msgspec.Struct, frozen=True):
    """An administrative unit after 1 July 2025; `flags` are conditions that limits depend on."""

    code: str
    name_vi: str
    kind: str
    flags: list[str]
    former_names_vi: list[str]


@cache
def areas() -> tuple[Area, ...]:
    """Read the areas, once."""
    content = Path(__file__).with_name("areas.json").read_bytes()
    return tuple(msgspec.json.decode(content, type=list[Area]))


@cache
def area_names() -> Mapping[str, str]:
    """Give the name of each area by its code."""
    return {area.code: area.name_vi for area in areas()}


def keep_areas(connection: sa.Connection) -> None:
    """Bring the table of areas up to the file; nothing is ever taken out of it."""
    columns = (table.c.code, table.c.name_vi, table.c.kind, table.c.flags)
    kept = {code: rest for code, *rest in connection.execute(sa.select(*columns))}
    for area in areas():
        flags = msgspec.json.encode(area.flags).decode()
        values = {"name_vi": area.name_vi, "kind": area.kind, "flags": flags}
        if area.code not in kept:
            connection.execute(sa.insert(table).values(code=area.code, **values))
        elif kept[area.code] != [*values.values()]:
            same = table.c.code == area.code
            connection.execute(sa.update(table).where(same).values(**values))

"""Runs so many shots from a seed; the same seed and place give the same kind of shot again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from litestar import Litestar

from server.app import create_app
from server.office import open_office
from server.settings import Settings
from tests.fuzz.pages import addresses, fill, forms
from tests.fuzz.raw_http import raw_bytes
from tests.fuzz.shot import Shot, Tally
from tests.fuzz.surface import routes_of
from tests.fuzz.sync_doors import any_bytes, packed, signed_changes, signed_messages
from tests.fuzz.target import Target
from tests.fuzz.uploads import uploads
from tests.stories.office import OfficeProcess

RENEWED_EVERY: Final = 250
LOOKED_AFTER_EVERY: Final = 20
SLOW_DOORS: Final = ("/desk/sign-in", "/desk/events")
"""A sign-in computes for a tenth of a second on purpose, and events stream for ever."""

KINDS: Final = (
    *("signed", "signed", "change", "change", "bytes", "packed"),
    *("tus", "tus", "form", "form", "address", "raw"),
)


def fuzz(target: Target, seed: int, requests: int, first: int = 0) -> Tally:
    """Send the shots `first` to `first + requests` of a seed."""
    tally = Tally()
    for place in range(first, first + requests):
        if place % RENEWED_EVERY == 0 and place > first:
            target.renew()
        shot = aim(Random(f"{seed}/{place}"), target)
        tally.note(place, shot, target.send(shot))
        if place % LOOKED_AFTER_EVERY == 0 and not target.office.answers():
            tally.faults.append(f"#{place} {shot.kind} {shot.path}: the office is gone")
            break
    return tally


def aim(chance: Random, target: Target) -> Shot:
    """Choose a door and make a shot for it."""
    phone, seat = target.phone, target.seat
    match chance.choice(KINDS):
        case "signed":
            return signed_messages(chance, phone, seat)
        case "change":
            return signed_changes(chance, phone, seat)
        case "bytes":
            return any_bytes(chance, phone, seat)
        case "packed":
            return packed(chance, phone, seat)
        case "tus":
            record = chance.choice(list(phone.records))
            return uploads(chance, target.token, record, target.digest, target.uploads)
        case "raw":
            return raw_bytes(chance)
        case "form":
            return forms(chance, _paths(chance, target, "POST"), target.fields, target.session)
        case _:
            return addresses(chance, _paths(chance, target, "GET"), target.session)


def _paths(chance: Random, target: Target, method: str) -> list[str]:
    records = list(target.phone.records)
    found = [
        fill(chance, route.to_fill, records)
        for route in target.routes
        if method in route.methods and route.template not in SLOW_DOORS
    ]
    return [*found, "/desk/sign-in"] if chance.random() < 0.02 else found


@contextmanager
def office_under_fire(folder: Path, database: str) -> Iterator[Target]:
    """Run an office and aim at it."""
    office = OfficeProcess(folder / "office", database)
    office.start()
    target = Target(office, routes_of(_application(folder)))
    try:
        yield target
    finally:
        target.close()
        office.kill()


def _application(folder: Path) -> Litestar:
    """Build the application once in here, only to ask it for its routes."""
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        settings = Settings(
            mode="demo",
            data=Path(aside),
            database=f"sqlite:///{aside}/routes.sqlite3",
            secret="only to ask for the routes, long enough",
            host="127.0.0.1",
            port=8000,
            url="http://localhost:8000",
            office="demo-branch",
            office_name="Chi nhánh",
        )
        office = open_office(settings)
        try:
            return create_app(office)
        finally:
            office.close()

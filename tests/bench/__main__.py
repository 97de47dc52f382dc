"""Measures, and prints the figures in one table: `make bench`.

    python -m tests.bench                     everything, in about ten minutes
    python -m tests.bench storm desk          some of it
    python -m tests.bench growth --upto 6     a pull's growth, up to 10^6 dossiers stored

Ratios are between what was measured in the same run, in turns; read those, not the milliseconds.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import (
    desk_pages,
    exchange,
    lighthouse,
    pulls,
    quiet,
    screens,
    stall,
    storm,
    vaults,
)
from tests.bench.office import Place, place_on_postgres, place_on_sqlite
from tests.bench.stock import fill
from tests.bench.table import Figure, print_table
from tests.support.chromium import find_chromium
from tests.support.postgres import Postgres, make_postgres, remove_postgres

STORED_FOR_PULLS = 12_000
STORED_FOR_DESK = 100_000


@dataclass(frozen=True)
class Run:
    """Where this run works, and how far it goes."""

    folder: Path
    postgres: Postgres
    upto: int

    @contextmanager
    def places(self, name: str) -> Iterator[list[Place]]:
        """Serve a fresh office on each kind of database."""
        with (
            place_on_sqlite(self.folder, name) as sqlite,
            place_on_postgres(self.folder, self.postgres, f"pg-{name}") as postgres,
        ):
            yield [sqlite, postgres]


def measure_exchange(run: Run) -> list[Figure]:
    """New dossiers, one phone."""
    with run.places("exchange") as places:
        return [figure for place in places for figure in exchange.measure(place)]


def measure_storm(run: Run) -> list[Figure]:
    """New dossiers, twenty phones."""
    with run.places("storm") as places:
        return [figure for place in places for figure in storm.measure(place)]


def measure_pulls(run: Run) -> list[Figure]:
    """Nothing new, a thousand states, and coming back."""
    with place_on_sqlite(run.folder, "pulls") as place:
        fill(place, STORED_FOR_PULLS)
        return [
            *quiet.measure_wait(place),
            # Before anybody else pulls the same: its first round finds nothing packed.
            *pulls.measure_states(place),
            *quiet.measure_reconnect(place),
        ]


def measure_stall(run: Run) -> list[Figure]:
    """What others wait while photos are looked into and passwords weighed."""
    with run.places("stall") as places:
        return [figure for place in places for figure in stall.measure(place)]


def measure_growth(run: Run) -> list[Figure]:
    """Ten changed dossiers, from small offices and big ones."""
    figures = []
    for kind in ("sqlite", "postgres"):
        with ExitStack() as stack:
            places = {}
            for power in range(3, run.upto + 1):
                name = f"growth-{kind}-{power}"
                place = stack.enter_context(
                    place_on_sqlite(run.folder, name)
                    if kind == "sqlite"
                    else place_on_postgres(run.folder, run.postgres, name)
                )
                fill(place, 10**power)
                places[10**power] = place
            figures += pulls.measure_growth(places)
    return figures


def measure_desk(run: Run) -> list[Figure]:
    """The desk's pages over a big stock."""
    with place_on_sqlite(run.folder, "desk") as place:
        fill(place, STORED_FOR_DESK)
        return desk_pages.measure(place, STORED_FOR_DESK)


def measure_screens(run: Run) -> list[Figure]:
    """What a person waits for, in a real browser."""
    with place_on_sqlite(run.folder, "screens") as place, sync_playwright() as playwright:
        return screens.measure(place.office, playwright, find_chromium(), run.folder)


def measure_vaults(run: Run) -> list[Figure]:
    """What it costs that everything on a tablet is sealed."""
    with place_on_sqlite(run.folder, "vaults") as place, sync_playwright() as playwright:
        return vaults.measure(place, playwright, find_chromium(), run.folder)


def measure_lighthouse(run: Run) -> list[Figure]:
    """What a stranger says of the first screens."""
    with place_on_sqlite(run.folder, "lighthouse") as place, sync_playwright() as playwright:
        return lighthouse.measure(place.office, playwright, find_chromium(), run.folder)


PARTS: dict[str, Callable[[Run], list[Figure]]] = {
    "exchange": measure_exchange,
    "storm": measure_storm,
    "pulls": measure_pulls,
    "stall": measure_stall,
    "growth": measure_growth,
    "desk": measure_desk,
    "screens": measure_screens,
    "vaults": measure_vaults,
    "lighthouse": measure_lighthouse,
}


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--upto", type=int, default=4, help="growth goes up to 10 to this power")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    # The first backup would begin seconds after the start, beside what is measured.
    os.environ["LUUDONG_BACKUP_HOUR"] = "off"
    postgres = make_postgres(keeps_promises=True)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        try:
            postgres.start()
            run = Run(Path(name), postgres, asked.upto)
            for part in asked.parts or PARTS:
                figures += PARTS[part](run)
        finally:
            remove_postgres(postgres)
    print_table(figures)


if __name__ == "__main__":
    main()

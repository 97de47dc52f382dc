"""Measures, and prints the figures in one table: `make bench`. It judges nothing.

Ratios are between what was measured in the same run, in turns; read those, not the milliseconds.
"""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import exchange, screens
from tests.bench.table import print_table
from tests.stories.office import OfficeProcess
from tests.support.chromium import find_chromium


def main() -> None:
    """Run an office on SQLite and measure what it and the screens take."""
    # The first backup would begin seconds after the start, beside what is measured.
    os.environ["LUUDONG_BACKUP_HOUR"] = "off"
    chromium = find_chromium()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        database = folder / "office.sqlite3"
        office = OfficeProcess(folder / "office", f"sqlite:///{database}")
        office.start()
        try:
            figures = exchange.measure(office, database, folder)
            with sync_playwright() as playwright:
                figures += screens.measure(office, playwright, chromium, folder)
        finally:
            office.kill()
    print_table(figures)


if __name__ == "__main__":
    main()

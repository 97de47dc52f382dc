"""What the core story may ask for: an office, and a phone with each engine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.engines.firefox import Firefox
from tests.engines.missing import NoEngine
from tests.engines.phone import Engine, EnginePhone
from tests.engines.webkit import WebKit
from tests.stories.office import NO_BACKUPS, OfficeProcess

ENGINES: Final[dict[str, Callable[[Path], Engine]]] = {"firefox": Firefox, "webkit": WebKit}


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[OfficeProcess]:
    """Run an office; on which database makes no difference to a phone."""
    folder = tmp_path / "office"
    folder.mkdir()
    database = folder / "office.sqlite3"
    database.write_bytes(sqlite_template.read_bytes())
    running = OfficeProcess(folder, f"sqlite:///{database}", more=NO_BACKUPS)
    running.start()
    yield running
    running.kill()
    # Shown by pytest when the story has failed.
    print(running.last_words())


@pytest.fixture(params=sorted(ENGINES))
def phone(
    request: pytest.FixtureRequest, office: OfficeProcess, tmp_path: Path
) -> Iterator[EnginePhone]:
    """Switch on a phone with each engine in turn; where one is missing, the test fails."""
    try:
        engine = ENGINES[request.param](tmp_path / request.param)
    except NoEngine as missing:
        pytest.fail(str(missing), pytrace=False)
    try:
        yield EnginePhone(engine, office.address)
    finally:
        engine.kill()
        print(engine.last_words())

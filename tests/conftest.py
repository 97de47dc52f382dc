"""What every test may ask for: a database of each kind, fresh and migrated, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from server.migration import migrate
from tests.support.chromium import NoBrowser, find_chromium, find_engine, launch_options
from tests.support.postgres import Postgres, running_postgres
from tests.support.sharing import FileByFile, put_in_order

# Two busy cores: an example may wait for its turn, and that is no fault of the code.
settings.register_profile(
    "office", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("office")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile | None:
    """Let workers share files, and the longest in halves, where they are to share files."""
    return FileByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests in the order that suits whoever runs them."""
    put_in_order(items, is_shared=hasattr(config, "workerinput"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run, without waiting for the disk."""
    with running_postgres(keeps_promises=False) as server:
        yield server


@pytest.fixture
def durable_postgres() -> Iterator[Postgres]:
    """A PostgreSQL of one's own that keeps its promises, for tests that kill it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """Name a migrated, empty database that others are copied from."""
    name = postgres.new_database()
    migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a migrated, empty SQLite file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "office.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test once on each kind of database."""
    return str(request.param)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Give the address of a fresh, migrated database, once of each kind."""
    if database_kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "office.sqlite3"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.new_database(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of this machine's Chromium; without one, the test fails and says so."""
    try:
        return find_chromium()
    except NoBrowser as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def engine(chromium: str) -> str:
    """Give the path of Chromium's engine alone, or of the browser where there is no such thing."""
    return find_engine(chromium)


@pytest.fixture(scope="module")
def program(request: pytest.FixtureRequest, chromium: str, engine: str) -> str:
    """Give what a module's devices and desks run: the engine, unless it asks for all of Chromium.

    So it does with `pytestmark = pytest.mark.whole_browser`.
    """
    return chromium if request.node.get_closest_marker("whole_browser") else engine


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Drive browsers, for one module only: while it lives, no event loop but its own may run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, program: str) -> Iterator[Browser]:
    """Open one Chromium; every context in it is a device of its own."""
    running = playwright.chromium.launch(**launch_options(program))
    yield running
    running.close()

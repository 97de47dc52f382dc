"""An open office over each kind of database, its application, and phones that have joined it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient

from server import built
from server import office as offices
from server.clock import now_ms
from server.devices.confirmation import confirm
from server.devices.links import make_link
from server.office import Office, open_office
from server.settings import DEMO_AGENCY, Settings
from server.staff import passwords
from tests.support.phone import Phone
from tests.support.standing import standing_before

T = TypeVar("T")


class OpenOffice:
    """An office that serves, and the shortest way into its database."""

    def __init__(self, office: Office, http: TestClient[Litestar]) -> None:
        """Keep both."""
        self.office = office
        self.http = http

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        """Run a job in a transaction of its own, past the writer."""
        with self.office.database.engine.begin() as connection:
            return job(connection)

    def rows(self, table: sa.Table) -> list[tuple[Any, ...]]:
        """Give all rows of a table, in the order of all their columns' text."""
        found = self.run(lambda connection: connection.execute(sa.select(table)).all())
        return sorted((tuple(row) for row in found), key=repr)

    def link(self) -> str:
        """Make the code of an enrolment link."""
        return self.run(lambda connection: make_link(connection, 7, now_ms()))

    def confirm(self, phone: Phone) -> None:
        """Let a phone in, as the desk does."""
        self.run(lambda connection: confirm(connection, phone.device, 7, now_ms()))

    def phone(self, label: str = "Máy tính bảng 1", app_version: str = "1.0") -> Phone:
        """Give a phone that has joined and is confirmed."""
        phone = Phone(self.http, label)
        phone.app_version = app_version
        phone.enrol(self.link())
        self.confirm(phone)
        return phone


@contextmanager
def serving(opened: Office) -> Iterator[OpenOffice]:
    """Serve an open office; the application closes it."""
    with (
        standing_before(opened) as standing,
        TestClient(standing.app, base_url="http://office.test") as http,
    ):
        yield OpenOffice(standing.office, http)


@pytest.fixture(scope="session", autouse=True)
def built_once() -> Iterator[None]:
    """Read and pack what was built once: that takes longer than all else of opening an office."""
    with patch.object(built, "read_built", cache(built.read_built)):
        yield


@pytest.fixture(scope="session", autouse=True)
def light_hashing() -> Iterator[None]:
    """Weigh passwords lightly: what argon2 costs on purpose, every test would pay several times."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with patch.object(passwords, "_hasher", light):
        yield


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demo office in a folder of its own."""
    return Settings(
        mode="demo",
        data=tmp_path / "data",
        database=database_url,
        secret="for tests alone, and long enough to be one",
        host="127.0.0.1",
        port=8000,
        url="http://localhost:8000",
        office="demo-branch",
        office_name="Chi nhánh số 8 (dữ liệu mẫu)",
        agency=DEMO_AGENCY,
        leases=True,
    )


@pytest.fixture
def office(settings: Settings) -> Iterator[OpenOffice]:
    """Open an office; the application closes it."""
    with patch.object(offices, "migrate", _is_migrated):
        opened = open_office(settings)
    with serving(opened) as served:
        yield served


def _is_migrated(_url: str) -> None:
    """Find nothing to do: the database was copied from one at the newest schema."""

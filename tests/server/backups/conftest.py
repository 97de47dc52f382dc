"""An office that has lived a little, its backups, and a way to start it again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.backups.backup import make_backup
from server.backups.covering import cover
from server.backups.manifest import (
    MAC,
    MANIFEST,
    Backup,
    Manifest,
    facts_of,
    files_in,
    mac_of,
    read_backup,
)
from server.backups.verification import count_rows
from server.clock import now_ms
from server.office import open_office
from server.schema import metadata
from server.settings import Settings
from tests.server.conftest import OpenOffice, serving
from tests.support.phone import Phone, PhoneSeat


@dataclass
class Branch:
    """An office that can be closed and started, and the phones that belong to it."""

    settings: Settings
    phones: list[Phone] = field(default_factory=list)
    office: OpenOffice = field(init=False)
    _serving: ExitStack | None = None

    def start(self) -> OpenOffice:
        """Open the office; phones reach it where they did before."""
        self._serving = ExitStack()
        self.office = self._serving.enter_context(serving(open_office(self.settings)))
        for phone in self.phones:
            phone.http = self.office.http
        return self.office

    def stop(self) -> None:
        """Close it."""
        if self._serving is not None:
            self._serving.close()
            self._serving = None

    def phone(self, person: str, label: str) -> tuple[Phone, PhoneSeat]:
        """Give a phone with one person on it."""
        phone = self.office.phone(label)
        self.phones.append(phone)
        return phone, phone.sign_in(person)

    def backup(self) -> Backup:
        """Make, verify and count a backup, as the command does."""
        made = make_backup(self.settings, self.office.office.keys, now_ms())
        self.office.run(lambda connection: cover(connection, made.manifest))
        return made


@pytest.fixture
def branch(settings: Settings) -> Iterator[Branch]:
    """Start an office; it is closed at the end if it still runs."""
    made = Branch(settings)
    made.start()
    yield made
    made.stop()


Kept = dict[sa.Table, list[dict[str, Any]]]


def photograph(branch: Branch) -> Kept:
    """Give every row of the database as it is now."""

    def look(connection: sa.Connection) -> Kept:
        return {
            table: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in metadata.sorted_tables
        }

    return branch.office.run(look)


def fall_back(branch: Branch, kept: Kept) -> None:
    """Make the database what it was, under the running office: nobody and nothing notices."""

    def rewrite(connection: sa.Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table in metadata.sorted_tables:
            if kept[table]:
                connection.execute(table.insert(), kept[table])

    branch.office.run(rewrite)


@dataclass
class Forger:
    """Somebody inside, who knows the secret and mends the manifest after the deed."""

    branch: Branch
    backup: Backup

    def tamper(self, *statements: str, mend: bool = True) -> None:
        """Change the copy; then hash and prove it anew, as if it had been so."""
        with closing(sqlite3.connect(self.backup.database)) as copy:
            for statement in statements:
                assert copy.execute(statement).rowcount > 0, statement
            copy.commit()
            copy.row_factory = sqlite3.Row
            counts = count_rows(copy)
        if mend:
            self.write(lambda manifest: msgspec.structs.replace(manifest, counts=counts))

    def write(self, change: Callable[[Manifest], Manifest], *, prove: bool = True) -> None:
        """Write the manifest anew."""
        folder = self.backup.folder
        files = {name: facts_of(folder / name) for name in files_in(folder)}
        told = change(msgspec.structs.replace(read_backup(folder).manifest, files=files))
        written = msgspec.json.encode(told)
        (folder / MANIFEST).write_bytes(written)
        if prove:
            (folder / MAC).write_bytes(mac_of(self.branch.office.office.keys, written))


def live_a_little(branch: Branch) -> tuple[Phone, PhoneSeat, Phone, PhoneSeat]:
    """Two phones agree, disagree, and one goes where it may not."""
    first, an = branch.phone("an", "Máy tính bảng 1")
    second, binh = branch.phone("binh", "Máy tính bảng 2")
    record = first.take_dossier(an)
    first.take_dossier(an, area="10465")
    first.exchange(an)
    second.exchange(binh)
    first.set(an, record, {"answers.applicant_full_name": "Nguyễn Thị Một"})
    second.set(binh, record, {"answers.applicant_full_name": "Nguyễn Thị Hai"})
    first.exchange(an)
    second.exchange(binh)
    second.take_dossier(binh, area="09661")
    second.exchange(binh)
    return first, an, second, binh


def copy_of(folder: Path) -> sqlite3.Connection:
    """Open the database of a backup to look into it."""
    return sqlite3.connect(folder / "office.sqlite3")

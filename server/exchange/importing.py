"""Takes a rescue file: every bundle in it, one after the other, whatever becomes of the others.

Each is committed by itself, so a file that is cut or broken further on loses nothing of what stands
before; and one that is taken again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

import sqlalchemy as sa

from server.attachments.staging import Staging
from server.attachments.storage import Storage
from server.devices.tables import devices
from server.exchange.bundled_attachments import keep_bundled, keep_bundled_beside
from server.exchange.bundles import BundleTaken, Unsealed, take_bundles, unseal
from server.exchange.exchange import announce
from server.exchange.taking import Taker
from server.keys import OfficeKeys
from server.office import Office
from sync.bundle import bundles_in
from sync.refusals import Refusal


@dataclass
class Imported:
    """What became of a file: of each bundle, and why reading ended, if not at the end."""

    bundles: list[BundleTaken] = field(default_factory=list)
    code: str = ""
    labels: dict[int, str] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """Count the changes that are new to this office."""
        return sum(bundle.new for bundle in self.bundles)

    @property
    def photos(self) -> int:
        """Count the attachments that are new to this office."""
        return sum(bundle.photos for bundle in self.bundles)

    @property
    def is_rescue_file(self) -> bool:
        """Tell whether anything in it could be read as a bundle's place."""
        return bool(self.bundles) or not self.code


class _File:
    """A rescue file that is read bundle by bundle; `code` says why it ended."""

    def __init__(self, keys: OfficeKeys, office: str, file: BinaryIO) -> None:
        self._bundles: Iterator[bytes] = bundles_in(file.read)
        self._unseal = partial(unseal, keys.bundle_keys_by_name, office)
        self.code = ""

    def next(self) -> list[Unsealed]:
        """Open the next bundle; nothing at the end."""
        try:
            return self._unseal([next(self._bundles)])
        except StopIteration:
            return []
        except Refusal as refusal:
            self.code = refusal.code
            return []


async def import_file(office: Office, file: BinaryIO, now: int) -> Imported:
    """Take a file into a running office, and tell its open pages."""
    database, name = office.database, office.settings.office
    reading = _File(office.keys, name, file)
    taker = Taker(name, office.keys, office.settings.agency)
    imported = Imported()
    while unsealed := await database.aside(reading.next):
        taken = await database.write(partial(take_bundles, taker=taker, unsealed=unsealed, now=now))
        imported.bundles += await keep_bundled(office, taken, now)
        announce(office, [record for bundle in taken for record in bundle.records])
    imported.code = reading.code
    imported.labels = await database.read(lambda connection: _labels(connection, imported))
    return imported


def import_into(
    engine: sa.Engine, taker: Taker, folders: tuple[Staging, Storage], file: BinaryIO, now: int
) -> Imported:
    """Take a file on the command line, beside a server that may be running."""
    reading = _File(taker.keys, taker.office, file)
    imported = Imported()
    while unsealed := reading.next():
        with engine.begin() as connection:
            taken = take_bundles(connection, taker, unsealed, now)
        imported.bundles += keep_bundled_beside(engine, folders, taken, now)
    imported.code = reading.code
    with engine.begin() as connection:
        imported.labels = _labels(connection, imported)
    return imported


def _labels(connection: sa.Connection, imported: Imported) -> dict[int, str]:
    numbers = sorted({bundle.device for bundle in imported.bundles if bundle.device})
    found = sa.select(devices.c.number, devices.c.label).where(devices.c.number.in_(numbers))
    return {row.number: row.label for row in connection.execute(found)}

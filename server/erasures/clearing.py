"""Lets go of what no transaction can, once an erasure is committed."""

from pathlib import Path

from server.attachments.reception import aside
from server.attachments.staging import Staging
from server.attachments.storage import Storage
from server.database import Database
from server.erasures.dropping import Gone, remove_files


async def clear_away(database: Database, storage: Storage, data: Path, gone: Gone) -> None:
    """Remove files, whole ones and begun ones, and what the database itself still keeps."""
    staging = Staging(data / "uploads")

    def remove() -> None:
        remove_files(storage, gone)
        for upload in gone.uploads:
            staging.remove(upload)

    await aside(remove)
    await database.scrub()

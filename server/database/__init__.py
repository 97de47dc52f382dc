"""The office's database, SQLite or PostgreSQL, with one writer that commits in groups."""

from server.database.opening import in_one_transaction, open_database
from server.database.port import AnyRow, Busy, Database, Job, metadata
from server.database.sqlite import is_sqlite

__all__ = [
    "AnyRow",
    "Busy",
    "Database",
    "Job",
    "in_one_transaction",
    "is_sqlite",
    "metadata",
    "open_database",
]

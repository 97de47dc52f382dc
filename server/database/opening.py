"""Opens the office's database at its address."""

from server.database.port import Database, Job, T
from server.database.postgresql import PostgresDatabase
from server.database.sqlite import SqliteDatabase, is_sqlite


def open_database(url: str) -> Database:
    """Open the database at an SQLAlchemy address (`sqlite:///…`, `postgresql+psycopg://…`)."""
    if is_sqlite(url):
        return SqliteDatabase(url)
    return PostgresDatabase(url)


def in_one_transaction(url: str, job: Job[T]) -> T:
    """Open a database for one job, as a command does, and let go of it."""
    database = open_database(url)
    try:
        with database.engine.begin() as connection:
            return job(connection)
    finally:
        database.close()

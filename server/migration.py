"""Brings a database to the newest schema, by Alembic but without its command line."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from server.database import is_sqlite
from server.database.sqlite import sqlite_engine


def migrate(url: str) -> None:
    """Bring the database at this SQLAlchemy address to the newest schema; new ones are made."""
    if is_sqlite(url):
        # Makes the folder, and the file with our page size, before anything is in it.
        engine = sqlite_engine(url, writes=True)
        engine.connect().close()
        engine.dispose()
    command.upgrade(config_for(url), "head")


def config_for(url: str) -> Config:
    """Give Alembic its settings; there is no alembic.ini to keep in step."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["url"] = url
    return config

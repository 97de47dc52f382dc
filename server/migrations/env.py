"""How Alembic reaches the database: by the address that `server.migration` gives."""

import sqlalchemy as sa
from alembic import context

from server.database import is_sqlite
from server.database.sqlite import sqlite_engine
from server.schema import metadata


def run() -> None:
    """Migrate in one transaction: a schema is old or new, never between."""
    url = context.config.attributes["url"]
    engine = sqlite_engine(url, writes=True) if is_sqlite(url) else sa.create_engine(url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()

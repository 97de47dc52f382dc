"""The calendars that promises were made by; one that is in a promise is never lost."""

import sqlalchemy as sa

from server.database import metadata

calendars = sa.Table(
    "calendars",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    # The calendar as JSON, whole.
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
)

"""What seats are to be woken for: a row for each seat and kind, however often that came up."""

import sqlalchemy as sa

from server.database import metadata

push_notices = sa.Table(
    "push_notices",
    metadata,
    sa.Column("seat", sa.ForeignKey("seats.number"), primary_key=True, autoincrement=False),
    # One of `sync.push.KINDS`.
    sa.Column("kind", sa.Text, primary_key=True),
    # When it may go out; empty while there is nothing to tell.
    sa.Column("due_at", sa.BigInteger, nullable=True),
    # How often in a row it could not be handed over.
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("sent_at", sa.BigInteger, nullable=True),
    sa.Index("push_notices_due", "due_at"),
)

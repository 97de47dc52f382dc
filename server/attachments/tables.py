"""What is kept of attachments: which are named, which are here, and which are on their way.

`named_attachments` follows from the logs and is folded anew with them. `held_attachments` says
what bytes are in the storage. `uploads` are pieces of a conversation, swept when they expire.
"""

import sqlalchemy as sa

from server.database import metadata

named_attachments = sa.Table(
    "named_attachments",
    metadata,
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), primary_key=True),
    # As its author says; empty where that cannot be read.
    sa.Column("document", sa.Text, nullable=True),
    sa.Column("type", sa.Text, nullable=True),
    sa.Column("size", sa.BigInteger, nullable=True),
    sa.Column("taken", sa.Text, nullable=True),
    # Who named it: the device that its bytes are expected from.
    sa.Column("seat", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

held_attachments = sa.Table(
    "held_attachments",
    metadata,
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("seat", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("record", sa.LargeBinary(16), nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    # Bytes that are on the disk. It reaches the length only in the transaction that links.
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("seat", sa.BigInteger, nullable=False),
    sa.Column("device", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Index("uploads_device", "device"),
    sa.Index("uploads_expires_at", "expires_at"),
)

"""The newest of each signed list."""

import sqlalchemy as sa

from server.database import metadata

signed_lists = sa.Table(
    "signed_lists",
    metadata,
    # That of the signature: `revocations`, `erasures`.
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

erased_changes = sa.Table(
    "erased_changes",
    metadata,
    # The entries of the list `erasures`, to look up. Two for one place came of a fork.
    sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    # Of which branch of the log; empty where that is not known (any more).
    sa.Column("tag", sa.LargeBinary(8), primary_key=True),
    sqlite_with_rowid=False,
)

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

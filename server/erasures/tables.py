"""Who erased what, when, and on what ground."""

import sqlalchemy as sa

from server.database import metadata

erasure_deeds = sa.Table(
    "erasure_deeds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("record", sa.LargeBinary(16), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("staff", sa.ForeignKey("staff.id"), nullable=False),
    # The ground in law, as the person wrote it; the form asks for nothing about the citizen.
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Index("erasure_deeds_record", "record"),
)

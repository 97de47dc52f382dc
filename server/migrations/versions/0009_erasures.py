"""Which changes were erased by law. None was, before this."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty; the list beside the database fills it at the next start."""
    op.create_table(
        "erased_changes",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("seat", "seq", "hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasure_deeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"]),
    )
    op.create_index("erasure_deeds_record", "erasure_deeds", ["record"])

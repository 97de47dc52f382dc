"""How far verified backups cover each log, and where each stood when the epoch began."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, empty: nothing is covered until the next backup."""
    op.create_table(
        "safe_ends",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seat"),
    )
    op.create_table(
        "epoch_ends",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seat"),
    )

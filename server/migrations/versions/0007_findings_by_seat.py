"""Findings are told to the people whose changes led to them, at every exchange."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them by the seat that led to them."""
    op.create_index("findings_seat", "findings", ["seat", "closed"], unique=False)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("findings_seat", table_name="findings")

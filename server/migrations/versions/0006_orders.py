"""Orders to revoked devices, and how much each device last had that the office had not."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: a device that was revoked before is only told to hand in."""
    op.add_column("devices", sa.Column("unsent", sa.BigInteger(), nullable=True))
    op.add_column("devices", sa.Column("unsent_since", sa.BigInteger(), nullable=True))
    op.create_table(
        "orders",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("ordered_by", sa.BigInteger(), nullable=True),
        sa.Column("heeded_at", sa.BigInteger(), nullable=True),
        sa.Column("handed_in_at", sa.BigInteger(), nullable=True),
        sa.Column("wiped_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.number"]),
        sa.ForeignKeyConstraint(["ordered_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("orders_device", "orders", ["device", "number"])

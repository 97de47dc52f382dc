"""Who is woken on which device, and what for. Nobody was before this."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "push_subscriptions",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(65), nullable=False),
        sa.Column("auth", sa.LargeBinary(16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"]),
        sa.ForeignKeyConstraint(["device"], ["devices.number"]),
        sa.PrimaryKeyConstraint("seat"),
    )
    op.create_index("push_subscriptions_device", "push_subscriptions", ["device"])
    op.create_table(
        "push_notices",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"]),
        sa.PrimaryKeyConstraint("seat", "kind"),
    )
    op.create_index("push_notices_due", "push_notices", ["due_at"])

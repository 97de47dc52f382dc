"""What the field brings beside dossiers. Nobody had brought any before this."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "fieldwork",
        sa.Column("record", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("trip", sa.Text(), nullable=True),
        sa.Column("stop", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("dossier", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.Column("first_received", sa.BigInteger(), nullable=False),
        sa.Column("last_received", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record"),
    )
    op.create_index("fieldwork_kind_day", "fieldwork", ["kind", "day"])
    op.create_index("fieldwork_stop", "fieldwork", ["stop", "kind"])
    op.create_index("fieldwork_trip", "fieldwork", ["trip", "kind"])
    op.create_index("fieldwork_dossier", "fieldwork", ["dossier", "kind"])

"""Codes of dossiers: leased ordinals, the office's own, and by which codes a dossier is found."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty: no dossier has had a code before this."""
    op.create_table(
        "leases",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Text(), nullable=False),
        sa.Column("to_day", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seat"], ["seats.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("leases_seat", "leases", ["seat", "to_day"])
    op.create_table(
        "leased_days",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lease", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "block"),
    )
    op.create_table(
        "office_ordinals",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("span", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "span"),
    )
    op.create_table(
        "dossier_codes",
        sa.Column("tail", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.LargeBinary(16), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tail", "record"),
    )
    op.create_index("dossier_codes_record", "dossier_codes", ["record"])
    op.add_column("dossiers", sa.Column("code", sa.Text(), nullable=True))

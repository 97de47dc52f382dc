"""Of an erased change the branch of its log is noted; of earlier ones at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew: two branches may have the same hash in the same place."""
    kept = op.get_bind().execute(sa.text("SELECT seat, seq, hash FROM erased_changes")).all()
    op.drop_table("erased_changes")
    table = op.create_table(
        "erased_changes",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tag", sa.LargeBinary(8), nullable=False),
        sa.PrimaryKeyConstraint("seat", "seq", "hash", "tag"),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(
        table, [{"seat": seat, "seq": seq, "hash": one, "tag": b""} for seat, seq, one in kept]
    )

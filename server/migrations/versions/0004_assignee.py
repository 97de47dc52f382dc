"""To whom a dossier is assigned stands in the desk's list. No dossier was, before this."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("dossiers", sa.Column("assignee", sa.BigInteger(), nullable=True))

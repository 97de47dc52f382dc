"""Indexes for the orders of the desk's list, by area and by procedure."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index by area with one that the counts fit in too; add one by procedure."""
    op.drop_index("dossiers_area_last_received", "dossiers")
    columns = ["area", "last_received", "record", "conflicts"]
    op.create_index("dossiers_area", "dossiers", columns, unique=False)
    columns = ["procedure", "last_received", "record"]
    op.create_index("dossiers_procedure", "dossiers", columns, unique=False)

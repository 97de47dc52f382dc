"""A pull reads a feed from its index alone: whether a record has left stands there too."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("feeds_area_number", "feeds")
    op.create_index("feeds_area_number", "feeds", ["area", "number", "left"], unique=True)

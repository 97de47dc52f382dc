"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of an empty office."""
    op.create_table(
        "area_counters",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area"),
    )
    op.create_table(
        "areas",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "branches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seat", "head", name="branches_seat_head"),
    )
    op.create_table(
        "changes",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record", sa.LargeBinary(length=16), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=True),
        sa.Column("at_counter", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("skeleton", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seat", "seq"),
    )
    op.create_index("changes_record_turn", "changes", ["record", "turn"], unique=False)
    op.create_table(
        "dossiers",
        sa.Column("record", sa.LargeBinary(length=16), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=True),
        sa.Column("catalogue_version", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("applicant_folded", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.Text(), nullable=True),
        sa.Column("first_received", sa.BigInteger(), nullable=False),
        sa.Column("last_received", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record"),
    )
    op.create_index(
        "dossiers_area_last_received", "dossiers", ["area", "last_received"], unique=False
    )
    op.create_index("dossiers_conflicts", "dossiers", ["conflicts", "last_received"], unique=False)
    op.create_index("dossiers_last_received", "dossiers", ["last_received", "record"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("area", "record"),
        sqlite_with_rowid=False,
    )
    op.create_index("feeds_area_number", "feeds", ["area", "number"], unique=True)
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(length=16), nullable=True),
        sa.Column("seat", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("findings_kind_closed", "findings", ["kind", "closed"], unique=False)
    op.create_index("findings_record", "findings", ["record"], unique=False)
    op.create_table(
        "holders",
        sa.Column("record", sa.LargeBinary(length=16), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("record", "holder"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "logs",
        sa.Column("seat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seat"),
    )
    op.create_table(
        "office_facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=False),
        sa.Column("first_received", sa.BigInteger(), nullable=False),
        sa.Column("first_seat", sa.BigInteger(), nullable=False),
        sa.Column("last_received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_in", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "sign_in_failures_sign_in_at", "sign_in_failures", ["sign_in", "at"], unique=False
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sign_in", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team", sa.BigInteger(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team"],
            ["teams.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sign_in"),
    )
    op.create_table(
        "team_areas",
        sa.Column("team", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area"],
            ["areas.code"],
        ),
        sa.ForeignKeyConstraint(
            ["team"],
            ["teams.id"],
        ),
        sa.PrimaryKeyConstraint("team", "area"),
    )
    op.create_table(
        "devices",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("last_seen", sa.BigInteger(), nullable=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("public_key"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("sessions_staff", "sessions", ["staff"], unique=False)
    op.create_table(
        "enrolment_links",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["device"],
            ["devices.number"],
        ),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_table(
        "seats",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.Column("team", sa.BigInteger(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device"],
            ["devices.number"],
        ),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["team"],
            ["teams.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("public_key"),
    )
    op.create_index("seats_device", "seats", ["device"], unique=False)
    op.create_index("seats_staff", "seats", ["staff"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        # Bodies are small and random: compressing and moving them out of their rows costs three
        # times what it saves (measured).
        op.execute("ALTER TABLE changes SET (toast_tuple_target = 8160)")
        op.execute("ALTER TABLE changes ALTER COLUMN body SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE changes ALTER COLUMN skeleton SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE records SET (toast_tuple_target = 8160)")
        op.execute("ALTER TABLE records ALTER COLUMN state SET STORAGE EXTERNAL")

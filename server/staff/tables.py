"""What is kept of the people of the office, their teams, areas and sessions at the desk."""

import sqlalchemy as sa

from server.database import metadata

areas = sa.Table(
    "areas",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name_vi", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("flags", sa.Text, nullable=False),
)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
)

team_areas = sa.Table(
    "team_areas",
    metadata,
    sa.Column("team", sa.ForeignKey("teams.id"), primary_key=True),
    sa.Column("area", sa.ForeignKey("areas.code"), primary_key=True),
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sign_in", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("team", sa.ForeignKey("teams.id"), nullable=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    # Only the hash of the cookie is kept: a stolen copy of the database opens no session.
    sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("staff", sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("last_seen", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Index("sessions_staff", "staff"),
)

sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sign_in", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Index("sign_in_failures_sign_in_at", "sign_in", "at"),
)

"""What the desk reads: one row a dossier, and the findings that a person has to look at."""

import sqlalchemy as sa

from server.database import metadata

dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("procedure", sa.Text, nullable=True),
    sa.Column("catalogue_version", sa.Text, nullable=True),
    sa.Column("area", sa.Text, nullable=True),
    sa.Column("status", sa.Text, nullable=True),
    sa.Column("applicant_name", sa.Text, nullable=False),
    # Lower case without tone marks, for search.
    sa.Column("applicant_folded", sa.Text, nullable=False),
    sa.Column("sealed_at", sa.Text, nullable=True),
    sa.Column("first_received", sa.BigInteger, nullable=False),
    sa.Column("last_received", sa.BigInteger, nullable=False),
    # Who handed in the first change to arrive, and where.
    sa.Column("taken_by", sa.BigInteger, nullable=True),
    sa.Column("seat", sa.BigInteger, nullable=False),
    sa.Column("device", sa.BigInteger, nullable=False),
    # Fields in conflict, and changes that took effect.
    sa.Column("conflicts", sa.Integer, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    # The number of the staff whose work it is; of rivals the one that is shown.
    sa.Column("assignee", sa.BigInteger, nullable=True),
    # The code by which it is called: the official one, else the provisional.
    sa.Column("code", sa.Text, nullable=True),
    sa.Index("dossiers_last_received", "last_received", "record"),
    # Each order of the desk's list, and its counts, from an index alone.
    sa.Index("dossiers_area", "area", "last_received", "record", "conflicts"),
    sa.Index("dossiers_procedure", "procedure", "last_received", "record"),
    sa.Index("dossiers_conflicts", "conflicts", "last_received"),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary(16), nullable=True),
    sa.Column("seat", sa.BigInteger, nullable=True),
    sa.Column("seq", sa.BigInteger, nullable=True),
    sa.Column("field", sa.Text, nullable=True),
    # JSON: codes, numbers, the outcome and its reason; never what a citizen told us.
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("closed", sa.BigInteger, nullable=True),
    sa.Column("closed_by", sa.BigInteger, nullable=True),
    sa.Index("findings_record", "record"),
    sa.Index("findings_seat", "seat", "closed"),
    sa.Index("findings_kind_closed", "kind", "closed"),
)

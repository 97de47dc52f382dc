"""What is kept of leases and of the office's own ordinals, and the codes that dossiers have."""

import sqlalchemy as sa

from server.database import metadata

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seat", sa.ForeignKey("seats.number"), nullable=False),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    # Civil dates, YYYY-MM-DD, both included.
    sa.Column("from_day", sa.Text, nullable=False),
    sa.Column("to_day", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("given_at", sa.BigInteger, nullable=False),
    # The highest ordinal that the phone used on any one date, as it last said; 0 for none.
    sa.Column("used", sa.BigInteger, nullable=False),
    sa.Index("leases_seat", "seat", "to_day"),
)

leased_days = sa.Table(
    "leased_days",
    metadata,
    # The key is what keeps one range from being given twice for one date.
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("block", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("lease", sa.BigInteger, nullable=False),
)

office_ordinals = sa.Table(
    "office_ordinals",
    metadata,
    # The last ordinal that the office itself used on a date, in the span of a life of the office.
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("span", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

paper_numbers = sa.Table(
    "paper_numbers",
    metadata,
    # The last number of a form ("PBS") in a year, in the series of a life of the office.
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("year", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

dossier_codes = sa.Table(
    "dossier_codes",
    metadata,
    # The folded code backwards, so that its end is found as fast as the whole of it.
    sa.Column("tail", sa.LargeBinary, primary_key=True),
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Index("dossier_codes_record", "record"),
)

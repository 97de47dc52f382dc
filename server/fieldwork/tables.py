"""One row for each record that is no dossier, and for each dossier that was taken at a stop."""

import sqlalchemy as sa

from server.database import metadata

fieldwork = sa.Table(
    "fieldwork",
    metadata,
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    # A kind of `sync/kinds.json`.
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=True),
    # The trip and the stop that it belongs to, as hex text; the day of it, 2026-11-22.
    sa.Column("trip", sa.Text, nullable=True),
    sa.Column("stop", sa.Text, nullable=True),
    sa.Column("day", sa.Text, nullable=True),
    # The dossier that it is about, as hex text.
    sa.Column("dossier", sa.Text, nullable=True),
    sa.Column("status", sa.Text, nullable=True),
    # Who handed in the first change to arrive.
    sa.Column("staff", sa.BigInteger, nullable=True),
    sa.Column("first_received", sa.BigInteger, nullable=False),
    sa.Column("last_received", sa.BigInteger, nullable=False),
    # JSON: every field that fits, but drawings; of a dossier nothing.
    sa.Column("said", sa.Text, nullable=False),
    sa.Index("fieldwork_kind_day", "kind", "day"),
    sa.Index("fieldwork_stop", "stop", "kind"),
    sa.Index("fieldwork_trip", "trip", "kind"),
    sa.Index("fieldwork_dossier", "dossier", "kind"),
)

"""What is kept of records: the logs as they came, the states folded from them, the feeds.

The hot path writes these rows without looking others up, so they carry no foreign keys: whoever
takes a batch has the seat's row in hand.
"""

import sqlalchemy as sa

from server.database import metadata

logs = sa.Table(
    "logs",
    metadata,
    sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("head", sa.LargeBinary(32), nullable=False),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    # Empty where the change cannot be read.
    sa.Column("record", sa.LargeBinary(16), nullable=True),
    sa.Column("kind", sa.Text, nullable=True),
    sa.Column("at_ms", sa.BigInteger, nullable=True),
    sa.Column("at_counter", sa.BigInteger, nullable=True),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("head", sa.LargeBinary(32), nullable=False),
    sa.Column("skeleton", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    # applied, quarantined, put-back, policy; or unreadable, waiting: kept without effect.
    sa.Column("effect", sa.Text, nullable=False),
    # The how-manieth change of its record it was for this office, 0 without effect.
    sa.Column("turn", sa.BigInteger, nullable=False),
    sa.Index("changes_record_turn", "record", "turn"),
)

branches = sa.Table(
    "branches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seat", sa.BigInteger, nullable=False),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("head", sa.LargeBinary(32), nullable=False),
    sa.Column("batch", sa.LargeBinary, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("seat", "head", name="branches_seat_head"),
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    # Empty until a change that says where it belongs has come.
    sa.Column("area", sa.Text, nullable=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
    # Made by a quarantined change alone: no device gets it until a person has decided.
    sa.Column("hidden", sa.Boolean, nullable=False),
    # Changes merged, and those of them that were not quarantined or put back.
    sa.Column("turns", sa.BigInteger, nullable=False),
    sa.Column("applied", sa.BigInteger, nullable=False),
    # The earliest receipt with its seat, and the latest.
    sa.Column("first_received", sa.BigInteger, nullable=False),
    sa.Column("first_seat", sa.BigInteger, nullable=False),
    sa.Column("last_received", sa.BigInteger, nullable=False),
)

area_counters = sa.Table(
    "area_counters",
    metadata,
    sa.Column("area", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("area", sa.Text, primary_key=True),
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("left", sa.Boolean, nullable=False),
    # With `left` a pull needs nothing but the index: a tenth of its time (`tests/bench/pulls.py`).
    sa.Index("feeds_area_number", "area", "number", "left", unique=True),
    sqlite_with_rowid=False,
)

holders = sa.Table(
    "holders",
    metadata,
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("held", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)

safe_ends = sa.Table(
    "safe_ends",
    metadata,
    # How far the newest verified backup covers a log. Emptied by a new epoch.
    sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

epoch_ends = sa.Table(
    "epoch_ends",
    metadata,
    # Where each log stood when this epoch began; what came back since is what lies above.
    sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    # Where it had been before, as far as anything left tells.
    sa.Column("expected", sa.BigInteger, nullable=False),
)

offered_states = sa.Table(
    "offered_states",
    metadata,
    # What devices hold of a record from a lost life and this one has not; joined where several do.
    sa.Column("record", sa.LargeBinary(16), primary_key=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("device", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
)

returns = sa.Table(
    "returns",
    metadata,
    # What devices brought back that the office had lost, for people to read (`luudong returned`).
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    # device, seat, revocation, state, decision.
    sa.Column("kind", sa.Text, nullable=False),
    # Whose exchange brought it.
    sa.Column("device", sa.BigInteger, nullable=False),
    # Of the device or seat; empty for a record.
    sa.Column("number", sa.BigInteger, nullable=True),
    sa.Column("record", sa.LargeBinary(16), nullable=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Index("returns_epoch", "epoch", "kind"),
)

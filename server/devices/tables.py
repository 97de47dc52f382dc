"""What is kept of devices, the links by which they join, and the seats of people on them."""

import sqlalchemy as sa

from server.database import metadata

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("public_key", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("enrolled_at", sa.BigInteger, nullable=False),
    sa.Column("confirmed_at", sa.BigInteger, nullable=True),
    sa.Column("confirmed_by", sa.ForeignKey("staff.id"), nullable=True),
    sa.Column("last_seen", sa.BigInteger, nullable=True),
    sa.Column("last_number", sa.BigInteger, nullable=False),
    sa.Column("app_version", sa.Text, nullable=False),
    # Changes that the device had and the office had not, after its newest exchange, and since when.
    sa.Column("unsent", sa.BigInteger, nullable=True),
    sa.Column("unsent_since", sa.BigInteger, nullable=True),
)

orders = sa.Table(
    "orders",
    metadata,
    # Over all devices: a number that grows, also over restores, as those of devices do.
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("device", sa.ForeignKey("devices.number"), nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("ordered_at", sa.BigInteger, nullable=False),
    sa.Column("ordered_by", sa.ForeignKey("staff.id"), nullable=True),
    # When the device said that it heeds it, that the office has all its logs, that it is wiped.
    sa.Column("heeded_at", sa.BigInteger, nullable=True),
    sa.Column("handed_in_at", sa.BigInteger, nullable=True),
    sa.Column("wiped_at", sa.BigInteger, nullable=True),
    sa.Index("orders_device", "device", "number"),
)

enrolment_links = sa.Table(
    "enrolment_links",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    # Empty where the link was made on the command line.
    sa.Column("created_by", sa.ForeignKey("staff.id"), nullable=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("used_at", sa.BigInteger, nullable=True),
    sa.Column("device", sa.ForeignKey("devices.number"), nullable=True),
)

seats = sa.Table(
    "seats",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("device", sa.ForeignKey("devices.number"), nullable=False),
    # Empty for the office's own seat alone.
    sa.Column("staff", sa.ForeignKey("staff.id"), nullable=True),
    # The team at the time of signing in: what the seat writes is held for that team.
    sa.Column("team", sa.ForeignKey("teams.id"), nullable=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False, unique=True),
    # Desk seats and the office's own alone: PKCS8 sealed under the office's secret.
    sa.Column("private_key_sealed", sa.LargeBinary, nullable=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("retired_at", sa.BigInteger, nullable=True),
    sa.Index("seats_device", "device"),
    sa.Index("seats_staff", "staff"),
)

push_subscriptions = sa.Table(
    "push_subscriptions",
    metadata,
    # One person on one device; whoever signs in anew there takes the older seat's place.
    sa.Column("seat", sa.ForeignKey("seats.number"), primary_key=True, autoincrement=False),
    sa.Column("device", sa.ForeignKey("devices.number"), nullable=False),
    # An address at a push service, and the browser's keys. Who has all three can wake a device
    # only with the office's own key, which is in no backup.
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("p256dh", sa.LargeBinary(65), nullable=False),
    sa.Column("auth", sa.LargeBinary(16), nullable=False),
    # The name of the office's key that the browser bound it to.
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("set_at", sa.BigInteger, nullable=False),
    sa.Index("push_subscriptions_device", "device"),
)

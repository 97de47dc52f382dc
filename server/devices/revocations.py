"""The signed list of devices and seats that were shut out: no restore lets one in again.

It follows from the rows and from the list itself: who is named once stays named, also where a
restored database knows nothing of them.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec
import sqlalchemy as sa

from server.devices.rules import OFFICE_DEVICE
from server.devices.tables import devices, push_subscriptions, seats
from server.keys import OfficeKeys
from server.lists.issuing import find_list, issue_list
from sync.papers import Revocation, Revocations
from sync.signature import REVOCATIONS

Named = tuple[Literal["device", "seat"], int]
"""`device` or `seat`, and the number."""


def keep_revocations(
    connection: sa.Connection, keys: OfficeKeys, office: str, now: int, *, above: int = 0
) -> None:
    """Sign the list anew if somebody was shut out who is not in it, or devices hold a newer one.

    Nobody who is shut out is woken any more.
    """
    listed = revoked(connection)
    out = {_named(entry): entry for entry in listed}
    for named in _shut_out(connection):
        out.setdefault(named, Revocation(*named, now))
    _wake_no_more(connection)
    last = find_list(connection, REVOCATIONS)
    if len(out) == len(listed) and (last.number if last else 0) >= above:
        return
    entries = [out[named] for named in sorted(out)]
    issue_list(connection, keys, office, REVOCATIONS, entries, now, above=above)


def revoked(connection: sa.Connection) -> Sequence[Revocation]:
    """Give what the list names."""
    last = find_list(connection, REVOCATIONS)
    if last is None:
        return []
    return msgspec.msgpack.decode(last.shown.message, type=Revocations).entries


def revoke_again(
    connection: sa.Connection,
    keys: OfficeKeys,
    office: str,
    brought: Revocations,
    now: int,
) -> list[Named]:
    """Shut out whom a list of a lost life names and ours does not; gives whom."""
    known = {_named(entry) for entry in revoked(connection)}
    fresh = [entry for entry in brought.entries if _named(entry) not in known]
    if fresh:
        entries = [*revoked(connection), *fresh]
        issue_list(connection, keys, office, REVOCATIONS, entries, now, above=brought.number)
    for entry in fresh:
        if entry.kind == "device":
            _shut_device_out(connection, entry.number)
        else:
            _retire_seat(connection, entry.number, now)
    keep_revocations(connection, keys, office, now, above=brought.number)
    return [_named(entry) for entry in fresh]


def _shut_device_out(connection: sa.Connection, number: int) -> None:
    if number == OFFICE_DEVICE:
        return
    row = sa.update(devices).where(devices.c.number == number, devices.c.status == "confirmed")
    connection.execute(row.values(status="revoked"))


def _retire_seat(connection: sa.Connection, number: int, now: int) -> None:
    sits = (seats.c.number == number) & (seats.c.device != OFFICE_DEVICE)
    row = sa.update(seats).where(sits, seats.c.retired_at.is_(None))
    connection.execute(row.values(retired_at=now))


def _wake_no_more(connection: sa.Connection) -> None:
    revoked_devices = sa.select(devices.c.number).where(devices.c.status == "revoked")
    retired_seats = sa.select(seats.c.number).where(seats.c.retired_at.is_not(None))
    is_out = push_subscriptions.c.device.in_(revoked_devices)
    connection.execute(
        sa.delete(push_subscriptions).where(is_out | push_subscriptions.c.seat.in_(retired_seats))
    )


def _shut_out(connection: sa.Connection) -> list[Named]:
    gone = sa.select(devices.c.number).where(devices.c.status == "revoked")
    retired = sa.select(seats.c.number).where(
        seats.c.retired_at.is_not(None), seats.c.device != OFFICE_DEVICE
    )
    return [
        *(("device", number) for number in connection.execute(gone).scalars()),
        *(("seat", number) for number in connection.execute(retired).scalars()),
    ]


def _named(entry: Revocation) -> Named:
    return entry.kind, entry.number

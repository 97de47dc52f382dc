"""One exchange from end to end: open, take, commit, and only then answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server.codes.leasing import hear_used, lend
from server.codes.rules import Standing
from server.codes.span import civil_day
from server.devices.orders import note_heard
from server.devices.rules import require_confirmed
from server.devices.tables import devices
from server.erasures.clearing import clear_away
from server.erasures.dropping import Gone
from server.erasures.erasure import keeper_of, take_back
from server.exchange.answering import answer, heard_of
from server.exchange.authors import load_writers
from server.exchange.bundles import BundleTaken, Unsealed, take_bundles, unseal
from server.exchange.offering import take_offered
from server.exchange.opening import RETURNING, Opened, open_exchange
from server.exchange.taking import Taken, Taker, take
from server.exchange.welcome import welcome
from server.office import Office
from server.staff.rules import may_receive
from sync import signature
from sync.app_version import is_too_old
from sync.exchange import ExchangeRequest, seal

ANNOUNCED_MAX = 32
"""Dossiers announced one by one; after a big exchange the list is told alone."""


ORDERS_SINCE = 2
"""The version of the protocol that can carry an order."""

LEASES_SINCE = 2
"""The version of the protocol whose devices know what a lease is."""


@dataclass(frozen=True)
class _Handed:
    """What the transaction did, and how the request reads after it."""

    opened: Opened
    taken: Taken
    bundles: list[BundleTaken]
    is_fresh: bool
    is_welcomed: bool
    # What a device brought word of that this office had erased in a lost life.
    erased: Gone | None = None
    # What the reader's seat may number dossiers with, where the device is to be told.
    leases: Sequence[Standing] = ()

    @property
    def records(self) -> list[bytes]:
        """Name the records that changed."""
        carried = [record for bundle in self.bundles for record in bundle.records]
        return list(dict.fromkeys([*self.taken.records, *carried]))


@dataclass(frozen=True)
class Answer:
    """A sealed answer; `packed` of its bytes are packed already."""

    envelope: bytes
    packed: int


async def exchange(office: Office, body: bytes, now: int) -> Answer:
    """Give the sealed answer to the bytes of a request.

    Raises a Refusal where the request as a whole cannot be taken.
    """
    database = office.database
    opened = await database.read(
        lambda connection: open_exchange(connection, office.settings.office, office.keys, body, now)
    )
    office.rates.count_exchange(opened.request.device, now)
    if opened.status not in ("revoked", RETURNING):
        require_confirmed(opened.request.device, opened.status)
    unsealed = await _unseal(office, opened.request)
    handed = await database.write(
        partial(_hand_in, office=office, opened=opened, body=body, unsealed=unsealed, now=now)
    )
    opened = handed.opened
    announce(office, handed.records)
    if handed.erased:
        await clear_away(office.database, office.storage, office.settings.data, handed.erased)
        office.runs.forget()
    if handed.is_welcomed:
        office.live.announce("devices")
    # A revoked device may hand in, into quarantine, so that work done in good faith is not lost.
    # It gets receipts and its order; one of version 1 cannot read orders, and hears only that it
    # is revoked.
    if opened.status == "revoked" and opened.request.protocol >= ORDERS_SINCE:
        office.live.announce("devices")
    else:
        require_confirmed(opened.request.device, opened.status)
    return await database.read(
        partial(_sealed_answer, office=office, opened=opened, handed=handed, now=now)
    )


def announce(office: Office, records: list[bytes]) -> None:
    """Tell the desk's open pages which dossiers changed."""
    if records:
        office.live.announce("dossiers")
    for record in records[:ANNOUNCED_MAX]:
        office.live.announce(f"dossier:{UUID(bytes=record)}")


async def _unseal(office: Office, request: ExchangeRequest) -> list[Unsealed]:
    """Open what the device carries for others; the mathematics runs beside the loop."""
    if not request.sealed:
        return []
    keys, name = office.keys.bundle_keys_by_name, office.settings.office
    return await office.database.aside(lambda: unseal(keys, name, map(bytes, request.sealed)))


def _hand_in(
    connection: sa.Connection,
    *,
    office: Office,
    opened: Opened,
    body: bytes,
    unsealed: list[Unsealed],
    now: int,
) -> _Handed:
    is_welcomed = welcome(connection, office, opened.request, now)
    if is_welcomed:
        opened = open_exchange(connection, office.settings.office, office.keys, body, now)
    if opened.status not in ("confirmed", "revoked"):
        # It came back by its papers a moment ago; the desk has to let it in.
        return _Handed(opened, Taken([], []), [], is_fresh=False, is_welcomed=is_welcomed)
    keeper = keeper_of(office.settings, office.keys)
    # Before anything is taken: what a lost life of the office erased must not come in again.
    erased = take_back(connection, keeper, opened.request.shown, now)
    is_fresh = _count_request(connection, opened.request, now)
    taken = Taken([], [])
    taker = Taker(office.settings.office, office.keys, office.settings.agency)
    if opened.batches:
        own = {batch.seat for batch in opened.batches} & opened.keys_by_seat.keys()
        writers = load_writers(connection, own)
        taken = take(connection, taker, opened.batches, writers, now)
    take_offered(connection, office.keys, opened.request.offered, opened.request.device, now)
    carried = take_bundles(connection, taker, unsealed, now)
    standing: Sequence[Standing] = ()
    if is_fresh:
        note_heard(connection, heard_of(connection, opened), now)
        standing = _lease(connection, office, opened, now)
    return _Handed(opened, taken, carried, is_fresh, is_welcomed, erased, standing)


def _lease(
    connection: sa.Connection, office: Office, opened: Opened, now: int
) -> Sequence[Standing]:
    """Hear how far the reader's seat has come, and give it what it is due."""
    request, reader, settings = opened.request, opened.reader, office.settings
    if reader is None:
        return ()
    standing = hear_used(connection, reader.seat, reader.leases, request.leases)
    may_have = (
        settings.leases
        and request.protocol >= LEASES_SINCE
        and may_receive(reader.person.role)
        and not is_too_old(request.app_version, settings.app_version_min)
    )
    if not may_have:
        return ()
    today = civil_day(now)
    return lend(connection, reader.seat, standing, settings.agency, today, request.epoch, now)


def _count_request(connection: sa.Connection, request: ExchangeRequest, now: int) -> bool:
    """Note the request's number; tell whether it is a new one."""
    told = {
        "device": request.device,
        "last_number": request.number,
        "last_seen": now,
        "app_version": request.app_version,
    }
    return connection.execute(_count, told).rowcount == 1


def _sealed_answer(
    connection: sa.Connection, *, office: Office, opened: Opened, handed: _Handed, now: int
) -> Answer:
    response = answer(
        connection,
        office,
        opened,
        handed.taken.refusals,
        [bundle.outcome for bundle in handed.bundles],
        handed.leases,
        is_fresh=handed.is_fresh,
        now=now,
    )
    envelope = seal(response, office.keys.private_key, signature.RESPONSE)
    # Marks are as good as chance: nothing packs them either.
    packed = sum(len(page.packed) + len(page.macs) for page in response.pages.values())
    return Answer(envelope, packed)


_count = (
    sa.update(devices)
    .where(
        devices.c.number == sa.bindparam("device"),
        devices.c.last_number < sa.bindparam("last_number"),
    )
    .values({name: sa.bindparam(name) for name in ("last_number", "last_seen", "app_version")})
)

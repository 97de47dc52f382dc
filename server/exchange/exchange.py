"""One exchange from end to end: open, take, commit, and only then answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server.codes.rules import Standing
from server.devices.orders import note_heard
from server.devices.rules import require_confirmed
from server.erasures.clearing import clear_away
from server.erasures.dropping import Gone
from server.erasures.erasure import keeper_of, take_back
from server.exchange.answering import answer
from server.exchange.authors import load_writers
from server.exchange.bundled_attachments import keep_bundled
from server.exchange.bundles import BundleTaken, Unsealed, take_bundles, unseal
from server.exchange.counting import count_request, heard_of, is_quiet
from server.exchange.known import find_known
from server.exchange.lending import lease, leased
from server.exchange.offering import take_offered
from server.exchange.opening import RETURNING, Opened, open_exchange
from server.exchange.taking import Taken, Taker, take
from server.exchange.welcome import welcome
from server.office import Office
from sync import signature
from sync.exchange import ExchangeRequest, ExchangeResponse, seal

ANNOUNCED_MAX = 32
"""Dossiers announced one by one; after a big exchange the list is told alone."""


ORDERS_SINCE = 2
"""The version of the protocol that can carry an order."""


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


_Looked = tuple[Opened, Answer | None]
"""A request, and its answer if nothing has to be taken for it."""


async def exchange(office: Office, body: bytes, now: int) -> Answer:
    """Give the sealed answer to the bytes of a request.

    Raises a Refusal where the request as a whole cannot be taken.
    """
    database = office.database
    found: _Looked
    found, is_counted = await database.read_and_note(
        partial(_open, office=office, body=body, now=now), partial(_count_quiet, now=now)
    )
    opened, sealed = found
    if opened.status not in ("revoked", RETURNING):
        require_confirmed(opened.request.device, opened.status)
    if sealed is not None and is_counted:
        return sealed
    unsealed = await _unseal(office, opened.request)
    handed = await database.write(
        partial(_hand_in, office=office, opened=opened, body=body, unsealed=unsealed, now=now)
    )
    if handed.bundles:
        handed = replace(handed, bundles=await keep_bundled(office, handed.bundles, now))
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


def _open(connection: sa.Connection, *, office: Office, body: bytes, now: int) -> _Looked:
    """Open a request; where nothing has to be taken, its answer is of the same snapshot.

    The answer may be given away once the request's number is counted, and not before.
    """
    opened = open_exchange(connection, office.settings.office, office.keys, body, now)
    office.rates.count_exchange(opened.request.device, now)
    if not is_quiet(opened, office, now):
        return opened, None
    standing = leased(office, opened)
    response = answer(connection, office, opened, [], [], standing, is_fresh=True, now=now)
    return opened, _seal(office, response)


def _count_quiet(found: _Looked, *, now: int) -> Callable[[sa.Connection], bool] | None:
    """Give what counts a request that is answered already."""
    opened, sealed = found
    if sealed is None:
        return None
    return lambda connection: count_request(connection, opened.request, 0, now)


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
    if opened.status not in ("confirmed", "revoked") or opened.known is None:
        # It came back by its papers a moment ago; the desk has to let it in.
        return _Handed(opened, Taken([], []), [], is_fresh=False, is_welcomed=is_welcomed)
    keeper = keeper_of(office.settings, office.keys)
    # Before anything is taken: what a lost life of the office erased must not come in again.
    erased = take_back(connection, keeper, opened.request.shown, now)
    taken = Taken([], [])
    taker = Taker(office.settings.office, office.keys, office.settings.agency)
    if opened.batches:
        own = {batch.seat for batch in opened.batches} & opened.known.seats.keys()
        writers = load_writers(connection, own)
        taken = take(connection, taker, opened.batches, writers, now)
    take_offered(connection, office.keys, opened.request.offered, opened.request.device, now)
    carried = take_bundles(connection, taker, unsealed, now)
    heard = heard_of(opened, taken.ends)
    is_fresh = count_request(connection, opened.request, heard.unsent, now)
    standing: Sequence[Standing] = ()
    if is_fresh:
        note_heard(connection, heard, now)
        standing = lease(connection, office, opened, now)
    return _Handed(opened, taken, carried, is_fresh, is_welcomed, erased, standing)


def _sealed_answer(
    connection: sa.Connection, *, office: Office, opened: Opened, handed: _Handed, now: int
) -> Answer:
    known = find_known(connection, opened.request.device)
    response = answer(
        connection,
        office,
        replace(opened, known=known),
        handed.taken.refusals,
        [bundle.outcome for bundle in handed.bundles],
        handed.leases,
        is_fresh=handed.is_fresh,
        now=now,
    )
    return _seal(office, response)


def _seal(office: Office, response: ExchangeResponse) -> Answer:
    envelope = seal(response, office.keys.private_key, signature.RESPONSE)
    # Marks are as good as chance: nothing packs them either.
    packed = sum(len(page.packed) + len(page.macs) for page in response.pages.values())
    return Answer(envelope, packed)

"""One exchange from end to end: open, take, commit, and only then answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from server.devices.rules import require_confirmed
from server.erasures.clearing import clear_away
from server.exchange.answering import answer
from server.exchange.bundled_attachments import keep_bundled
from server.exchange.bundles import Unsealed, unseal
from server.exchange.counting import count_request, is_quiet
from server.exchange.handing_in import Handed, HandIn
from server.exchange.known import find_known
from server.exchange.lending import leased
from server.exchange.opening import RETURNING, Opened, open_exchange
from server.office import Office
from sync import signature
from sync.exchange import ExchangeRequest, ExchangeResponse, seal

ANNOUNCED_MAX = 32
"""Dossiers announced one by one; after a big exchange the list is told alone."""


ORDERS_SINCE = 2
"""The version of the protocol that can carry an order."""


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
    handed = await database.write(HandIn(office, opened, body, unsealed, now))
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


def _sealed_answer(
    connection: sa.Connection, *, office: Office, opened: Opened, handed: Handed, now: int
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

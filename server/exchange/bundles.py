"""Opens bundles and takes what is in them, as if their own device had brought it.

1. Each stands alone: a broken one never spoils another, nor the exchange that carries it.
2. Opening needs no database; taking is one transaction's part for each, so that of two bundles
   with the same changes the second finds them held.
3. Who carries a bundle learns that it is held, or why not; never what is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from server.attachments.carried import Carried, find_carried
from server.attachments.rules import UnknownAttachment
from server.devices.rules import OFFICE_DEVICE, UnknownDevice, require_confirmed
from server.devices.tables import devices
from server.exchange.authors import load_writers
from server.exchange.opening import read_batches
from server.exchange.taking import Taker, take
from sync.bundle import (
    BundleMessage,
    SignedMessage,
    bundle_digest,
    read_bundle,
    read_content,
    unseal_bundle,
    verify_content,
)
from sync.exchange import BatchRefusal, BundleOutcome
from sync.limits import EXCHANGE_BUNDLES_INFLATED_BYTES_MAX
from sync.refusals import Gap, Refusal, TooLarge, UnknownKey, WrongOffice


@dataclass(frozen=True)
class Unsealed:
    """A bundle that opened, or why it did not."""

    digest: bytes
    message: BundleMessage | None
    signed: SignedMessage | None
    code: str = ""


@dataclass(frozen=True)
class BundleTaken:
    """What became of a bundle; `device` is whose it was, where that is sure."""

    digest: bytes
    code: str
    device: int | None = None
    changes: int = 0
    new: int = 0
    records: tuple[bytes, ...] = ()
    # What is to be kept as soon as the transaction is committed.
    attachments: tuple[Carried, ...] = ()
    # How many of these are here by now.
    photos: int = 0

    @property
    def outcome(self) -> BundleOutcome:
        """Give what its carrier is told."""
        return BundleOutcome(self.digest, self.code)


def unseal(
    keys: Mapping[str, EllipticCurvePrivateKey], office: str, raws: Iterable[bytes]
) -> list[Unsealed]:
    """Open bundles, under one bound for all that they inflate to together."""
    left = EXCHANGE_BUNDLES_INFLATED_BYTES_MAX
    unsealed = []
    for raw in raws:
        try:
            message, signed, size = _open(keys, office, raw)
            left -= size
            if left < 0:
                limit = EXCHANGE_BUNDLES_INFLATED_BYTES_MAX
                raise TooLarge("what bundles inflate to", limit - left, limit)
        except Refusal as refusal:
            unsealed.append(Unsealed(bundle_digest(raw), None, None, refusal.code))
        else:
            unsealed.append(Unsealed(bundle_digest(raw), message, signed))
    return unsealed


def take_bundles(
    connection: sa.Connection, taker: Taker, unsealed: Iterable[Unsealed], now: int
) -> list[BundleTaken]:
    """Take what bundles bring; the caller commits before it answers."""
    return [_take(connection, taker, one, now) for one in unsealed]


def _open(
    keys: Mapping[str, EllipticCurvePrivateKey], office: str, raw: bytes
) -> tuple[BundleMessage, SignedMessage, int]:
    bundle = read_bundle(raw)
    if bundle.office != office:
        raise WrongOffice(bundle.office)
    key = keys.get(bundle.key)
    if key is None:
        raise UnknownKey(bundle.key)
    message, signed, size = read_content(unseal_bundle(bundle, key))
    # The device signed for whom it means it: nobody seals what it gave another office to us.
    if message.office != office:
        raise WrongOffice(message.office)
    return message, signed, size


def _take(connection: sa.Connection, taker: Taker, one: Unsealed, now: int) -> BundleTaken:
    if one.message is None or one.signed is None:
        return BundleTaken(one.digest, one.code)
    device = one.message.device
    try:
        _verify_device(connection, one.message, one.signed)
    except Refusal as refusal:
        return BundleTaken(one.digest, refusal.code)
    batches, unread = read_batches(one.message.batches)
    # Seats of this device alone: another's batch in its bundle is as foreign as in its exchange.
    writers = {
        seat: writer
        for seat, writer in load_writers(connection, {batch.seat for batch in batches}).items()
        if writer.device == device
    }
    taken = take(connection, taker, batches, writers, now)
    attachments, code = _find_attachments(connection, one.message)
    return BundleTaken(
        one.digest,
        _code_of([*unread, *taken.refusals]) or code,
        device,
        sum(len(batch.changes) for batch in batches),
        taken.new,
        tuple(taken.records),
        attachments,
    )


def _find_attachments(
    connection: sa.Connection, message: BundleMessage
) -> tuple[tuple[Carried, ...], str]:
    """Give what is wanted of the attachments in a bundle, and why some may not come."""
    found = []
    code = ""
    for came in message.attachments:
        try:
            carried = find_carried(connection, message.device, came)
        except UnknownAttachment:
            # The change that names it may be in a bundle that comes later.
            code = code or Gap.code
        except Refusal as refusal:
            code = code or refusal.code
        else:
            found += [carried] if carried else []
    return tuple(found), code


def _verify_device(
    connection: sa.Connection, message: BundleMessage, signed: SignedMessage
) -> None:
    row = connection.execute(
        sa.select(devices.c.public_key, devices.c.status).where(devices.c.number == message.device)
    ).first()
    if row is None or message.device == OFFICE_DEVICE:
        raise UnknownDevice(message.device)
    verify_content(signed, row.public_key)
    # A revoked one may hand in, here as in its own exchange: into quarantine.
    if row.status != "revoked":
        require_confirmed(message.device, row.status)


def _code_of(refusals: Iterable[BatchRefusal]) -> str:
    """Give why a bundle is not wholly held; a branch of a fork is: it is kept beside the log."""
    return next((refusal.code for refusal in refusals if refusal.code != "fork"), "")

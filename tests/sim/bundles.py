"""Sealed bundles: a phone makes them, anybody carries them, the office alone opens them.

Sealing and opening are the product's own (`sync/bundle.py`); what is modelled is who keeps a
bundle, for how long, and what is made of the office's word about it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from server.devices.rules import UnknownDevice
from sync.batch import Batch
from sync.bundle import (
    BUNDLE_PROTOCOL,
    BundleMessage,
    CarriedAttachment,
    bundle_digest,
    bundles_in,
    read_bundle,
    seal_bundle,
    sign_content,
    verify_content,
)
from sync.exchange import ExchangeResponse
from sync.limits import BUNDLE_ATTACHMENTS_MAX, EXCHANGE_BUNDLES_MAX, NONCE_BYTES
from sync.refusals import Refusal, UnknownKey, WrongOffice
from tests.sim.phone import Bundled, Phone
from tests.sim.ports import OFFICE
from tests.sim.registry import DeviceFacts
from tests.sim.wire import key_name, public_bytes, unsealed

# Each bundle has a key of its own; far from those of parties.
EPHEMERAL_KEYS = 10_000_000
# What may be taken another time. An office that has just been restored may know no one yet.
LATER = frozenset({"", "gap", "busy", "too-large", "device-unconfirmed", "unknown-device"})


class Sealing:
    """Seals to the office what phones hand over; no key or nonce is used a second time."""

    def __init__(self, office_key: bytes) -> None:
        self.office_key, self._made = office_key, 0

    def bundle(
        self,
        device: DeviceFacts,
        batches: Sequence[Batch],
        now: int,
        papers: Sequence[CarriedAttachment] = (),
    ) -> bytes:
        """Give a bundle of these batches and papers."""
        self._made += 1
        raws = [msgspec.Raw(msgspec.msgpack.encode(batch)) for batch in batches]
        few = list(papers)[:BUNDLE_ATTACHMENTS_MAX]
        message = BundleMessage(BUNDLE_PROTOCOL, OFFICE, device.number, now, raws, few)
        return seal_bundle(
            sign_content(device.key.private, message),
            office=OFFICE,
            office_key=self.office_key,
            ephemeral=_ephemeral(self._made),
            nonce=self._made.to_bytes(NONCE_BYTES, "big"),
        )


@cache
def _ephemeral(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(EPHEMERAL_KEYS + number, ec.SECP256R1())


# The phone that carries


def keep_bundles(phone: Phone, raws: Iterable[bytes]) -> int:
    """Take over, in the open transaction, what is for our office; gives how many are new."""
    new = 0
    for raw in raws:
        digest = bundle_digest(raw)
        if is_ours(raw) and digest not in phone.bundles:
            phone.disk.put("bundles", digest, Bundled(raw))
            new += 1
    return new


def is_ours(raw: bytes) -> bool:
    """Tell whether this is a bundle, whole as far as a carrier can see, and for our office."""
    try:
        return read_bundle(raw).office == OFFICE
    except Refusal:
        return False


def due_bundles(phone: Phone) -> list[bytes]:
    """Give what the office of this epoch has not taken; what it had taken may be lost with it."""
    due = [
        one.raw
        for one in phone.bundles.values()
        if one.epoch != phone.row.epoch and one.code in LATER
    ]
    return due[:EXCHANGE_BUNDLES_MAX]


def take_outcomes(phone: Phone, response: ExchangeResponse) -> None:
    """Note what became of what was carried. What does not open is kept, for people to see."""
    for outcome in response.opened:
        carried = phone.bundles.get(outcome.bundle)
        if carried is None:
            continue
        if carried.epoch not in (None, response.epoch) and not outcome.code:
            phone.note("bundle-again")
        epoch = carried.epoch if outcome.code else response.epoch
        told = Bundled(carried.raw, epoch, outcome.code)
        if told != carried:
            phone.disk.put("bundles", outcome.bundle, told)


# The office


class Opened(NamedTuple):
    """What a bundle brought, or why it did not open."""

    digest: bytes
    message: BundleMessage | None
    code: str = ""


def open_bundle(
    raw: bytes, key: ec.EllipticCurvePrivateKey, devices: Mapping[int, DeviceFacts]
) -> Opened:
    """Open a bundle as the office does."""
    digest = bundle_digest(raw)
    try:
        return Opened(digest, _open(raw, key, devices))
    except Refusal as refusal:
        return Opened(digest, None, refusal.code)


def _open(
    raw: bytes, key: ec.EllipticCurvePrivateKey, devices: Mapping[int, DeviceFacts]
) -> BundleMessage:
    bundle = read_bundle(raw)
    if bundle.office != OFFICE:
        raise WrongOffice(bundle.office)
    if bundle.key != key_name(public_bytes(key)):
        raise UnknownKey(bundle.key)
    message, signed = unsealed(raw, key)
    if message.office != OFFICE:
        raise WrongOffice(message.office)
    if message.device not in devices:
        raise UnknownDevice(message.device)
    verify_content(signed, devices[message.device].key.public)
    return message


def bundles_of(file: bytes) -> Iterator[bytes]:
    """Give the bundles of a file up to where it is cut or broken."""
    with suppress(Refusal):
        yield from bundles_in(BytesIO(file).read)

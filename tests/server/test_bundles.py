"""Bundles in an exchange: what one device carries for others is taken as if they had come."""

import zlib
from hashlib import sha256
from uuid import UUID

import pytest

from server.attachments.carried import Carried, keep_carried
from server.attachments.rules import AttachmentName
from server.attachments.staging import Staging
from server.attachments.storage import Storage
from server.attachments.tables import held_attachments
from server.clock import now_ms
from server.devices.confirmation import revoke
from server.dossiers.findings import open_findings
from server.exchange import bundled_attachments
from server.keys import add_bundle_key, load_or_make_keys, new_private_key
from server.records.tables import branches, changes
from server.settings import Settings
from sync import limits
from sync.bundle import CarriedAttachment, seal_bundle
from sync.record import shown
from sync.signature import public_bytes
from tests.server.conftest import OpenOffice
from tests.server.test_erasure import erased
from tests.support.phone import Phone, PhoneSeat
from tests.support.tus import attach, digest_of, photo_of, uploader


class Van:
    """A phone that owes the office something, and another that has a network."""

    def __init__(self, office: OpenOffice) -> None:
        """Let both join."""
        self.office = office
        self.lost = office.phone("Máy mất mạng")
        self.binh = self.lost.sign_in("binh")
        self.carrier = office.phone("Máy của An")
        self.an = self.carrier.sign_in("an")
        self.key = office.office.keys.bundle_key

    def carry(self, *bundles: bytes) -> list[str]:
        """Carry bundles to the office; gives the codes of what became of them."""
        response = self.carrier.exchange(self.an, sealed=bundles)
        assert [one.bundle for one in response.opened] == [sha256(b).digest() for b in bundles]
        return [one.code for one in response.opened]

    def held(self) -> int:
        """Count the changes of the lost phone that the office holds."""
        return sum(row[0] == self.binh.number for row in self.office.rows(changes))


@pytest.fixture
def van(office: OpenOffice) -> Van:
    """Give the two phones."""
    return Van(office)


def test_what_another_carries_is_taken_as_if_its_device_had_come(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    van.lost.set(van.binh, record, {"answers.note": "x"})

    assert van.carry(van.lost.bundle(van.key)) == [""]

    van.carrier.exchange(van.an)
    assert shown(van.carrier.records[record], "answers.note") == "x"
    assert van.held() == 2


def test_receipts_go_to_the_device_alone_at_its_own_next_exchange(van: Van) -> None:
    van.lost.take_dossier(van.binh)
    response = van.carrier.exchange(van.an, sealed=[van.lost.bundle(van.key)])
    assert {receipt.seat for receipt in response.receipts} == {van.an.number}

    own = van.lost.exchange(van.binh, batches=[])

    assert [(receipt.seat, receipt.held) for receipt in own.receipts] == [(van.binh.number, 1)]


def test_opening_one_twice_changes_nothing(van: Van) -> None:
    van.lost.take_dossier(van.binh)
    bundle = van.lost.bundle(van.key)

    assert van.carry(bundle, bundle) == ["", ""]
    before = van.office.rows(changes)
    assert van.carry(bundle) == [""]
    van.lost.exchange(van.binh)

    assert van.office.rows(changes) == before
    assert van.held() == 1


def test_two_bundles_that_overlap_are_both_taken(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    first = van.lost.bundle(van.key)
    van.lost.set(van.binh, record, {"answers.note": "x"})

    assert van.carry(first, van.lost.bundle(van.key)) == ["", ""]
    assert van.held() == 2


def test_a_later_bundle_waits_for_the_one_before_it(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    first = van.lost.bundle(van.key)
    van.lost.set(van.binh, record, {"answers.note": "x"})
    second = van.lost.bundle(van.key, batches=[van.binh.batch(van.lost.office, 2)])

    assert van.carry(second, first) == ["gap", ""]
    assert van.carry(second) == [""]
    assert van.held() == 2


def test_a_broken_bundle_never_spoils_the_others(van: Van) -> None:
    van.lost.take_dossier(van.binh)
    good = van.lost.bundle(van.key)
    stranger = Phone(van.office.http)
    stranger.office, stranger.device = van.lost.office, 4711
    foreign = new_private_key()
    bundles = [
        good[:-20] + bytes(20),
        b"\x80",
        van.lost.bundle(van.key, key=foreign),
        stranger.bundle(van.key),
        van.lost.bundle(van.key, office="another-branch"),
        b"\xc0",
        good,
    ]

    codes = van.carry(*bundles)

    assert codes == [
        *("broken-seal", "malformed", "bad-signature", "unknown-device", "wrong-office"),
        *("malformed", ""),
    ]
    assert van.held() == 1


def test_a_device_cannot_bring_the_batches_of_anothers_seat(van: Van) -> None:
    van.lost.take_dossier(van.binh)
    thief = van.office.phone("Máy khác")

    stolen = thief.bundle(van.key, batches=[van.binh.batch(van.lost.office)])

    assert van.carry(stolen) == ["unknown-seat"]
    assert van.held() == 0


def test_what_a_revoked_device_sealed_is_quarantined(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    van.office.run(lambda connection: revoke(connection, van.lost.device, 7, now_ms()))

    assert van.carry(van.lost.bundle(van.key)) == [""]

    found = van.office.run(open_findings)
    assert [(one.kind, one.record) for one in found] == [("quarantine", record)]


def test_what_a_device_sealed_before_it_was_let_in_waits(van: Van) -> None:
    new = Phone(van.office.http, "Máy mới")
    new.enrol(van.office.link())

    assert van.carry(new.bundle(van.key, batches=[])) == ["device-unconfirmed"]
    van.office.confirm(new)
    assert van.carry(new.bundle(van.key, batches=[])) == [""]


def test_a_branch_that_comes_sealed_is_kept_beside_the_log(van: Van) -> None:
    """FAULT-44: a cloned device's branch comes by another's hands."""
    record = van.lost.take_dossier(van.binh)
    twin = PhoneSeat(van.binh.number, van.binh.key, [], [*van.binh.changes], [*van.binh.heads])
    van.lost.set(van.binh, record, {"answers.note": "one"})
    van.lost.exchange(van.binh)
    van.lost.set(twin, record, {"answers.note": "the other"})
    branch = van.lost.bundle(van.key, batches=[twin.batch(van.lost.office, 1)])

    assert van.carry(branch, branch) == ["", ""]
    assert len(van.office.rows(branches)) == 1
    found = van.office.run(open_findings)
    assert [one.kind for one in found] == ["fork"]


def test_a_bundle_sealed_to_an_older_key_still_opens(van: Van, settings: Settings) -> None:
    van.lost.take_dossier(van.binh)
    sealed = van.lost.bundle(van.key)

    name = add_bundle_key(settings)

    keys = load_or_make_keys(settings)
    assert keys.bundle_key != van.key
    assert list(keys.bundle_keys_by_name)[-1] == name
    object.__setattr__(van.office.office, "keys", keys)
    assert van.carry(sealed, van.lost.bundle(keys.bundle_key)) == ["", ""]


def test_a_bundle_for_a_key_that_was_never_here_is_named_so(van: Van) -> None:
    other = public_bytes(new_private_key())

    assert van.carry(van.lost.bundle(other, batches=[])) == ["unknown-key"]


def test_what_bundles_inflate_to_is_bounded_together(
    van: Van, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.exchange.bundles.EXCHANGE_BUNDLES_INFLATED_BYTES_MAX", 1_000)
    van.lost.take_dossier(van.binh)
    bundle = van.lost.bundle(van.key)

    assert van.carry(bundle, bundle, bundle, bundle) == ["", "", "too-large", "too-large"]


def test_a_bomb_is_refused_and_the_office_goes_on(van: Van) -> None:
    packing = zlib.compressobj(wbits=31)
    bomb = packing.compress(bytes(limits.BUNDLE_INFLATED_BYTES_MAX + 1)) + packing.flush()
    sealed = seal_bundle(
        bomb,
        office=van.lost.office,
        office_key=van.key,
        ephemeral=new_private_key(),
        nonce=bytes(12),
    )

    assert van.carry(sealed) == ["too-large"]
    assert van.carry() == []


PHOTO, OTHER = photo_of(1), photo_of(2)


def carried(record: UUID, photo: bytes, media_type: str = "image/jpeg") -> CarriedAttachment:
    """Give a photo as a bundle carries it."""
    return CarriedAttachment(record.bytes, media_type, photo)


def test_photos_come_in_a_bundle_too_and_once(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    attach(van.lost, van.binh, record, PHOTO)
    bundle = van.lost.bundle(van.key, attachments=[carried(record, PHOTO)])

    assert van.carry(bundle) == [""]
    assert van.carry(bundle) == [""]

    assert [row[5] for row in van.office.rows(held_attachments)] == [van.binh.number]
    van.lost.exchange(van.binh)
    answer = uploader(van.lost, van.binh).read(record, digest_of(PHOTO))
    assert answer.content == PHOTO


def test_a_photo_waits_for_the_change_that_names_it(van: Van) -> None:
    record = van.lost.take_dossier(van.binh)
    early = van.lost.bundle(van.key, attachments=[carried(record, PHOTO)])
    assert van.carry(early) == ["gap"]
    assert van.office.rows(held_attachments) == []
    attach(van.lost, van.binh, record, PHOTO)

    assert van.carry(van.lost.bundle(van.key), early) == ["", ""]

    assert len(van.office.rows(held_attachments)) == 1


def test_a_bundle_brings_nothing_to_what_another_device_named(van: Van) -> None:
    foreign = van.carrier.take_dossier(van.an)
    attach(van.carrier, van.an, foreign, PHOTO)
    van.carrier.exchange(van.an)
    van.lost.take_dossier(van.binh)

    stolen = van.lost.bundle(van.key, attachments=[carried(foreign, PHOTO)])

    assert van.carry(stolen) == ["gap"]
    assert van.office.rows(held_attachments) == []


def test_a_photo_that_is_none_is_refused_beside_the_others_and_a_person_hears_of_it(
    van: Van,
) -> None:
    record = van.lost.take_dossier(van.binh)
    page = b"<html>" + PHOTO
    attach(van.lost, van.binh, record, page)
    attach(van.lost, van.binh, record, PHOTO)
    attach(van.lost, van.binh, record, OTHER)
    photos = [carried(record, page), carried(record, PHOTO), carried(record, OTHER, "text/html")]

    assert van.carry(van.lost.bundle(van.key, attachments=photos)) == ["unsupported-type"]
    assert van.carry(van.lost.bundle(van.key, attachments=photos[:2])) == ["refused-content"]

    assert [row[1] for row in van.office.rows(held_attachments)] == [sha256(PHOTO).digest()]
    raised = van.office.run(open_findings)
    assert [one.kind for one in raised] == ["refused-photo"]
    assert van.held() == 4


def test_what_is_erased_while_a_photo_is_looked_into_keeps_none_of_it(
    van: Van, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = van.lost.take_dossier(van.binh)
    attach(van.lost, van.binh, record, PHOTO)

    def keep_slowly(staging: Staging, storage: Storage, came: Carried) -> None:
        keep_carried(staging, storage, came)
        erased(van.office, record)

    monkeypatch.setattr(bundled_attachments, "keep_carried", keep_slowly)
    bundle = van.lost.bundle(van.key, attachments=[carried(record, PHOTO)])

    assert van.carry(bundle) == ["gap"]

    assert van.office.rows(held_attachments) == []
    name = AttachmentName(record, sha256(PHOTO).digest())
    assert van.office.office.storage.size(name) is None

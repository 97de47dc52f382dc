"""An office that was put back without noticing is told so by what it once signed itself."""

from dataclasses import replace

import msgspec
import pytest
import sqlalchemy as sa

from server.backups.returned import returned
from server.devices.confirmation import revoke
from server.devices.revocations import keep_revocations, revoked
from server.devices.seats import get_office_seat, get_or_make_desk_seat
from server.devices.tables import devices
from server.dossiers.tables import findings
from server.keys import RetiredKey, load_or_make_keys, new_private_key
from server.records.tables import returns
from server.staff.person import find_person
from sync import signature
from sync.exchange import ExchangeResponse, Shown
from sync.page import entries_of
from sync.receipt import Receipt, key_name, sign_receipt
from sync.signature import public_bytes
from tests.server.backups.conftest import Branch, fall_back, live_a_little, photograph
from tests.support.entries import cut
from tests.support.phone import Phone, PhoneSeat, Refused, is_confirmed


def test_fault_37_a_receipt_for_more_than_is_held_begins_a_new_epoch_once(branch: Branch) -> None:
    """FAULT-37: a standby takes over that lacks the last commits."""
    first, an, second, binh = live_a_little(branch)
    desk_before = desk_seat(branch)
    kept = photograph(branch)
    first.take_dossier(an)
    first.exchange(an)
    second.set(binh, next(iter(second.records)), {"answers.applicant_full_name": "Trần"})
    second.exchange(binh)

    fall_back(branch, kept)

    heard = first.exchange(an)
    assert heard.epoch == 2
    assert (heard.pages, first.receipts[an.number].held) == ({}, an.last - 1)
    assert (branch.settings.data / "epoch").read_text() == "2"
    assert desk_seat(branch) > 1_000_000 > desk_before
    for phone, seat in ((second, binh), (first, an), (second, binh)):
        assert phone.exchange(seat).epoch == 2, "the evidence is of a lost epoch by now"
        assert phone.receipts[seat.number].held == seat.last or phone is second
    assert second.receipts[binh.number].held == binh.last
    told = {one.seat: one for one in branch.office.run(returned)}
    assert (told[an.number].came_back, told[an.number].missing) == (1, 0)


def test_what_is_missing_is_known_from_receipts_before_it_comes(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    kept = photograph(branch)
    for _ in range(3):
        first.take_dossier(an)
    first.exchange(an)
    fall_back(branch, kept)

    first.exchange(an, batches=[])

    [told] = [one for one in branch.office.run(returned) if one.seat == an.number]
    assert (told.missing, told.came_back) == (3, 0)


def test_another_head_at_a_place_that_is_held_is_evidence_too(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    other = signed(branch, an, held=an.last, head=b"x" * 32)

    assert show(first, an, other).epoch == 2


def test_a_receipt_that_the_office_did_not_sign_moves_nothing(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    forged = sign_receipt(new_private_key(), signed(branch, an, held=99, head=b"x" * 32))

    assert show(first, an, forged).epoch == 1
    foreign = msgspec.structs.replace(signed(branch, an, held=99, head=b"x" * 32), office="other")
    assert show(first, an, foreign).epoch == 1


def test_a_receipt_under_a_retired_key_is_for_people(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    old = new_private_key()
    retired = {key_name(public_bytes(old)): RetiredKey(public_bytes(old), 5)}
    now = branch.office.office
    object.__setattr__(now, "keys", replace(now.keys, retired=retired))
    claim = signed(branch, an, held=99, head=b"x" * 32, key=key_name(public_bytes(old)))

    heard = [show(first, an, sign_receipt(old, claim)).epoch for _ in range(2)]

    assert heard == [1, 1]
    kinds = sa.select(findings.c.seat, findings.c.seq).where(
        findings.c.kind == "receipt-of-old-key"
    )
    rows = branch.office.run(lambda connection: connection.execute(kinds).all())
    assert [tuple(row) for row in rows] == [(an.number, 99)]


def test_retired_keys_are_read_from_the_folder(branch: Branch) -> None:
    old = public_bytes(new_private_key())
    path = branch.settings.data / "retired.json"
    path.write_bytes(msgspec.json.encode([RetiredKey(old, 5)]))

    keys = load_or_make_keys(branch.settings)

    assert keys.retired == {key_name(old): RetiredKey(old, 5)}


def test_a_phone_of_version_1_says_nothing_and_gets_nothing_new(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    body = first.request(an, protocol=1)

    heard = msgspec.msgpack.decode(
        msgspec.msgpack.decode(first.post("/sync/exchange", body))["message"]
    )

    assert (heard["protocol"], heard["shown"]) == (1, [])


def test_a_device_and_a_person_of_a_lost_life_come_back_by_their_papers(branch: Branch) -> None:
    """FAULT-38: who joined after the backup is let in without the desk, by its own signature."""
    first, an, _, _ = live_a_little(branch)
    kept = photograph(branch)
    newcomer, tam = branch.phone("tam", "Máy của Tâm")
    newcomer.take_dossier(tam)
    newcomer.exchange(tam)
    assert newcomer.enrolment is not None
    assert is_confirmed(newcomer.enrolment)
    fall_back(branch, kept)

    with pytest.raises(Refused, match="unknown-device"):
        newcomer.exchange(tam)
    heard = newcomer.exchange(tam)

    assert heard.epoch == 2, "a number of this epoch that nobody has is evidence as well"
    newcomer.exchange(tam)
    newcomer.exchange(tam)
    assert newcomer.receipts[tam.number].held == tam.last == 1
    assert status_of(branch, newcomer) == ("confirmed", "Máy của Tâm")
    came = branch.office.run(lambda c: c.execute(sa.select(returns)).all())
    assert {(row.kind, row.number, row.device) for row in came} == {
        ("device", newcomer.device, newcomer.device),
        ("seat", tam.number, newcomer.device),
    }
    first.exchange(an)
    assert first.epoch == 2


def test_one_who_was_never_confirmed_waits_for_the_desk(branch: Branch) -> None:
    live_a_little(branch)
    kept = photograph(branch)
    newcomer = Phone(branch.office.http, "Máy lạ")
    newcomer.enrol(branch.office.link())
    fall_back(branch, kept)
    newcomer.papers_due = True

    for _ in range(2):
        with pytest.raises(Refused, match="device-unconfirmed"):
            newcomer.exchange()

    branch.office.confirm(newcomer)
    newcomer.exchange()
    assert newcomer.epoch == 2


def test_papers_of_another_key_or_another_device_open_nothing(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    stranger = Phone(branch.office.http, "Máy lạ")
    stranger.office, stranger.office_key, stranger.device = first.office, first.office_key, 77
    stranger.papers_due = True
    assert first.enrolment is not None
    forged = msgspec.msgpack.encode([first.office, 77, stranger.public_key, 5, "confirmed", "x"])
    own = signature.sign(stranger.key, signature.ENROLMENT, forged)

    for paper in (first.enrolment, Shown(signature.ENROLMENT, forged, own)):
        stranger.enrolment = paper
        with pytest.raises(Refused, match="unknown-device"):
            stranger.exchange()

    first.exchange(an)
    assert first.epoch == 1


def test_a_device_that_was_shut_out_after_the_backup_is_shut_out_again(branch: Branch) -> None:
    first, an, second, binh = live_a_little(branch)
    kept = photograph(branch)
    shut_out(branch, second)
    assert first.exchange(an).shown, "the newer list"
    assert first.exchange(an).shown == []
    fall_back(branch, kept)
    first.take_dossier(an)
    branch.office.office.epoch_path.write_text("1")
    first.papers_due = True

    first.exchange(an)

    assert status_of(branch, second)[0] == "revoked"
    told = second.exchange(binh)
    assert (told.pages, told.order is not None) == ({}, True)
    names = branch.office.run(revoked)
    assert [(entry.kind, entry.number) for entry in names] == [("device", second.device)]


def test_one_who_was_shut_out_cannot_come_back_by_its_paper(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    kept = photograph(branch)
    newcomer, tam = branch.phone("tam", "Máy của Tâm")
    newcomer.exchange(tam)
    shut_out(branch, newcomer)
    first.exchange(an)
    fall_back(branch, kept)
    first.papers_due = newcomer.papers_due = True
    first.exchange(an)

    told = newcomer.exchange(tam)
    assert (told.pages, told.order is not None) == ({}, True)

    assert status_of(branch, newcomer)[0] == "revoked"


def test_fault_45_a_phone_put_back_to_its_own_backup_reads_at_the_next_exchange(
    branch: Branch,
) -> None:
    """FAULT-45: the numbers of its requests lie behind; the answer says where to go on."""
    first, an, _, _ = live_a_little(branch)
    for _ in range(5):
        first.exchange(an)
    first.number -= 4
    first.cursors["10441"] = 0

    assert first.exchange(an).pages == {}
    assert first.exchange(an).pages["10441"].packed


def test_every_entry_of_a_page_is_marked(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    first.cursors["10441"] = 0

    page = first.exchange(an).pages["10441"]

    entries = list(cut(entries_of(page)))
    keys = branch.office.office.keys
    marks = [page.macs[place : place + 16] for place in range(0, len(page.macs), 16)]
    assert len(entries) == len(marks) >= 1
    assert all(keys.is_marked(entry, mark) for entry, mark in zip(entries, marks, strict=True))
    assert not keys.is_marked(entries[0] + b"\0", marks[0])


def desk_seat(branch: Branch) -> int:
    keys = branch.office.office.keys

    def find(connection: sa.Connection) -> int:
        chi = find_person(connection, 4)
        assert chi is not None
        return get_or_make_desk_seat(connection, keys, chi, 5).number

    own = branch.office.run(lambda connection: get_office_seat(connection, keys).number)
    return max(own, branch.office.run(find))


def shut_out(branch: Branch, phone: Phone) -> None:
    """Revoke a device as the page of devices does."""
    keys, office = branch.office.office.keys, branch.settings.office

    def deed(connection: sa.Connection) -> None:
        revoke(connection, phone.device, 7, 5)
        keep_revocations(connection, keys, office, 5)

    branch.office.run(deed)


def status_of(branch: Branch, phone: Phone) -> tuple[str, str]:
    found = sa.select(devices.c.status, devices.c.label).where(devices.c.number == phone.device)
    row = branch.office.run(lambda connection: connection.execute(found).one())
    return row.status, row.label


def signed(
    branch: Branch, seat: PhoneSeat, *, held: int, head: bytes, key: str | None = None
) -> Receipt:
    keys = branch.office.office.keys
    unsigned = Receipt(
        branch.settings.office, key or keys.name, 1, seat.number, held, 0, head, 5, b""
    )
    return sign_receipt(keys.private_key, unsigned)


def show(phone: Phone, seat: PhoneSeat, receipt: Receipt) -> ExchangeResponse:
    """Exchange once with this receipt as the newest of the seat."""
    phone.receipts[seat.number] = receipt
    return phone.exchange(seat)

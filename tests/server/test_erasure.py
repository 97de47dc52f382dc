"""A lawful erasure: what goes, what stays, and that nothing brings it back."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from server.attachments.tables import held_attachments, named_attachments, uploads
from server.clock import now_ms
from server.dossiers.dossier import find_dossier
from server.dossiers.rebuild import rebuild
from server.dossiers.tables import dossiers
from server.erasures.erasure import Deed, Keeper, NothingToErase, erase, keeper_of
from server.erasures.tables import erasure_deeds
from server.lists.issuing import find_list, newer_lists
from server.lists.tables import erased_changes, signed_lists
from server.records.tables import branches, changes, feeds, holders, logs, records
from server.settings import Settings
from sync import chain, signature
from sync.change import read_skeleton, split
from sync.exchange import ListsHeld
from sync.page import entries_of
from sync.papers import Erasures, find_paper
from sync.record import is_erased
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, csrf_of, text_of
from tests.support.phone import Phone, PhoneSeat
from tests.support.tus import attach, photo_of, uploader

ADMIN = 7
NAME = "Trần Thị Không Ai Biết"
SECRET = "0912345678"
REASON = "Quyết định 12/QĐ-TA, Điều 16"


def keeper(office: OpenOffice) -> Keeper:
    return keeper_of(office.office.settings, office.office.keys)


def erased(office: OpenOffice, record: UUID) -> None:
    deed = Deed(ADMIN, REASON, now_ms())
    office.run(lambda connection: erase(connection, keeper(office), record, deed))


def taken(office: OpenOffice, label: str = "Máy 1") -> tuple[Phone, PhoneSeat, UUID]:
    phone = office.phone(label)
    an = phone.sign_in("an")
    record = phone.take_dossier(an, applicant_full_name=NAME, phone=SECRET)
    phone.exchange(an)
    return phone, an, record


def sign_in(office: OpenOffice, name: str) -> Desk:
    desk = Desk(office.http)
    desk.sign_in(name)
    return desk


def test_the_desk_erases_with_a_reason_and_everything_reads_erased(office: OpenOffice) -> None:
    phone, an, record = taken(office)
    phone.set(an, record, {"answers.phone": "0987654321", "papers.D1": {"state": "missing"}})
    phone.exchange(an)
    desk, page = sign_in(office, "quan"), f"/desk/dossiers/{record}"

    asked = desk.get(f"{page}/erase")
    short = desk.send(f"{page}/erase", f"{page}/erase", reason="vì thế")
    done = desk.send(f"{page}/erase", f"{page}/erase", reason=REASON)

    assert "Không thể lấy lại" in text_of(asked, "erase-warning")
    assert text_of(asked, "erase-button") == "Xoá vĩnh viễn 2 thay đổi của hồ sơ này"
    assert short.status_code == 422
    assert done.status_code == 303
    shown = desk.get(page)
    assert text_of(shown, "applicant-name") == "(đã xoá theo luật)"
    assert "đã xoá theo luật" in text_of(shown, "timeline")
    for secret in (NAME, SECRET, "0987654321"):
        assert secret not in shown.text
        assert secret not in desk.get("/desk").text
    after = desk.get(f"{page}/erase")
    assert REASON in after.text
    assert "không còn gì để xoá" in after.text
    assert [row[3:] for row in office.rows(erasure_deeds)] == [(ADMIN, REASON, 2)]
    found = desk.send("/desk/find", "/desk/find", words="khong ai biet")
    assert str(record) not in found.text


def test_only_an_admin_erases(office: OpenOffice) -> None:
    _, _, record = taken(office)
    page = f"/desk/dossiers/{record}"

    for name in ("chi", "an"):
        desk = sign_in(office, name)
        shown = desk.get(page)
        answer = desk.post(f"{page}/erase", {"csrf": csrf_of(shown), "reason": REASON})
        assert desk.get(f"{page}/erase").status_code == 403
        assert answer.status_code == 403
        assert 'id="erase-link"' not in shown.text
    admin = sign_in(office, "quan")
    assert 'id="erase-link"' in admin.get(page).text
    nowhere = f"/desk/dossiers/{UUID(int=record.int ^ 1)}/erase"
    assert admin.get(nowhere).status_code == 404


def test_chains_verify_and_a_rebuild_gives_the_same(office: OpenOffice) -> None:
    phone, an, record = taken(office)
    other = phone.take_dossier(an, applicant_full_name="Người khác")
    phone.exchange(an)
    erased(office, record)
    tables = [records, dossiers, named_attachments]
    before = [office.rows(table) for table in tables]

    office.run(rebuild)

    assert [office.rows(table) for table in tables] == before
    head = chain.start(signature.public_bytes(an.key))
    for row in office.run(lambda c: c.execute(sa.select(changes).order_by(changes.c.seq)).all()):
        skeleton = read_skeleton(row.skeleton)
        head = chain.link(head, row.skeleton, row.body)
        assert head == row.head
        assert skeleton is not None
        assert chain.is_erased(row.body) == (skeleton.record == record.bytes)
    # The log goes on where it stood.
    phone.take_dossier(an)
    assert phone.exchange(an).receipts[0].held == 3
    assert other.bytes in {row[0] for row in office.rows(dossiers)}


def test_the_record_leaves_phones_and_the_list_comes_to_them(office: OpenOffice) -> None:
    phone, an, record = taken(office)
    erased(office, record)

    answer = phone.exchange(an)

    assert b"".join(entries_of(page) for page in answer.pages.values()).endswith(record.bytes)
    (shown,) = [one for one in answer.shown if one.purpose == signature.ERASURES]
    listed = find_paper(shown, signature.ERASURES, Erasures, phone.office, phone.office_key)
    assert listed is not None
    _, body = split(an.changes[0])
    assert [tuple(msgspec.structs.astuple(one)) for one in listed.entries] == [
        (an.number, 1, chain.body_hash(body), chain.tag(an.heads[1]))
    ]


def test_a_list_is_sent_only_where_the_device_has_an_older_one(office: OpenOffice) -> None:
    _, _, record = taken(office)
    erased(office, record)
    last = office.run(lambda connection: find_list(connection, signature.ERASURES))
    assert last is not None

    def purposes(held: ListsHeld) -> set[str]:
        return {s.purpose for s in office.run(lambda connection: newer_lists(connection, held))}

    assert signature.ERASURES in purposes(ListsHeld())
    assert signature.ERASURES not in purposes(ListsHeld(erasures=last.number))


def test_what_comes_late_is_quarantined_and_may_be_erased_too(office: OpenOffice) -> None:
    """FAULT-51."""
    phone, an, record = taken(office)
    phone.set(an, record, {"answers.phone": "0900000001"})
    erased(office, record)

    phone.exchange(an)

    effects = {(row[0], row[1]): row[10] for row in office.rows(changes)}
    assert effects[an.number, 2] == "quarantined"
    desk = sign_in(office, "quan")
    assert "0900000001" in desk.get(f"/desk/dossiers/{record}").text
    erased(office, record)
    assert "0900000001" not in desk.get(f"/desk/dossiers/{record}").text
    with pytest.raises(NothingToErase):
        erased(office, record)


def test_an_erased_change_offered_again_is_verified_and_not_stored(office: OpenOffice) -> None:
    """As after a restore: the log of the phone is longer than what the office holds."""
    phone, an, record = taken(office)
    erased(office, record)
    office.run(lambda c: [c.execute(sa.delete(t)) for t in lost_tables()])
    an.held = 0

    answer = phone.exchange(an)

    assert [receipt.held for receipt in answer.receipts] == [1]
    (row,) = office.run(lambda c: c.execute(sa.select(changes)).all())
    assert chain.is_erased(row.body)
    assert row.effect == "applied"


def test_a_device_brings_back_the_list_that_the_office_lost(office: OpenOffice) -> None:
    phone, an, record = taken(office)
    body = office.run(lambda c: c.execute(sa.select(changes.c.body)).scalar_one())
    erased(office, record)
    last = office.run(lambda connection: find_list(connection, signature.ERASURES))
    assert last is not None
    office.run(lambda c: c.execute(sa.delete(signed_lists)))
    office.run(lambda c: c.execute(sa.delete(erased_changes)))
    office.run(lambda c: c.execute(sa.update(changes).values(body=body)))
    office.office.settings.erasures_path.unlink()

    phone.lists[signature.ERASURES] = last.shown
    phone.papers_due = True
    phone.exchange(an)

    (row,) = office.run(lambda c: c.execute(sa.select(changes)).all())
    assert chain.is_erased(row.body)
    again = office.run(lambda connection: find_list(connection, signature.ERASURES))
    assert again is not None
    assert again.number > last.number
    assert office.office.settings.erasures_path.exists()


def lost_tables() -> list[sa.Table]:
    """Name what a restore from before this dossier would not have."""

    return [changes, logs, records, dossiers, feeds, holders]


def test_a_change_without_a_body_that_nobody_listed_has_no_effect(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    skeleton, body = split(an.changes[0])
    an.changes[0] = skeleton + chain.erase(body)

    phone.exchange(an)

    (row,) = office.run(lambda c: c.execute(sa.select(changes)).all())
    assert (row.effect, row.record) == ("unreadable", None)
    assert office.rows(records) == []


def test_a_branch_loses_its_bodies_too(office: OpenOffice) -> None:
    phone, an, record = taken(office)
    twin = PhoneSeat(an.number, an.key, an.areas, [], [an.heads[0]])
    phone.seats[an.number] = twin
    phone.records.clear()
    phone.set(twin, record, {"answers.phone": "0911111111"})
    phone.exchange(batches=[twin.batch(phone.office)])
    assert b"0911111111" in b"".join(bytes(row[4]) for row in office.rows(branches))

    erased(office, record)

    (row,) = office.rows(branches)
    assert b"0911111111" not in bytes(row[4])
    twin.held = 0
    office.run(lambda c: c.execute(sa.delete(branches)))
    phone.exchange(batches=[twin.batch(phone.office)])
    (row,) = office.rows(branches)
    assert b"0911111111" not in bytes(row[4])


def test_photos_go_with_it(office: OpenOffice, settings: Settings) -> None:
    phone, an, record = taken(office)
    attach(phone, an, record, photo_of(1), photo_of(2))
    phone.exchange(an)
    sending = uploader(phone, an)
    sending.upload(record, photo_of(1))
    begun = sending.create(record, photo_of(2)).headers["location"]
    sending.patch(begun, 0, photo_of(2)[:10])
    desk, page = sign_in(office, "quan"), f"/desk/dossiers/{record}/erase"

    desk.send(page, page, reason=REASON)

    for table in (held_attachments, named_attachments, uploads):
        assert office.rows(table) == []
    left = [path for path in settings.data.rglob("*") if path.is_file()]
    assert [path for path in left if {"attachments", "uploads"} & set(path.parts)] == []


def test_no_plaintext_is_left_in_any_file(office: OpenOffice, settings: Settings) -> None:
    """Database, its log of pages, list, files: searched byte by byte (SQLite)."""
    if not settings.database.startswith("sqlite"):
        assert settings.database.startswith("postgresql")
        return  # a server's files are its keeper's: docs/backup.md says what to do
    phone, an, record = taken(office)
    for place in range(30):
        phone.set(an, record, {"answers.phone": SECRET, f"answers.a{place}": NAME * 40})
        phone.exchange(an)
    phone.take_dossier(an, applicant_full_name="Người khác")
    phone.exchange(an)
    attach(phone, an, record, photo_of(1))
    phone.exchange(an)
    uploader(phone, an).upload(record, photo_of(1))
    assert found_in(settings.data.parent, NAME.encode())
    desk, page = sign_in(office, "quan"), f"/desk/dossiers/{record}/erase"
    desk.get(f"/desk/dossiers/{record}")

    desk.send(page, page, reason=REASON)

    for secret in (NAME.encode(), SECRET.encode(), b"khong ai biet", photo_of(1)[-64:]):
        assert found_in(settings.data.parent, secret) == []
    assert found_in(settings.data.parent, "Người khác".encode())


def found_in(folder: Path, secret: bytes) -> list[str]:
    """Name the files below a folder that have these bytes in them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if secret in path.read_bytes()]


def test_a_state_reads_erased_for_whoever_asks_for_a_value(office: OpenOffice) -> None:
    _, _, record = taken(office)
    erased(office, record)

    found = office.run(lambda connection: find_dossier(connection, record))

    assert found is not None
    assert is_erased(found.state, "answers.phone")
    assert set(map(str, found.values.values())) == {"{'erased': True}"}

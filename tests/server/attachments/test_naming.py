"""Which attachments a dossier has: from its changes, the same after a rebuild; what is missing."""

from uuid import UUID

from server.attachments.listing import attachments_of
from server.attachments.tables import held_attachments, named_attachments
from server.dossiers.rebuild import rebuild
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.tus import attach, digest_of, photo_of, uploader


def test_a_dossier_waits_for_its_photos_and_then_has_them(office: OpenOffice) -> None:
    """FAULT-54."""
    phone, desk = office.phone("Máy tính bảng xe 1"), Desk(office.http)
    desk.sign_in("chi")
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, photo_of(1), photo_of(2), photo_of(3))
    sending = uploader(phone, an)
    sending.upload(record, photo_of(1))

    page = desk.get(f"/desk/dossiers/{record}")

    assert "2 ảnh đang trên đường về" in text_of(page, "travelling")
    listed = text_of(page, "attachments")
    assert listed.count("đang chờ từ Máy tính bảng xe 1") == 2
    assert f"/desk/dossiers/{record}/attachments/{digest_of(photo_of(1))}" in page.text
    assert "2 ảnh đang về" in desk.get("/desk").text
    sending.upload(record, photo_of(2))
    sending.upload(record, photo_of(3))
    assert "đang về" not in desk.get("/desk").text
    assert 'id="travelling"' not in desk.get(f"/desk/dossiers/{record}").text


def test_a_removed_attachment_is_named_no_longer(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, photo_of(1))
    sending = uploader(phone, an)
    sending.upload(record, photo_of(1))

    phone.set(an, record, {f"attachments.{digest_of(photo_of(1))}": None})
    phone.exchange(an)

    assert office.rows(named_attachments) == []
    assert sending.read(record, digest_of(photo_of(1))).status_code == 404


def test_where_two_disagree_the_photo_stays(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    record = first.take_dossier(an)
    attach(first, an, record, photo_of(1))
    first.exchange(an)
    second.exchange(binh)
    attach(first, an, record, photo_of(1), document="D2")
    second.set(binh, record, {f"attachments.{digest_of(photo_of(1))}": None})
    first.exchange(an)
    second.exchange(binh)

    listed = office.run(lambda connection: attachments_of(connection, record))

    assert [(one.document, one.received) for one in listed] == [("D2", None)]


def test_what_cannot_be_read_names_nothing_or_less(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    good = digest_of(photo_of(1))
    phone.set(
        an,
        record,
        {
            "attachments.nonsense": {"document": "D1"},
            f"attachments.{good[2:]}": {"document": "D1"},
            f"attachments.{digest_of(b'a text')}": "a text",
            f"attachments.{good}": {
                "document": ["D1"],
                "size": True,
                "type": 7,
                "taken": "x" * 999,
            },
        },
    )
    phone.exchange(an)

    listed = office.run(lambda connection: attachments_of(connection, record))

    assert [(one.name.hex, one.document, one.size, one.type, one.taken) for one in listed] == [
        (good, None, None, None, None)
    ]


def test_a_rebuild_gives_the_same_rows_and_keeps_what_is_here(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, photo_of(1), photo_of(2))
    uploader(phone, an).upload(record, photo_of(1))
    before = [office.rows(named_attachments), office.rows(held_attachments)]

    office.run(rebuild)

    assert [office.rows(named_attachments), office.rows(held_attachments)] == before
    assert [len(rows) for rows in before] == [2, 1]


def test_the_same_photo_in_two_records_is_uploaded_twice(office: OpenOffice) -> None:
    """THREAT-9."""
    phone = office.phone()
    an = phone.sign_in("an")
    records: list[UUID] = [phone.take_dossier(an) for _ in range(2)]
    for record in records:
        attach(phone, an, record, photo_of(1))
    sending = uploader(phone, an)
    sending.upload(records[0], photo_of(1))

    created = sending.create(records[1], photo_of(1))

    assert created.headers["upload-offset"] == "0"
    assert sending.read(records[1], digest_of(photo_of(1))).status_code == 404

"""A revoked device hands in its photos too, and those alone (FAULT-47)."""

import sqlalchemy as sa

from server.attachments.tables import held_attachments
from server.clock import now_ms
from server.devices.confirmation import revoke
from server.devices.orders import give_order
from sync.order import Action
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone
from tests.support.tus import Uploader, attach, digest_of, photo_of, uploader

BEFORE, AFTER, FOREIGN = photo_of(1), photo_of(2), photo_of(3)


def order(office: OpenOffice, phone: Phone, action: Action) -> None:
    """Revoke a phone, as the desk does."""

    def job(connection: sa.Connection) -> None:
        revoke(connection, phone.device, 7, now_ms())
        give_order(connection, phone.device, action, 7, now_ms())

    office.run(job)


def test_it_sends_what_its_own_changes_name_and_nothing_else(office: OpenOffice) -> None:
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = phone.sign_in("an"), other.sign_in("binh")
    record, foreign = phone.take_dossier(an), other.take_dossier(binh)
    attach(phone, an, record, BEFORE)
    attach(other, binh, foreign, FOREIGN)
    other.exchange(binh)
    phone.exchange(an)
    attach(phone, an, record, AFTER)
    new = phone.take_dossier(an)
    attach(phone, an, new, AFTER)
    order(office, phone, Action.HAND_IN)

    answer = phone.exchange()
    assert answer.token is not None
    sending = Uploader(phone.http, answer.token)
    cut = sending.create(record, BEFORE).headers["location"]

    assert sending.patch(cut, 0, BEFORE[:1000]).status_code == 204
    assert sending.patch(cut, 1000, BEFORE[1000:]).status_code == 204
    assert sending.upload(record, AFTER).status_code == 204
    assert sending.upload(new, AFTER).status_code == 204
    assert sending.create(foreign, FOREIGN).status_code == 404
    assert sending.create(new, BEFORE).status_code == 404
    assert sending.read(record, digest_of(BEFORE)).status_code == 404
    again = sending.create(new, AFTER)
    assert again.headers["upload-offset"] == str(len(AFTER))
    held = office.run(lambda connection: connection.execute(sa.select(held_attachments)).all())
    assert {(row.record, row.seat) for row in held} == {
        (record.bytes, an.number),
        (new.bytes, an.number),
    }


def test_a_device_that_shall_wipe_itself_at_once_hands_in_nothing(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, BEFORE)
    before = uploader(phone, an)
    order(office, phone, Action.HAND_IN)
    token = phone.exchange().token
    assert token is not None
    order(office, phone, Action.NOW)

    assert phone.exchange().token is None
    assert Uploader(phone.http, token).create(record, BEFORE).status_code == 401
    assert before.create(record, BEFORE).status_code == 401

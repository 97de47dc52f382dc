"""Backups and erasures: a backup without bodies verifies, and a restore brings no body back."""

import sqlalchemy as sa

from server.attachments.tables import held_attachments
from server.backups.restoring import restore
from server.backups.verification import verify
from server.clock import now_ms
from server.erasures.erasure import Deed, Keeper, erase
from server.keys import load_or_make_keys
from server.lists.issuing import find_list
from server.records.tables import changes
from sync import chain, signature
from tests.server.backups.conftest import Branch
from tests.support.tus import attach, photo_of, uploader

NAME = "Trần Thị Không Ai Biết"


def bodies(branch: Branch) -> list[bytes]:
    return branch.office.run(
        lambda connection: [
            bytes(row.body) for row in connection.execute(sa.select(changes.c.body))
        ]
    )


def test_a_restore_erases_again_before_any_door_opens(branch: Branch) -> None:
    phone, an = branch.phone("an", "Máy tính bảng 1")
    record = phone.take_dossier(an, applicant_full_name=NAME)
    attach(phone, an, record, photo_of(1))
    phone.exchange(an)
    uploader(phone, an).upload(record, photo_of(1))
    before = branch.backup()
    office = branch.office.office
    keeper = Keeper(office.settings.office, office.keys, office.settings.erasures_path)
    deed = Deed(7, "Quyết định 12/QĐ-TA", now_ms())
    branch.office.run(lambda connection: erase(connection, keeper, record, deed))
    issued = branch.office.run(lambda connection: find_list(connection, signature.ERASURES))
    after = branch.backup()
    branch.stop()

    restore(branch.settings, load_or_make_keys(branch.settings), before, now_ms())
    branch.start()

    assert NAME.encode() not in b"".join(bodies(branch))
    assert all(map(chain.is_erased, bodies(branch)))
    assert branch.office.rows(held_attachments) == []
    kept = [path for path in branch.settings.data.glob("attachments/**/*") if path.is_file()]
    assert kept == []
    again = branch.office.run(lambda connection: find_list(connection, signature.ERASURES))
    assert issued is not None
    assert again is not None
    assert again.number >= issued.number
    assert verify(after.folder, branch.office.office.keys) == []
    assert verify(branch.backup().folder, branch.office.office.keys) == []
    # The phone still has the bodies; what it offers is verified, and they are not stored.
    for _ in range(2):
        phone.exchange(an)
    assert NAME.encode() not in b"".join(bodies(branch))

"""After a restore everything that devices still hold comes back, once, into a new epoch."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Timer
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.backups import restoring
from server.backups.backup import make_backup
from server.backups.claiming import claim
from server.backups.manifest import Backup
from server.backups.placing import require_nobody
from server.backups.restoring import Restored, restore
from server.backups.returned import Returned, returned
from server.backups.verification import verify
from server.clock import now_ms
from server.database import is_sqlite
from server.devices.confirmation import revoke
from server.devices.seats import get_office_seat, get_or_make_desk_seat
from server.devices.tables import seats
from server.facts import BACKUP_VERIFIED_AT, find_fact
from server.keys import load_or_make_keys
from server.records.feeds import SPAN_NUMBERS
from server.records.tables import changes, feeds, records, safe_ends
from server.settings import SettingsRefused
from server.staff.person import areas_of_team, find_person
from server.staff.tables import staff, team_areas
from sync.record import encode_state
from tests.server.backups.conftest import Branch, live_a_little
from tests.support.phone import Phone, Refused
from tests.support.postgres import Postgres


def put_back(branch: Branch, backup: Backup) -> Restored:
    """Stop the office, restore, start it again."""
    branch.stop()
    done = restore(branch.settings, load_or_make_keys(branch.settings), backup, now_ms())
    branch.start()
    return done


def of_phones(branch: Branch) -> set[tuple[int, int, bytes]]:
    """Give place and head of every change that a phone wrote."""
    on_phones = {number for phone in branch.phones for number in phone.seats}
    found = sa.select(changes.c.seat, changes.c.seq, changes.c.head)
    rows = branch.office.run(lambda connection: connection.execute(found).all())
    return {(row.seat, row.seq, row.head) for row in rows if row.seat in on_phones}


def dossiers(branch: Branch) -> dict[UUID, bool]:
    rows = branch.office.run(lambda connection: connection.execute(sa.select(records)).all())
    return {UUID(bytes=row.id): row.hidden for row in rows}


def test_fault_38_what_came_after_the_backup_comes_back_exactly_once(branch: Branch) -> None:
    """FAULT-38: a restore from an old backup."""
    first, an, second, binh = live_a_little(branch)
    backup = branch.backup()
    for _ in range(3):
        first.take_dossier(an)
        first.exchange(an)
    second.set(binh, next(iter(second.records)), {"answers.applicant_full_name": "Trần"})
    second.exchange(binh)
    held, known, areas = of_phones(branch), dossiers(branch), dict(first.cursors)

    done = put_back(branch, backup)

    assert done.epoch > 1
    assert done.missing == {an.number: 3, binh.number: 1}
    assert of_phones(branch) < held
    for phone, seat in ((first, an), (second, binh)):
        heard = phone.exchange(seat)
        assert heard.epoch == done.epoch
        assert (heard.pages, heard.directory) == ({}, []), "cursors of a lost life"
        assert set(phone.cursors) == set(areas)
        assert not any(phone.cursors.values())
        assert phone.receipts[seat.number].held < seat.last
    for phone, seat in ((first, an), (second, binh), (first, an), (second, binh)):
        phone.exchange(seat)
        assert phone.receipts[seat.number].held == seat.last
    assert of_phones(branch) == held
    assert dossiers(branch) == known
    told = {one.seat: (one.came_back, one.new, one.missing) for one in came_back(branch)}
    assert told == {an.number: (3, 0, 0), binh.number: (1, 0, 0)}
    assert verify(branch.backup().folder, branch.office.office.keys) == []


def test_phones_and_office_agree_again(branch: Branch) -> None:
    first, an, second, binh = live_a_little(branch)
    backup = branch.backup()
    late = first.take_dossier(an)
    first.exchange(an)
    second.exchange(binh)

    put_back(branch, backup)
    for _ in range(3):
        first.exchange(an)
        second.exchange(binh)

    stored = {row[0]: row[3] for row in branch.office.rows(records)}
    assert late in first.records
    assert late in second.records
    for phone in (first, second):
        for record, state in phone.records.items():
            if record.bytes in stored and not is_of_quarantine(branch, record):
                assert encode_state(state) == stored[record.bytes]


def test_seats_whose_keys_are_here_are_retired_and_numbers_are_fresh(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    keys = branch.office.office.keys
    chi = branch.office.run(lambda connection: find_person(connection, 4))
    assert chi is not None
    before = branch.office.run(lambda c: get_or_make_desk_seat(c, keys, chi, now_ms()))
    backup = branch.backup()

    done = put_back(branch, backup)

    span = (done.epoch - 1) * 1_000_000
    desk = branch.office.run(lambda c: get_or_make_desk_seat(c, keys, chi, now_ms()))
    own = branch.office.run(lambda c: get_office_seat(c, keys))
    newcomer, _ = branch.phone("binh", "Máy mới")
    record = first.take_dossier(an)
    first.exchange(an)
    first.exchange(an)
    assert before.number != desk.number
    assert min(desk.number, own.number, newcomer.device, *newcomer.seats) > span
    retired = sa.select(seats.c.number).where(seats.c.retired_at.is_not(None))
    gone = branch.office.run(lambda c: set(c.execute(retired).scalars()))
    assert gone == {1, before.number}
    number = sa.select(feeds.c.number).where(feeds.c.record == record.bytes)
    fresh = branch.office.run(lambda c: c.execute(number).scalar_one())
    assert fresh > (done.epoch - 1) * SPAN_NUMBERS


def test_safe_falls_back_to_what_is_true(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    old = branch.backup()
    covered = an.last
    first.take_dossier(an)
    first.exchange(an)
    branch.backup()
    first.exchange(an)
    assert first.receipts[an.number].safe == covered + 1

    put_back(branch, old)

    first.exchange(an)
    receipt = first.receipts[an.number]
    assert (receipt.held, receipt.safe) == (covered, covered)
    first.exchange(an)
    receipt = first.receipts[an.number]
    assert (receipt.held, receipt.safe) == (covered + 1, covered)
    branch.backup()
    first.exchange(an)
    assert first.receipts[an.number].safe == covered + 1


def test_nothing_is_put_in_that_does_not_hold(branch: Branch) -> None:
    live_a_little(branch)
    backup = branch.backup()
    with closing(sqlite3.connect(backup.database)) as copy:
        copy.execute("DELETE FROM logs")
        copy.commit()
    before = branch.office.rows(changes)

    with pytest.raises(SettingsRefused, match="does not hold; nothing is changed"):
        put_back(branch, backup)

    branch.start()
    assert branch.office.rows(changes) == before
    assert branch.office.office.epoch == 1


def test_a_running_server_is_never_restored_under(branch: Branch) -> None:
    live_a_little(branch)
    backup = branch.backup()
    keys = branch.office.office.keys

    with pytest.raises(SettingsRefused, match="Stop the server"):
        restore(branch.settings, keys, backup, now_ms())
    with claim(branch.settings.data), pytest.raises(SettingsRefused, match="Stop it first"):
        restore(branch.settings, keys, backup, now_ms())

    assert branch.office.run(lambda connection: find_fact(connection, "epoch")) == "1"
    assert (branch.settings.data / "epoch").read_text() == "1"


def test_a_server_that_has_just_been_stopped_may_let_go_of_postgresql(
    postgres: Postgres, postgres_template: str
) -> None:
    """Its connections end a moment after it; one that stays is somebody's."""
    name = postgres.new_database(postgres_template)
    url = postgres.url(name)
    leaving = sa.create_engine(url, poolclass=sa.NullPool).connect()
    end = Timer(0.3, leaving.close)
    end.start()

    require_nobody(url)

    end.join()
    with (
        sa.create_engine(url, poolclass=sa.NullPool).connect(),
        pytest.raises(SettingsRefused, match="Stop the server"),
    ):
        require_nobody(url)
    postgres.drop_database(name)


def test_the_present_database_is_moved_aside_whole(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    backup = branch.backup()
    first.take_dossier(an)
    first.exchange(an)
    before = branch.office.rows(changes)

    done = put_back(branch, backup)

    if is_sqlite(branch.settings.database):
        with closing(sqlite3.connect(done.aside)) as aside:
            count = aside.execute("SELECT count(*) FROM changes").fetchone()[0]
    else:
        schema = done.aside.removeprefix("schema ")
        counted = sa.text(f'SELECT count(*) FROM "{schema}".changes')
        count = branch.office.run(lambda connection: connection.execute(counted).scalar_one())
    assert count == len(before) > len(branch.office.rows(changes))


def test_fault_39_attachments_that_are_missing_come_back_and_others_stay(branch: Branch) -> None:
    """FAULT-39: attachments of another time than the database."""
    photos = branch.settings.data / "attachments"
    (photos / "ab").mkdir(parents=True)
    (photos / "ab" / "old").write_bytes(b"an old photograph")
    backup = branch.backup()
    (photos / "ab" / "old").unlink()
    (photos / "new").write_bytes(b"a new photograph")

    put_back(branch, backup)

    assert (photos / "ab" / "old").read_bytes() == b"an old photograph"
    assert (photos / "new").read_bytes() == b"a new photograph"


def test_an_epoch_is_never_taken_twice(branch: Branch) -> None:
    backup = branch.backup()
    for _ in range(3):
        seen = branch.office.office.epoch
        (branch.settings.data / "epoch").unlink()
        done = put_back(branch, backup)
        assert done.epoch > seen


def test_a_damaged_database_is_no_hindrance(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    backup = branch.backup()
    branch.stop()
    if not is_sqlite(branch.settings.database):
        return
    path = Path(sa.make_url(branch.settings.database).database or "")
    path.write_bytes(b"no database at all" * 1000)

    done = restore(branch.settings, load_or_make_keys(branch.settings), backup, now_ms())
    branch.start()

    assert Path(done.aside).read_bytes().startswith(b"no database")
    first.exchange(an)
    first.exchange(an)
    assert first.receipts[an.number].held == an.last


@pytest.mark.parametrize("step", ["put_in", "migrate", "settle_epoch", "keep_ends"])
def test_a_restore_that_dies_leaves_an_office_that_knows_it(
    branch: Branch, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, an, _, _ = live_a_little(branch)
    backup = branch.backup()
    first.take_dossier(an)
    first.exchange(an)
    branch.stop()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, die)
        with pytest.raises(KeyboardInterrupt):
            restore(branch.settings, load_or_make_keys(branch.settings), backup, now_ms())
    branch.start()

    assert branch.office.office.epoch > 1
    first.exchange(an)
    first.exchange(an)
    receipt = first.receipts[an.number]
    assert (receipt.held, receipt.safe) == (an.last, 0)


def test_an_old_copy_put_back_by_hand_is_noticed(branch: Branch) -> None:
    if not is_sqlite(branch.settings.database):
        return
    first, an, _, _ = live_a_little(branch)
    path = Path(sa.make_url(branch.settings.database).database or "")
    branch.stop()
    shutil.copyfile(path, path.with_suffix(".old"))
    branch.start()
    first.take_dossier(an)
    first.exchange(an)
    branch.backup()
    branch.stop()
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    shutil.copyfile(path.with_suffix(".old"), path)

    branch.start()

    assert branch.office.office.epoch == 2
    first.exchange(an)
    first.exchange(an)
    receipt = first.receipts[an.number]
    assert (receipt.held, receipt.safe) == (an.last, 0)


def test_a_folder_that_met_another_database_claims_nothing_safe(branch: Branch) -> None:
    first, an, _, _ = live_a_little(branch)
    branch.backup()
    branch.stop()
    (branch.settings.data / "epoch").unlink()

    branch.start()

    assert branch.office.office.epoch == 2
    assert branch.office.rows(safe_ends) == []
    found = branch.office.run(lambda connection: find_fact(connection, BACKUP_VERIFIED_AT))
    assert found is None
    first.exchange(an)
    assert first.receipts[an.number].safe == 0


def test_who_joined_after_the_backup_hands_in_again_once_the_words_agree(branch: Branch) -> None:
    live_a_little(branch)
    lost, on_lost = branch.phones[1], min(branch.phones[1].seats)
    backup = branch.backup()
    newcomer, tam = branch.phone("tam", "Máy của Tâm")
    newcomer.take_dossier(tam)
    newcomer.exchange(tam)
    old = branch.phones[0]
    late = old.sign_in("tam")
    old.take_dossier(late)
    old.exchange(late)
    branch.office.run(lambda connection: revoke(connection, lost.device, 4, now_ms()))
    held = of_phones(branch)

    done = put_back(branch, backup)

    assert done.carried.joined == {newcomer.device: "Máy của Tâm"}
    assert done.carried.seated == {tam.number: "Máy của Tâm", late.number: "Máy tính bảng 1"}
    assert done.carried.revoked == {lost.device: "Máy tính bảng 2"}
    assert done.missing == {tam.number: 1, late.number: 1}
    for _ in range(2):
        old.exchange(late)
    with pytest.raises(Refused, match="device-unconfirmed"):
        newcomer.exchange(tam)
    assert lost.exchange(lost.seats[on_lost]).order is not None
    branch.office.confirm(newcomer)
    for _ in range(2):
        newcomer.exchange(tam)
    assert of_phones(branch) == held
    assert sum(one.missing for one in came_back(branch)) == 0


def test_what_was_taken_away_after_the_backup_stays_taken_away(branch: Branch) -> None:
    live_a_little(branch)
    backup = branch.backup()
    lost, tam = branch.phone("tam", "Máy của Tâm")
    lost.take_dossier(tam)
    lost.exchange(tam)
    binh = sa.update(staff).where(staff.c.sign_in == "binh").values(active=False)
    area = team_areas.c.area == "10489"

    def take_away(connection: sa.Connection) -> None:
        revoke(connection, lost.device, 4, now_ms())
        connection.execute(binh)
        connection.execute(sa.delete(team_areas).where(area))

    branch.office.run(take_away)

    done = put_back(branch, backup)

    assert done.carried.left == {3}
    assert done.carried.joined == {}
    assert branch.office.run(lambda connection: find_person(connection, 3)) is None
    assert "10489" not in branch.office.run(lambda connection: areas_of_team(connection, 1))
    # It joined and was revoked since: what was done on it in good faith is still taken in.
    tam.held = 0
    lost.exchange(tam)
    kept = branch.office.rows(changes)
    assert tam.number in {row[0] for row in kept}


def test_a_device_of_a_database_that_is_gone_comes_back_by_its_paper(branch: Branch) -> None:
    live_a_little(branch)
    backup = branch.backup()
    newcomer, tam = branch.phone("tam", "Máy của Tâm")
    branch.stop()
    if not is_sqlite(branch.settings.database):
        return
    Path(sa.make_url(branch.settings.database).database or "").unlink()

    done = restore(branch.settings, load_or_make_keys(branch.settings), backup, now_ms())
    branch.start()

    assert done.carried.joined == {}
    with pytest.raises(Refused, match="device-unconfirmed"):
        newcomer.exchange(tam)  # it had never heard that the desk confirmed it
    again = Phone(branch.office.http, "Máy của Tâm")
    again.enrol(branch.office.link())
    assert again.device > 1_000_000


def test_a_backup_of_one_kind_of_database_restores_into_the_other(
    branch: Branch, postgres: Postgres, postgres_template: str, tmp_path: Path
) -> None:
    first, an, second, binh = live_a_little(branch)
    backup = branch.backup()
    branch.stop()
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    name = ""
    if is_sqlite(branch.settings.database):
        name = postgres.new_database(postgres_template)
        other = postgres.url(name)
    branch.settings = replace(branch.settings, database=other)

    restore(branch.settings, load_or_make_keys(branch.settings), backup, now_ms())
    branch.start()

    assert len(branch.office.rows(changes)) == backup.manifest.counts["changes"]
    for phone, seat in ((first, an), (second, binh)) * 2:
        phone.set(seat, next(iter(phone.records)), {"answers.applicant_full_name": f"{seat.last}"})
        phone.exchange(seat)
    first.exchange(an)
    assert first.receipts[an.number].held == an.last
    made = make_backup(branch.settings, branch.office.office.keys, now_ms())
    assert verify(made.folder, branch.office.office.keys) == []
    branch.stop()
    if name:
        postgres.drop_database(name)


def test_numbers_of_rows_go_on_after_a_restore(branch: Branch) -> None:
    """PostgreSQL's sequences know nothing of rows that were put in."""
    _, _, second, binh = live_a_little(branch)
    backup = branch.backup()

    put_back(branch, backup)

    second.take_dossier(binh, area="09661")
    second.exchange(binh)
    second.exchange(binh)
    assert second.receipts[binh.number].held == binh.last


def came_back(branch: Branch) -> list[Returned]:
    return branch.office.run(returned)


def is_of_quarantine(branch: Branch, record: UUID) -> bool:
    quarantined = sa.select(changes.c.seq).where(
        changes.c.record == record.bytes, changes.c.effect != "applied"
    )
    return bool(branch.office.run(lambda c: c.execute(quarantined).first()))

"""Days of work after a backup: what a restore of it loses, and devices bring back."""

from uuid import UUID

import sqlalchemy as sa

from server.backups.restoring import restore
from server.clock import now_ms
from server.conflicts.conflict import conflicts_of
from server.conflicts.settlement import Choice, settle
from server.decisions.returned import Returned
from server.decisions.returned import returned as find_returned
from server.devices.confirmation import revoke
from server.devices.revocations import keep_revocations
from server.keys import load_or_make_keys
from server.records.tables import records
from server.staff.person import Person, find_person
from sync.record import State, decode_state
from tests.server.backups.conftest import Branch
from tests.support.phone import Phone, PhoneSeat, Refused

NAME = "answers.applicant_full_name"
VILLAGE = "answers.village"


class Days:
    """Three phones and a desk: what was before the backup, and what came after it."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.first, self.an = branch.phone("an", "Máy của An")
        self.second, self.binh = branch.phone("binh", "Máy của Bình")
        self.lost, self.on_lost = branch.phone("tam", "Máy bị mất")
        self.record = self.first.take_dossier(self.an)
        self.exchange_all()
        self.first.set(self.an, self.record, {NAME: "Nguyễn Thị Một"})
        self.second.set(self.binh, self.record, {NAME: "Nguyễn Thị Hai"})
        self.exchange_all()
        self.backup = branch.backup()
        self.work_on()

    def work_on(self) -> None:
        """Do what no backup has: settle, take, amend, join, shut out."""
        self.settle("Nguyễn Thị Hai", "đã xem căn cước")
        self.exchange_all()
        self.taken = self.second.take_dossier(self.binh)
        self.first.set(self.an, self.record, {VILLAGE: "Thôn 4"})
        self.newcomer, self.late = self.branch.phone("an", "Máy mới của An")
        self.joined = self.newcomer.take_dossier(self.late)
        self.shut_out(self.lost)
        for _ in range(2):
            self.exchange_all()
        self.before = dict(self.first.records)

    @property
    def pairs(self) -> list[tuple[Phone, PhoneSeat]]:
        pairs = [(self.first, self.an), (self.second, self.binh)]
        return [*pairs, (self.newcomer, self.late)] if hasattr(self, "newcomer") else pairs

    def exchange_all(self) -> None:
        for phone, seat in self.pairs:
            self.exchange(phone, seat)

    def exchange(self, phone: Phone, seat: PhoneSeat) -> None:
        """Exchange once; who joined after the backup is asked for its papers first."""
        try:
            phone.exchange(seat)
        except Refused as refused:
            if refused.code != "device-unconfirmed":
                raise

    def officer(self) -> Person:
        chi = self.branch.office.run(lambda connection: find_person(connection, 4))
        assert chi is not None
        return chi

    def settle(self, value: str, reason: str) -> None:
        office, chi = self.branch.office.office, self.officer()

        def deed(connection: sa.Connection) -> None:
            [conflict] = conflicts_of(connection, self.record)
            choice = Choice(NAME, [side.dot for side in conflict.sides], value)
            settle(connection, office, chi, self.record, [choice], reason, now_ms())

        self.branch.office.run(deed)

    def shut_out(self, phone: Phone) -> None:
        office = self.branch.office.office

        def deed(connection: sa.Connection) -> None:
            revoke(connection, phone.device, 7, now_ms())
            keep_revocations(connection, office.keys, office.settings.office, now_ms())

        self.branch.office.run(deed)

    def put_back(self, *, forget_present: bool = False) -> None:
        """Restore the backup; without a present database to ask, devices alone can tell."""
        self.branch.stop()
        if forget_present:
            keep_nothing(self.branch)
        keys = load_or_make_keys(self.branch.settings)
        restore(self.branch.settings, keys, self.backup, now_ms())
        self.branch.start()

    def find(self) -> list[Returned]:
        return self.branch.office.run(find_returned)

    def known(self) -> set[UUID]:
        found = sa.select(records.c.id)
        ids = self.branch.office.run(lambda c: c.execute(found).scalars().all())
        return {UUID(bytes=one) for one in ids}

    def state(self) -> State:
        found = sa.select(records.c.state).where(records.c.id == self.record.bytes)
        return decode_state(self.branch.office.run(lambda c: c.execute(found).scalar_one()))


def keep_nothing(branch: Branch) -> None:
    """Make the present database tell nothing of who joined and who was shut out."""
    engine = sa.create_engine(branch.settings.database)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE sign_in_failures"))
        connection.execute(sa.text("ALTER TABLE devices RENAME COLUMN words TO gone"))
    engine.dispose()

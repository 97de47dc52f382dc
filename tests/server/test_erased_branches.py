"""A list of erasures says of which branch of a log each change is: a copied phone has its own."""

import msgspec
import sqlalchemy as sa
from alembic import command

from server.clock import now_ms
from server.dossiers.tables import dossiers
from server.erasures.erasure import Deed, Keeper, erase, keeper_of, run_again, take_back
from server.exchange.offering import take_offered
from server.keys import write_privately
from server.lists.issuing import SignedList, find_list, issue_list
from server.lists.tables import erased_changes
from server.migration import config_for, migrate
from server.records.tables import changes, feeds, holders, logs, offered_states, records
from sync import chain, signature
from sync.exchange import OfferedState, Shown
from sync.papers import Erasure, Erasures, find_paper
from sync.record import State, apply, decode_state, encode_state, shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat
from tests.sync.writer import Writer, record_id

NAME = "Trần Thị Không Ai Biết"


def keeper(office: OpenOffice) -> Keeper:
    return keeper_of(office.office.settings, office.office.keys)


def erased_in_both_branches(office: OpenOffice) -> tuple[Phone, PhoneSeat, PhoneSeat]:
    """A dossier that a phone took, and that its copy changed in the same place of the log."""
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an, applicant_full_name=NAME)
    phone.exchange(an)
    copy = PhoneSeat(an.number, an.key, an.areas, [], [an.heads[0]])
    phone.seats[an.number] = copy
    phone.records.clear()
    phone.set(copy, record, {"answers.phone": "0911111111"})
    phone.exchange(batches=[copy.batch(phone.office)])
    deed = Deed(7, "Quyết định 12/QĐ-TA", now_ms())
    office.run(lambda connection: erase(connection, keeper(office), record, deed))
    return phone, an, copy


def issued(office: OpenOffice) -> SignedList:
    found = office.run(lambda connection: find_list(connection, signature.ERASURES))
    assert found is not None
    return found


def listed(office: OpenOffice) -> list[Erasure]:
    """Read the list as it lies beside the database; the table has the same."""
    beside = msgspec.msgpack.decode(office.office.settings.erasures_path.read_bytes(), type=Shown)
    keys, name = office.office.keys, office.office.settings.office
    found = find_paper(beside, signature.ERASURES, Erasures, name, keys.public_key)
    assert found is not None
    assert found.entries == [Erasure(*row) for row in sorted(office.rows(erased_changes))]
    return found.entries


def forget_branches(office: OpenOffice) -> Shown:
    """Make of list and table what an office had that noted no branches; give that list."""
    keys, name = office.office.keys, office.office.settings.office
    older = [entry.body for entry in listed(office)]

    def forget(connection: sa.Connection) -> None:
        connection.execute(sa.update(erased_changes).values(tag=b""))
        issue_list(connection, keys, name, signature.ERASURES, older, now_ms())

    office.run(forget)
    shown_before = issued(office).shown
    write_privately(office.office.settings.erasures_path, msgspec.msgpack.encode(shown_before))
    return shown_before


def start_again(office: OpenOffice) -> None:
    office.run(lambda connection: run_again(connection, keeper(office), now_ms()))


def test_each_branch_of_a_place_has_its_own_entry(office: OpenOffice) -> None:
    _, an, copy = erased_in_both_branches(office)

    assert {(entry.place, entry.tag) for entry in listed(office)} == {
        ((an.number, 1), chain.tag(an.heads[1])),
        ((an.number, 1), chain.tag(copy.heads[1])),
    }


def test_what_another_copy_wrote_there_is_kept_in_a_state_that_is_offered(
    office: OpenOffice,
) -> None:
    _, an, _ = erased_in_both_branches(office)
    third = State(record_id(1), "dossier")
    third = apply(third, Writer(an.number).edit(third, {"answers.phone": "0922222222"}))
    state = encode_state(third)
    offered = OfferedState(state, office.office.keys.mark(state))

    office.run(lambda c: take_offered(c, office.office.keys, [offered], 2, now_ms()))

    (row,) = office.rows(offered_states)
    assert shown(decode_state(row[1]), "answers.phone") == "0922222222"


def test_the_next_start_finds_the_branches_of_an_older_list(office: OpenOffice) -> None:
    erased_in_both_branches(office)
    whole = listed(office)
    older = forget_branches(office)

    start_again(office)

    assert listed(office) == whole
    # It is issued once; nothing makes it anew, nor forget what it has found.
    found = issued(office)
    start_again(office)
    office.run(lambda connection: take_back(connection, keeper(office), [older], now_ms()))
    assert issued(office) == found
    assert listed(office) == whole


def test_where_no_log_tells_the_branch_it_is_found_once_the_change_is_back(
    office: OpenOffice,
) -> None:
    phone, an, copy = erased_in_both_branches(office)
    whole, older = listed(office), forget_branches(office)

    def lose(connection: sa.Connection) -> None:
        for table in (changes, logs, records, dossiers, feeds, holders, erased_changes):
            connection.execute(sa.delete(table))

    office.run(lose)
    office.run(lambda connection: take_back(connection, keeper(office), [older], now_ms()))
    assert {entry.tag for entry in listed(office)} == {b"", chain.tag(copy.heads[1])}
    phone.seats[an.number], an.held = an, 0
    phone.exchange(an)
    start_again(office)

    assert listed(office) == whole


def test_what_was_erased_before_branches_were_noted_stays_listed(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    before = sa.Table(
        "erased_changes",
        sa.MetaData(),
        sa.Column("seat", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
        sqlite_with_rowid=False,
    )
    with engine.begin() as connection:
        erased_changes.drop(connection)
        before.create(connection)
        connection.execute(sa.insert(before).values(seat=3, seq=7, hash=bytes(32)))
    command.stamp(config_for(database_url), "0015")

    migrate(database_url)

    with engine.begin() as connection:
        rows = connection.execute(sa.select(erased_changes)).all()
    engine.dispose()
    assert [Erasure(*row) for row in rows] == [Erasure(3, 7, bytes(32))]

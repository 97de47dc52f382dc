"""The exchange: what phones hand in is kept, shown to the desk, and answered with receipts."""

import msgspec
import pytest
import sqlalchemy as sa

from server.dossiers.dossier import find_dossier
from server.dossiers.findings import open_findings
from server.records.tables import branches, changes, feeds, logs, records
from server.staff.tables import staff, team_areas
from sync import signature
from sync.batch import sign_batch
from sync.exchange import ExchangeResponse
from sync.record import shown
from tests.server.conftest import OpenOffice
from tests.support.phone import Phone, PhoneSeat, Refused, new_record


def test_it_keeps_a_dossier_and_gives_a_receipt(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an, child_full_name="Trần Văn Mới")

    response = phone.exchange(an)

    assert [receipt.held for receipt in response.receipts] == [1]
    assert response.refusals == []
    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert dossier.values["answers.child_full_name"] == "Trần Văn Mới"
    assert dossier.arrival.taken_by_name == "Nguyễn Văn An"
    assert dossier.arrival.device_label == "Máy tính bảng 1"


def test_a_colleague_of_the_team_gets_the_dossier_and_the_authors_name(
    office: OpenOffice,
) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    record = first.take_dossier(an)
    first.exchange(an)

    second.exchange(binh)

    assert shown(second.records[record], "answers.applicant_full_name") == "Nguyễn Thị Mẫu"
    assert second.directory[an.number] == "Nguyễn Văn An"


def test_a_phone_of_version_1_is_answered_in_its_own_version(office: OpenOffice) -> None:
    """FAULT-41."""
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)

    response = phone.read(
        phone.post("/sync/exchange", phone.request(an, protocol=1)), ExchangeResponse
    )

    assert response.protocol == 1
    assert [receipt.held for receipt in response.receipts] == [1]


def test_a_helper_gets_their_own_dossiers_alone(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, tam = first.sign_in("an"), second.sign_in("tam")
    first.take_dossier(an)
    first.exchange(an)
    own = second.take_dossier(tam)
    second.exchange(tam)

    second.records.clear()
    second.cursors = dict.fromkeys(tam.areas, 0)
    second.exchange(tam)

    assert set(second.records) == {own}


def test_the_devices_signature_alone_gets_receipts_and_no_data(office: OpenOffice) -> None:
    phone = office.phone()
    phone.take_dossier(phone.sign_in("an"))

    response = phone.exchange()

    assert [receipt.held for receipt in response.receipts] == [1]
    assert (response.pages, response.directory) == ({}, [])


def test_a_seats_signature_that_does_not_hold_gets_no_data(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.exchange(an)

    response = phone.exchange(PhoneSeat(an.number, phone.sign_in("binh").key))

    assert response.pages == {}


def test_a_replayed_request_changes_nothing_and_gets_receipts_only(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    request = phone.request(an)
    phone.post("/sync/exchange", request)
    before = [office.rows(table) for table in (changes, records, feeds, logs)]

    answer = phone.post("/sync/exchange", request)

    response = phone.read(answer, type(phone.exchange(an)))
    assert [receipt.held for receipt in response.receipts] == [1]
    assert response.pages == {}
    assert [office.rows(table) for table in (changes, records, feeds, logs)] == before


def test_a_receipt_that_the_phone_has_is_not_said_again(office: OpenOffice) -> None:
    phone = office.phone()
    an, binh = phone.sign_in("an"), phone.sign_in("binh")
    phone.take_dossier(an)
    phone.take_dossier(binh)
    phone.exchange(an)

    quiet = phone.exchange(an)
    phone.take_dossier(an)
    unsent = phone.exchange(an, batches=[])
    head, an.heads[-1] = an.heads[-1], bytes(32)
    parted = phone.exchange(an, batches=[])
    an.heads[-1] = head

    assert quiet.receipts == []
    assert [(receipt.seat, receipt.held) for receipt in unsent.receipts] == [(an.number, 1)]
    assert [(receipt.seat, receipt.held) for receipt in parted.receipts] == [(an.number, 1)]
    assert phone.exchange(an).receipts[0].held == an.held == 2


def test_a_batch_that_begins_within_what_is_held_goes_on(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)
    phone.set(an, record, {"status": "checked"})

    response = phone.exchange(an, batches=[an.batch(phone.office, 1, 2)])

    assert response.refusals == []
    assert an.held == 2


def test_a_batch_that_is_held_already_is_acknowledged_again(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    for _ in range(3):
        phone.take_dossier(an)
    phone.exchange(an)

    response = phone.exchange(an, batches=[an.batch(phone.office, 1, 3)])

    assert response.refusals == []
    assert [receipt.held for receipt in response.receipts] == [3]
    assert len(office.rows(changes)) == 3


def test_a_gap_is_refused_and_the_receipt_says_where_to_go_on(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    for _ in range(3):
        phone.take_dossier(an)

    response = phone.exchange(an, batches=[an.batch(phone.office, 2, 3)])

    assert [(refusal.first, refusal.code) for refusal in response.refusals] == [(2, "gap")]
    assert [receipt.held for receipt in response.receipts] == [0]
    assert office.rows(changes) == []


def test_a_fork_is_kept_beside_the_log_and_found_once(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    clone = PhoneSeat(an.number, an.key)
    phone.take_dossier(an)
    phone.exchange(an)
    phone.take_dossier(clone, area="10465")

    responses = [phone.exchange(batches=[clone.batch(phone.office)]) for _ in range(2)]

    assert [response.refusals[0].code for response in responses] == ["fork", "fork"]
    assert len(office.rows(branches)) == 1
    assert [finding.kind for finding in office.run(open_findings)] == ["fork"]
    assert len(office.rows(changes)) == 1


def test_a_wrong_signature_spoils_only_its_own_batch(office: OpenOffice) -> None:
    phone = office.phone()
    an, tam = phone.sign_in("an"), phone.sign_in("tam")
    phone.take_dossier(an)
    phone.take_dossier(tam)
    forged = PhoneSeat(an.number, tam.key, changes=an.changes, heads=an.heads)

    response = phone.exchange(
        an, batches=[forged.batch(phone.office, 1, 1), tam.batch(phone.office)]
    )

    assert [(one.seat, one.code) for one in response.refusals] == [(an.number, "bad-signature")]
    assert (an.held, tam.held) == (0, 1)


def test_a_broken_chain_is_refused(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.take_dossier(an)
    broken = sign_batch(
        an.key,
        office=phone.office,
        seat=an.number,
        first=1,
        changes=an.changes[:1],
        head=an.heads[2],
    )

    response = phone.exchange(an, batches=[broken])

    assert [refusal.code for refusal in response.refusals] == ["broken-chain"]
    assert office.rows(changes) == []


def test_a_batch_for_another_office_does_not_hold_here(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)

    response = phone.exchange(an, batches=[an.batch("another-office")])

    assert [refusal.code for refusal in response.refusals] == ["bad-signature"]


def test_a_seat_of_another_device_is_unknown_here(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an = first.sign_in("an")
    first.take_dossier(an)

    response = second.exchange(batches=[an.batch(first.office)])

    assert [refusal.code for refusal in response.refusals] == ["unknown-seat"]
    assert response.receipts == []


def test_a_batch_that_is_none_spoils_no_other(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    nonsense = msgspec.Raw(msgspec.msgpack.encode({"protocol": "one"}))

    response = phone.exchange(an, batches=[nonsense, an.batch(phone.office)])

    assert [refusal.code for refusal in response.refusals] == ["malformed"]
    assert an.held == 1


@pytest.mark.parametrize(
    "change",
    [
        b"\xc0\xc0",
        msgspec.msgpack.encode([2, "of a later version"]) + msgspec.msgpack.encode([]),
    ],
)
def test_what_cannot_be_read_is_kept_and_found_and_the_log_goes_on(
    office: OpenOffice, change: bytes
) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    an.append(change)
    phone.take_dossier(an)

    response = phone.exchange(an)

    assert response.refusals == []
    assert an.held == 2
    assert [finding.kind for finding in office.run(open_findings)] == ["unreadable"]


def test_nul_in_a_kind_is_kept_without_effect(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    skeleton = msgspec.msgpack.encode(
        [1, an.number, 2, 1, record.bytes, "dossier\0", [1, 0], {"status": []}]
    )
    an.append(skeleton + msgspec.msgpack.encode([b"s" * 16, ["x"]]))

    phone.exchange(an)

    assert an.held == 2
    assert [finding.kind for finding in office.run(open_findings)] == ["unreadable"]


def test_a_foreign_area_is_quarantined_and_hidden(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an, area="09661")

    response = phone.exchange(an)

    assert response.refusals == []
    assert an.held == 1
    assert office.run(lambda connection: find_dossier(connection, record)) is None
    assert office.rows(feeds) == []
    found = office.run(open_findings)
    assert [(one.kind, one.detail) for one in found] == [("quarantine", {"reason": "foreign-area"})]


def test_a_hidden_record_stays_hidden_when_its_author_goes_on(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an, area="09661")
    phone.exchange(an)
    phone.set(an, record, {"answers.village": "Thôn Dy"})
    phone.exchange(an)
    phone.set(an, record, {"area": "09661"})

    phone.exchange(an)

    assert an.held == 3
    assert office.rows(feeds) == []
    assert office.run(lambda connection: find_dossier(connection, record)) is None


def test_an_area_that_comes_later_is_judged_like_one_that_comes_first(
    office: OpenOffice,
) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    record = new_record()
    phone.set(an, record, {"answers.village": "Thôn Dy"})
    phone.set(an, record, {"area": "09661"})

    phone.exchange(an)

    assert office.rows(feeds) == []
    kinds = {finding.kind for finding in office.run(open_findings)}
    assert "quarantine" in kinds


def test_what_was_not_allowed_is_put_back_and_everybody_sees_the_same(
    office: OpenOffice,
) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, hoa = first.sign_in("an"), second.sign_in("hoa")
    record = first.take_dossier(an)
    first.exchange(an)
    second.records[record] = first.records[record]
    second.set(hoa, record, {"status": "done", "answers.village": "Thôn Dy"})

    second.exchange(hoa)
    first.exchange(an)

    assert shown(first.records[record], "status") == "sealed"
    assert shown(first.records[record], "answers.village") is None
    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert (dossier.arrival.status, dossier.conflicts) == ("sealed", [])


def test_an_area_that_a_seat_has_no_right_to_is_dropped(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")

    response = phone.exchange(an, cursors={"10441": 0, "09661": 0})

    assert response.dropped == ["09661"]
    assert set(response.pages) == {"10441"}


def test_a_seat_hears_of_one_more_area(office: OpenOffice) -> None:
    phone, other = office.phone(), office.phone("Máy tính bảng 2")
    an, hoa = phone.sign_in("an"), other.sign_in("hoa")
    assert phone.exchange(an).added == []
    office.run(
        lambda connection: connection.execute(
            sa.insert(team_areas).values(
                team=sa.select(staff.c.team).where(staff.c.sign_in == "an").scalar_subquery(),
                area="09661",
            )
        )
    )
    other.take_dossier(hoa, area="09661")
    other.exchange(hoa)

    response = phone.exchange(an)

    assert (response.added, response.dropped) == (["09661"], [])
    assert "09661" not in response.pages
    assert "09661" in phone.exchange(an, cursors={"10441": 0, "09661": 0}).pages


def test_pages_are_cut_by_what_is_wanted_and_go_on(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    taken = {first.take_dossier(an) for _ in range(5)}
    first.exchange(an)

    rounds = 0
    while second.exchange(binh, want=1).pages["10441"].more:
        rounds += 1

    assert rounds == 4
    assert set(second.records) == taken


def test_a_record_that_changed_often_comes_once(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    record = first.take_dossier(an)
    for step in range(5):
        first.set(an, record, {"answers.village": f"Thôn {step}"})
        first.exchange(an)

    second.exchange(binh)

    assert shown(second.records[record], "answers.village") == "Thôn 4"
    assert len(office.rows(feeds)) == 1


def test_two_who_disagree_both_keep_their_value(office: OpenOffice) -> None:
    first, second = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = first.sign_in("an"), second.sign_in("binh")
    record = first.take_dossier(an)
    first.exchange(an)
    second.exchange(binh)
    first.set(an, record, {"answers.village": "Thôn Một", "answers.a": "An"})
    second.set(binh, record, {"answers.village": "Thôn Hai", "answers.b": "Bình"})

    first.exchange(an)
    second.exchange(binh)
    first.exchange(an)

    dossier = office.run(lambda connection: find_dossier(connection, record))
    assert dossier is not None
    assert dossier.conflicts == ["answers.village"]
    assert (dossier.values["answers.a"], dossier.values["answers.b"]) == ("An", "Bình")
    assert [finding.field for finding in office.run(open_findings)] == ["answers.village"]
    assert first.records[record].registers == second.records[record].registers


def test_an_unconfirmed_device_is_turned_away(office: OpenOffice) -> None:
    phone = Phone(office.http)
    phone.enrol(office.link())

    with pytest.raises(Refused) as refused:
        phone.exchange()

    assert (refused.value.status, refused.value.code) == (403, "device-unconfirmed")


def test_somebody_who_left_may_hand_in_but_reads_nothing(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    phone.take_dossier(an)
    gone = sa.update(staff).where(staff.c.sign_in == "an").values(active=False)
    office.run(lambda connection: connection.execute(gone))

    response = phone.exchange(an)

    assert an.held == 1
    assert response.pages == {}
    assert [finding.detail for finding in office.run(open_findings)] == [{"reason": "revoked"}]


def test_the_answer_is_signed_for_this_request(office: OpenOffice) -> None:
    phone = office.phone()

    response = phone.exchange(number=7)

    assert (response.number, response.device, response.office) == (7, phone.device, phone.office)
    assert phone.office_key == office.office.keys.public_key
    assert signature.is_public_key(phone.office_key)

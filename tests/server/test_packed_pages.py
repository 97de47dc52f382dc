"""Pages are packed in runs that are kept for the next phone, and say what is stored."""

from sync.exchange import ExchangeResponse
from sync.page import Page, entries_of
from sync.record import decode_state
from tests.server.conftest import OpenOffice
from tests.support.entries import cut
from tests.support.phone import Phone, PhoneSeat

AREA = "10441"
DOSSIERS = 70
"""Enough for a run to end by chance here and there."""


def test_what_was_packed_before_is_what_is_stored_now(office: OpenOffice) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    written = [phone.take_dossier(an) for _ in range(DOSSIERS)]
    phone.exchange(an)

    fresh = pulled(phone, an)
    again = pulled(phone, an)
    behind = pulled(phone, an, cursor=3)
    phone.set(an, written[5], {"remarks": "Nhà ở cuối ngõ"})
    phone.exchange(an)
    later = pulled(phone, an)

    assert again == fresh
    assert list(cut(entries_of(behind))) == list(cut(entries_of(fresh)))[3:]
    states = {one.record: one for one in map(decode_state, cut(entries_of(later)))}
    assert len(states) == DOSSIERS
    assert states[written[5].bytes].seen == {an.number: DOSSIERS + 1}
    assert list(states)[-1] == written[5].bytes
    keys = office.office.keys
    marks = [later.macs[place : place + 16] for place in range(0, len(later.macs), 16)]
    entries = list(cut(entries_of(later)))
    assert all(keys.is_marked(entry, mark) for entry, mark in zip(entries, marks, strict=True))


def test_a_phone_of_version_1_gets_entries_as_they_are(office: OpenOffice) -> None:
    """FAULT-41."""
    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    phone.exchange(an)

    request = phone.request(an, protocol=1, cursors={AREA: 0})
    page = phone.read(phone.post("/sync/exchange", request), ExchangeResponse).pages[AREA]

    assert (page.packed, page.more) == (b"", False)
    assert decode_state(page.entries).record == record.bytes


def pulled(phone: Phone, seat: PhoneSeat, cursor: int = 0) -> Page:
    return phone.exchange(seat, cursors={AREA: cursor}).pages[AREA]

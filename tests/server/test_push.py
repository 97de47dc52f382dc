"""Phones are woken through push services: who, for what, how often, and what they are told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.codes.tables import leases
from server.conflicts.settlement import Choice, settle
from server.devices.confirmation import retire_seat, revoke
from server.devices.revocations import keep_revocations
from server.devices.tables import push_subscriptions
from server.dossiers.seen import token_of
from server.exchange.desk_deed import new_record, write_at_desk
from server.push.notices import note
from server.push.rules import CODES_GAP_MS, GAP_MS, PAYLOAD_BYTES, TRIES_MAX, payload_of
from server.push.tables import push_notices
from server.staff.tables import staff
from server.supplements.asking import ask
from sync.push import KINDS, Subscription, Wish
from sync.record import heads
from tests.server.conftest import OpenOffice
from tests.server.test_assignment import person_of
from tests.server.test_supplements import PAPER, PROCEDURE
from tests.support.phone import Phone, PhoneSeat, Refused
from tests.support.push_service import Browser, PushService, claims_of, running_push_service

CHI, QUAN, AN = 4, 7, 1


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


class Woken:
    """An's phone, which wishes to be woken, and the office's clock in our hand."""

    def __init__(self, office: OpenOffice, service: PushService) -> None:
        self.office, self.service = office, service
        self.phone = office.phone()
        self.an = self.phone.sign_in("an")
        self.browser = service.browser()
        self.phone.wish("on", self.an, self.browser.subscription)
        self.record = self.phone.take_dossier(self.an)
        self.phone.set(self.an, self.record, {"procedure": PROCEDURE})
        self.phone.exchange(self.an)

    def ask(self, by: int = CHI) -> None:
        """Ask for a paper at the desk."""
        person = person_of(self.office, by)
        opened = self.office.office
        self.office.run(
            lambda one: ask(one, opened, person, self.record, [PAPER], "", "Thiếu", now_ms())
        )

    def note(self, kind: Any, at: int) -> None:
        """Note something for An past all deeds."""
        staff = person_of(self.office, self.staff).id
        self.office.run(lambda one: note(one, kind, [staff], at))

    @property
    def staff(self) -> int:
        """The number of An."""
        found = sa.text("select staff from seats where number = :n")
        number = {"n": self.an.number}
        return int(self.office.run(lambda one: one.execute(found, number).scalar_one()))

    @property
    def subscribed(self) -> int:
        """How many subscriptions there are."""
        return len(self.office.rows(push_subscriptions))

    async def round(self, at: int | None = None) -> int:
        """Send what is due."""
        with ThreadPoolExecutor(2) as threads:
            return await self.office.office.push.round(threads, now_ms() if at is None else at)

    def came(self) -> dict[str, Any]:
        """Open the one message that came."""
        assert self.service.count == 1
        return self.browser.open(self.service.came.get())


@pytest.fixture
def woken(office: OpenOffice, service: PushService) -> Woken:
    return Woken(office, service)


async def test_a_deed_at_the_desk_wakes_the_phone_of_whoever_took_the_dossier(
    woken: Woken,
) -> None:
    woken.ask()

    assert await woken.round() == 1

    assert woken.came() == {"kind": "supplement"}
    assert await woken.round() == 0


async def test_what_is_pushed_says_nothing_of_anybody(woken: Woken) -> None:
    """UX-64: a payload is a kind; its length and headers are the same whatever it says."""
    start = now_ms()
    for number, kind in enumerate(KINDS):
        woken.note(kind, start + number)
        assert await woken.round(start + number) == 1

    posted = [woken.service.came.get() for _ in KINDS]
    assert [woken.browser.open(one) for one in posted] == [{"kind": kind} for kind in KINDS]
    assert len({len(one.body) for one in posted}) == 1
    assert {len(payload_of(kind)) for kind in KINDS} == {PAYLOAD_BYTES}
    own = {"authorization", "content-encoding", "content-length", "host", "ttl", "urgency"}
    for one in posted:
        assert set(one.headers) <= own | {"accept-encoding"}
        claims = claims_of(one)
        assert set(claims) == {"aud", "sub", "exp"}
        assert claims["aud"] == woken.service.address


async def test_many_deeds_in_a_few_minutes_are_one_message(woken: Woken) -> None:
    start = now_ms()
    woken.note("settled", start)
    woken.note("settled", start + 1)
    assert await woken.round(start + 2) == 1
    woken.note("settled", start + 3)
    woken.note("supplement", start + 3)

    assert await woken.round(start + 4) == 1  # another kind does not wait

    assert await woken.round(start + GAP_MS) == 0
    assert await woken.round(start + 2 + GAP_MS) == 1
    assert woken.service.count == 3


async def test_who_does_it_is_not_told(office: OpenOffice, service: PushService) -> None:
    woken = Woken(office, service)
    person = person_of(office, woken.staff)
    sets: Any = {"status": ([], "done")}
    office.run(
        lambda one: write_at_desk(
            one, office.office, person, woken.record, lambda _: sets, now_ms()
        )
    )

    assert await woken.round() == 0


async def test_a_result_and_a_settled_conflict_are_told(woken: Woken) -> None:
    other = woken.office.phone("Máy tính bảng 2")
    binh = other.sign_in("an")
    other.exchange(binh)
    field = "answers.applicant_full_name"
    for phone, seat in ((woken.phone, woken.an), (other, binh)):
        phone.set(seat, woken.record, {field: f"Nguyễn Thị {seat.number}"})
        phone.exchange(seat)
    opened, chi = woken.office.office, person_of(woken.office, CHI)
    state = woken.phone.records[woken.record]
    woken.phone.exchange(woken.an)
    state = woken.phone.records[woken.record]
    seen = [token_of(head.dot) for head in heads(state, field)]
    assert len(seen) == 2
    choice = Choice(field, seen, "Nguyễn Thị Mẫu")
    woken.office.run(lambda one: settle(one, opened, chi, woken.record, [choice], "Đúng", now_ms()))
    assert await woken.round() == 1
    assert woken.came() == {"kind": "settled"}

    sets: Any = {"status": ([], "done")}
    woken.office.run(
        lambda one: write_at_desk(one, opened, chi, woken.record, lambda _: sets, now_ms())
    )
    assert await woken.round() == 1
    assert woken.came() == {"kind": "result"}


@pytest.mark.parametrize("taker", ["team", "carrier"])
async def test_a_result_to_hand_over_wakes_who_takes_it_along(woken: Woken, taker: str) -> None:
    opened, chi = woken.office.office, person_of(woken.office, CHI)
    an = person_of(woken.office, woken.staff)
    sets: Any = {
        "area": ([], "10441"),
        "dossier": ([], woken.record.hex),
        taker: ([], an.team if taker == "team" else an.id),
        "status": ([], "ready"),
    }
    woken.office.run(
        lambda one: write_at_desk(
            one,
            opened,
            chi,
            new_record(now_ms()),
            lambda _: sets,
            now_ms(),
            makes="result_delivery",
        )
    )

    assert await woken.round() == 1
    assert woken.came() == {"kind": "result"}


async def test_codes_that_run_out_are_told_once_a_day(woken: Woken) -> None:
    start = now_ms()
    assert await woken.round(start) == 0
    short = sa.update(leases).values(used=leases.c.last - 3)
    woken.office.run(lambda one: one.execute(short))

    assert await woken.round(start + 60 * 60 * 1000) == 1
    assert woken.came() == {"kind": "codes"}
    assert await woken.round(start + 2 * 60 * 60 * 1000) == 0
    assert await woken.round(start + 60 * 60 * 1000 + CODES_GAP_MS) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_service_that_knows_the_address_no_more_ends_the_subscription(
    woken: Woken, status: int
) -> None:
    woken.service.answers = [status]
    woken.ask()

    assert await woken.round() == 0

    assert woken.subscribed == 0
    assert woken.office.rows(push_notices) == []


@pytest.mark.parametrize("status", [302, 429, 500])
async def test_other_answers_are_tried_again_and_then_left(woken: Woken, status: int) -> None:
    woken.service.answers = [status] * TRIES_MAX
    at = now_ms()
    woken.note("settled", at)
    for _ in range(TRIES_MAX):
        assert await woken.round(at) == 0
        at += 24 * 60 * 60 * 1000
    assert woken.service.answers == []

    assert await woken.round(at) == 0  # given up, not owed for ever

    assert woken.service.count == 0
    assert woken.subscribed == 1
    woken.note("settled", at)
    assert await woken.round(at) == 1


async def test_a_retired_seat_and_a_revoked_phone_are_woken_no_more(woken: Woken) -> None:
    opened = woken.office.office

    def shut(connection: sa.Connection, *, seat: bool) -> None:
        if seat:
            retire_seat(connection, woken.an.number, QUAN, now_ms())
        else:
            revoke(connection, woken.phone.device, QUAN, now_ms())
        keep_revocations(connection, opened.keys, opened.settings.office, now_ms())

    woken.ask()
    woken.office.run(lambda one: shut(one, seat=True))
    assert woken.subscribed == 0
    assert await woken.round() == 0

    chi = woken.phone.sign_in("chi")
    woken.phone.wish("on", chi, woken.browser.subscription)
    woken.office.run(lambda one: shut(one, seat=False))
    assert woken.subscribed == 0
    with pytest.raises(Refused, match="device-revoked"):
        woken.phone.wish("on", chi, woken.browser.subscription)


async def test_who_works_here_no_more_is_woken_no_more(woken: Woken) -> None:
    woken.ask()
    gone = sa.update(staff).where(staff.c.id == woken.staff).values(active=False)
    woken.office.run(lambda one: one.execute(gone))

    assert await woken.round() == 0


def test_wishes_are_heeded_for_the_person_who_signs(
    office: OpenOffice, service: PushService
) -> None:
    phone = office.phone()
    an, chi = phone.sign_in("an"), phone.sign_in("chi")
    browser = service.browser()

    asked = phone.wish("ask")
    assert (asked.key, asked.seats) == (office.office.keys.push_public_key, [])
    assert phone.wish("on", an, browser.subscription).seats == [an.number]
    assert phone.wish("on", chi, browser.subscription).seats == [an.number, chi.number]
    with pytest.raises(Refused, match="bad-signature"):
        phone.wish("on", an, browser.subscription, signs=False)
    # The vault of a person may be locked: to end it, and to move, the device's word is enough.
    moved = service.browser("b").subscription
    assert phone.wish("move", push=moved).seats == [an.number, chi.number]
    assert {row[2] for row in office.rows(push_subscriptions)} == {moved.endpoint}
    assert phone.wish("off", an, signs=False).seats == [chi.number]
    assert phone.wish("off").seats == []


def test_who_signs_in_anew_takes_their_own_place(office: OpenOffice, service: PushService) -> None:
    phone = office.phone()
    browser = service.browser()
    phone.wish("on", phone.sign_in("an"), browser.subscription)
    again = phone.sign_in("an")

    assert phone.wish("on", again, browser.subscription).seats == [again.number]


def test_a_wish_of_yesterday_changes_nothing(office: OpenOffice, service: PushService) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    browser = service.browser()
    phone.wish("on", an, browser.subscription)
    number = phone.number
    phone.wish("off", an)

    assert phone.wish("on", an, browser.subscription, number=number).seats == []


def test_nobody_elses_device_is_set(office: OpenOffice, service: PushService) -> None:
    mine, yours = office.phone(), office.phone("Máy tính bảng 2")
    an, chi = mine.sign_in("an"), yours.sign_in("chi")
    subscription = service.browser().subscription
    yours.wish("on", chi, subscription)

    with pytest.raises(Refused, match="bad-signature"):
        mine.wish("on", PhoneSeat(chi.number, an.key), subscription)
    mine.wish("off", chi, signs=False)
    assert yours.wish("ask").seats == [chi.number]
    stranger = Phone(office.http)
    stranger.office, stranger.office_key = mine.office, mine.office_key
    stranger.device = 999
    with pytest.raises(Refused, match="unknown-device"):
        stranger.wish("ask")


def test_a_wish_that_is_none_is_refused(office: OpenOffice, service: PushService) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    good = service.browser().subscription

    bad: list[tuple[Wish, PhoneSeat | None, Subscription | None]] = [
        ("on", an, None),
        ("move", None, None),
        ("off", an, good),
        ("on", an, msgspec.structs.replace(good, p256dh=b"\x04" * 65)),
        ("on", an, msgspec.structs.replace(good, auth=b"short")),
        ("on", an, msgspec.structs.replace(good, endpoint=f"https://push.test/{'x' * 1024}")),
    ]
    for wish, seat, push in bad:
        with pytest.raises(Refused, match="malformed"):
            phone.wish(wish, seat, push)
    with pytest.raises(Refused, match="bad-endpoint"):
        phone.wish("on", an, msgspec.structs.replace(good, endpoint="http://push.example.com/a"))
    assert office.rows(push_subscriptions) == []


def test_an_office_that_wakes_nobody_says_so(office: OpenOffice, service: PushService) -> None:
    phone = office.phone()
    an = phone.sign_in("an")
    object.__setattr__(office.office.settings, "push", False)

    answer = phone.wish("on", an, service.browser().subscription)

    assert (answer.key, answer.seats) == (b"", [])
    assert office.rows(push_subscriptions) == []


async def test_another_key_of_the_office_wakes_nobody(woken: Woken) -> None:
    """A lost key: what browsers bound to it is refused by every service, so it is not tried."""
    woken.office.run(lambda one: one.execute(sa.update(push_subscriptions).values(key="0" * 16)))
    woken.ask()

    assert woken.phone.wish("ask").seats == []
    assert await woken.round() == 0


async def test_a_dead_service_costs_the_deed_nothing(woken: Woken) -> None:
    gone = Browser("http://127.0.0.1:9/nobody")
    woken.phone.wish("on", woken.an, gone.subscription)

    woken.ask()

    assert await woken.round() == 0
    assert woken.subscribed == 1

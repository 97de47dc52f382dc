"""How often a device may ask, and that a normal day's storm is not hindered."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.clock import now_ms
from server.exchange import api
from server.office import open_office
from server.rates import BUCKETS_MAX, SHARE_MIN, Rates, TooManyRequests, address_of
from server.settings import Settings, SettingsRefused, read_settings
from tests.server.conftest import OpenOffice, serving
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone, Refused


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass by whole minutes: however slow this machine is, no bucket fills meanwhile."""
    began, spend = now_ms(), Rates.spend

    def spend_then(rates: Rates, door: str, who: object, a_minute: int, now: int) -> None:
        spend(rates, door, who, a_minute, began + (now - began) // 60_000 * 60_000)

    monkeypatch.setattr(Rates, "spend", spend_then)


@pytest.fixture
def strict(settings: Settings, still: None) -> Iterator[OpenOffice]:
    """Open an office where a device may ask three times a minute."""
    with serving(open_office(replace(settings, requests_a_minute=3))) as served:
        yield served


def test_a_bucket_fills_again_evenly() -> None:
    rates = Rates(600)
    for _ in range(6):
        rates.spend("exchange", 2, 6, 1_000)

    with pytest.raises(TooManyRequests) as refused:
        rates.spend("exchange", 2, 6, 1_000)

    assert refused.value.retry_after_seconds == 10
    rates.spend("exchange", 3, 6, 1_000)
    rates.spend("seats", 2, 6, 1_000)
    rates.spend("exchange", 2, 6, 11_000)
    with pytest.raises(TooManyRequests):
        rates.spend("exchange", 2, 6, 11_000)


def test_what_is_remembered_is_bounded() -> None:
    rates = Rates(600)

    for device in range(BUCKETS_MAX + 100):
        rates.spend("exchange", device, 6, 1_000)

    assert len(rates._buckets) == BUCKETS_MAX


def test_a_device_that_asks_too_often_waits_and_others_do_not(strict: OpenOffice) -> None:
    mad, calm = strict.phone(), strict.phone("Máy tính bảng 2")
    for _ in range(3):
        mad.exchange()

    with pytest.raises(Refused) as refused:
        mad.exchange()

    assert (refused.value.status, refused.value.code) == (429, "too-many-requests")
    assert int(refused.value.headers["retry-after"]) >= 1
    assert calm.exchange().number == calm.number


def test_nobody_spends_what_belongs_to_another(strict: OpenOffice) -> None:
    thief, phone = strict.phone(), strict.phone("Máy tính bảng 2")
    key, thief.device = thief.key, phone.device
    for _ in range(6):
        with pytest.raises(Refused, match="bad-signature"):
            thief.exchange()

    assert key is thief.key
    assert phone.exchange().number == phone.number


@pytest.mark.usefixtures("still")
def test_one_code_is_tried_a_few_times_only(office: OpenOffice) -> None:
    answers = []
    for _ in range(12):
        with pytest.raises(Refused) as refused:
            Phone(office.http).enrol("no-such-code")
        answers.append(refused.value.code)

    assert answers == ["unknown-code"] * 10 + ["too-many-requests"] * 2
    assert Phone(office.http).enrol(office.link())


def test_a_storm_of_three_hundred_devices_is_not_hindered() -> None:
    """Each brings a week: twenty exchanges and two hundred pieces of photos, all at once."""
    rates = Rates(Settings.requests_a_minute)

    for device in range(300):
        for _ in range(20):
            rates.count_exchange(device, 1_000)
        for _ in range(200):
            rates.count_piece(device, 1_000)
        rates.count_reference("203.0.113.7", 1_000)


def test_a_limited_request_is_not_taken_and_comes_again_whole(
    strict: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = strict.phone()
    an = phone.sign_in("an")
    for _ in range(3):
        phone.exchange()
    phone.take_dossier(an)
    with pytest.raises(Refused):
        phone.exchange()
    refused = an.held
    monkeypatch.setattr(api, "now_ms", lambda: now_ms() + 60_000)

    phone.exchange()

    assert (refused, an.held, an.last) == (0, 1, 1)


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("127.0.0.1", "192.0.2.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "made up", "10.0.0.2"),
        ("1.1.1.1", "192.0.2.1", "1.1.1.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("", "", ""),
    ],
)
def test_a_stranger_is_counted_by_the_address_that_our_own_proxy_saw(
    peer: str, forwarded: str, counted: str
) -> None:
    assert address_of(peer, forwarded) == counted


def test_one_address_tries_a_few_names_a_minute_at_the_desk(strict: OpenOffice) -> None:
    desk = Desk(strict.http)

    answers = [desk.sign_in(f"nobody{number}") for number in range(SHARE_MIN + 1)]

    assert [answer.status_code for answer in answers] == [403] * SHARE_MIN + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "Sai nhiều lần quá" in text_of(answers[-1], "sign-in-trouble")


def test_the_setting_is_a_number() -> None:
    demo = {"LUUDONG_MODE": "demo"}

    assert read_settings(demo | {"LUUDONG_REQUESTS_A_MINUTE": "60"}).requests_a_minute == 60
    with pytest.raises(SettingsRefused, match="LUUDONG_REQUESTS_A_MINUTE"):
        read_settings(demo | {"LUUDONG_REQUESTS_A_MINUTE": "0"})

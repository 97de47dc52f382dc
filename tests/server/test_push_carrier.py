"""A device names the address that the office posts to: it must lead to a push service and no other.

Nobody may make the office ask machines of its own network (SSRF).
"""

import socket
from pathlib import Path

import pytest

from server.keys import load_or_make_keys
from server.push.carrier import Carrier, NotCarried
from server.push.rules import BadEndpoint, may_reach, pause_after, require_endpoint
from server.push.sealing import Outcome, contact_of, send
from server.settings import Settings
from sync.limits import PUSH_BYTES_MAX
from tests.support.push_service import Browser, running_push_service

GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QABC?x=1",
    "https://web.push.apple.com:443/QABC",
    "https://8.8.8.8/push",
]
BAD = [
    "",
    "http://fcm.googleapis.com/fcm/send/abc",
    "ftp://fcm.googleapis.com/a",
    "https:///a",
    "https://user:word@fcm.googleapis.com/a",
    "https://fcm.googleapis.com:22/a",
    "https://fcm.googleapis.com:99999/a",
    "https://fcm.googleapis.com/a#b",
    "https://fcm.googleapis.com/a b",
    "https://fcm.googleapis.com/a\r\nHost: b",
    "https://dịch-vụ.example/a",
    "https://localhost/a",
    "https://office.local/a",
    "https://printer/a",
    "https://127.0.0.1/a",
    "https://10.1.2.3/a",
    "https://192.168.1.1/a",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/a",
    "https://[fe80::1%25eth0]/a",
    "https://[::ffff:10.0.0.1]/a",
    "https://0.0.0.0/a",
    "http://127.0.0.1:8080/a",
]


@pytest.mark.parametrize("endpoint", GOOD)
def test_addresses_of_push_services_are_good(endpoint: str) -> None:
    require_endpoint(endpoint, is_demo=False)


@pytest.mark.parametrize("endpoint", BAD)
def test_others_are_not(endpoint: str) -> None:
    with pytest.raises(BadEndpoint):
        require_endpoint(endpoint, is_demo=False)


def test_an_office_with_invented_people_may_post_to_its_own_machine() -> None:
    require_endpoint("http://127.0.0.1:8080/a", is_demo=True)
    with pytest.raises(BadEndpoint):
        require_endpoint("http://10.0.0.1:8080/a", is_demo=True)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:192.168.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 -- an address to refuse
    ],
)
def test_only_public_addresses_are_reached(address: str, may: bool) -> None:
    assert may_reach(address, is_demo=False) is may


def test_a_public_name_that_stands_for_a_private_address_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", ("8.8.8.8", 443)), (0, 0, 0, "", ("192.168.1.1", 443))]

    def connect(*_: object) -> None:
        pytest.fail("somebody was asked")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(BadEndpoint):
        Carrier(is_demo=False).post("https://push.example.com/a", data=b"x", headers={})


def test_no_redirect_is_followed() -> None:
    with running_push_service() as service:
        service.answers = [302]
        carrier = Carrier(is_demo=True)
        assert carrier.post(f"{service.address}/a", data=b"x", headers={}).status_code == 302
        assert service.count == 0


def test_more_than_a_push_service_has_to_carry_is_not_sent() -> None:
    with running_push_service() as service, pytest.raises(AssertionError):
        Carrier(is_demo=True).post(
            f"{service.address}/a", data=bytes(PUSH_BYTES_MAX + 1), headers={}
        )


def test_who_does_not_speak_http_or_tls_is_a_failure() -> None:
    with pytest.raises(NotCarried):
        Carrier(is_demo=True).post(f"http://127.0.0.1:{_free_port()}/a", data=b"x", headers={})
    with running_push_service() as service:
        sealed = service.address.replace("http:", "https:")
        with pytest.raises(NotCarried):
            Carrier(is_demo=True).post(f"{sealed}/a", data=b"x", headers={})


def test_the_office_makes_its_own_key_once_and_nobody_else_may_read_it(
    settings: Settings,
) -> None:
    keys = load_or_make_keys(settings)
    path: Path = settings.data / "push.key"

    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_keys(settings).push_public_key == keys.push_public_key
    assert keys.push_public_key not in (keys.public_key, keys.bundle_key)
    assert keys.push_public_key not in path.read_bytes()
    with running_push_service() as service:
        browser = service.browser()
        push, contact = browser.subscription, contact_of(settings.url)
        carrier = Carrier(is_demo=True)
        assert send(keys.push_key, contact, carrier, push, "codes", 0) is Outcome.SENT
    nobody = Browser("https://10.0.0.1/a").subscription
    assert send(keys.push_key, contact, carrier, nobody, "codes", 0) is Outcome.GONE


def test_a_push_service_is_told_whom_it_may_turn_to() -> None:
    assert contact_of("https://office.example.vn:8443") == "https://office.example.vn"
    assert contact_of("http://localhost:8000").startswith("mailto:")


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(tries) for tries in range(1, 6)]
    assert pauses == [60_000, 240_000, 960_000, 3_840_000, None]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])

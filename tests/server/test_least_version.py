"""An app that is too old may always take and hand in; it gets no pages and cannot join."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.office import open_office
from server.settings import Settings, SettingsRefused, read_settings
from tests.server.conftest import OpenOffice, serving
from tests.support.desk import Desk, text_of
from tests.support.phone import Refused


@pytest.fixture
def strict(settings: Settings) -> Iterator[OpenOffice]:
    """Open an office that wants 1.2 at least."""
    with serving(open_office(replace(settings, app_version_min="1.2"))) as served:
        yield served


def test_an_old_app_hands_in_and_gets_no_pages(strict: OpenOffice) -> None:
    """FAULT-42."""
    phone = strict.phone("Máy tính bảng 1", app_version="1.2.0")
    an = phone.sign_in("an")
    phone.take_dossier(an)

    phone.app_version = "1.1.9"
    old = phone.exchange(an)
    phone.app_version = "1.10"
    new = phone.exchange(an)

    assert [receipt.held for receipt in old.receipts] == [1]
    assert (old.pages, old.dropped, old.directory, old.leases) == ({}, [], [], [])
    assert old.token is not None  # its photos are handing in too
    assert old.min_version == "1.2"
    assert new.pages["10441"].packed


def test_an_old_app_cannot_join(strict: OpenOffice) -> None:
    with pytest.raises(Refused, match="403 app-too-old"):
        strict.phone("Máy cũ", app_version="1.1")

    assert strict.phone("Máy mới", app_version="1.2").device


def test_the_desk_sees_whose_app_is_too_old(strict: OpenOffice) -> None:
    desk, phone = Desk(strict.http), strict.phone("Máy cũ", app_version="1.2")
    desk.sign_in("chi")
    phone.app_version = "1.0"
    phone.exchange()

    page = desk.get("/desk/devices")

    assert "1.0 quá cũ" in text_of(page, f"device-{phone.device}")
    assert "phiên bản 1.2" in text_of(page, "least-version")


def test_the_least_version_is_a_version() -> None:
    demo = {"LUUDONG_MODE": "demo"}

    assert read_settings(demo | {"LUUDONG_APP_VERSION_MIN": "1.4"}).app_version_min == "1.4"
    with pytest.raises(SettingsRefused, match="LUUDONG_APP_VERSION_MIN"):
        read_settings(demo | {"LUUDONG_APP_VERSION_MIN": "newest"})

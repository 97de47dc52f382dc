"""What the environment may say, and what is refused in a sentence instead of a traceback."""

from pathlib import Path

import pytest

from server.settings import SettingsRefused, read_settings


def test_a_demo_needs_nothing_more_than_its_mode() -> None:
    settings = read_settings({"LUUDONG_MODE": "demo"})

    assert settings.is_demo
    assert settings.database == f"sqlite:///{Path('data').absolute()}/office.sqlite3"
    assert settings.url == "http://localhost:8000"
    assert not settings.is_secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LUUDONG_MODE", "test"),
        ("LUUDONG_PORT", "0"),
        ("LUUDONG_UNSENT_HOURS", "24,8"),
        ("LUUDONG_UNSENT_HOURS", "8"),
        ("LUUDONG_PORT", "http"),
        ("LUUDONG_DATA", __file__),
        ("LUUDONG_DATABASE", "postgres://office:hidden@localhost/office"),
        ("LUUDONG_DATABASE", "office.sqlite3"),
        ("LUUDONG_URL", "office.example.vn"),
        ("LUUDONG_URL", "ftp://office.example.vn"),
        ("LUUDONG_URL", "https://example.vn/office"),
        ("LUUDONG_SECRET", "too short"),
        ("LUUDONG_AGENCY", "h26"),
        ("LUUDONG_LEASES", "yes"),
    ],
)
def test_what_cannot_work_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        read_settings({"LUUDONG_MODE": "demo", name: value})

    assert name in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_production_without_a_secret_is_refused_with_how_to_make_one() -> None:
    for secret in ({}, {"LUUDONG_SECRET": ""}):
        with pytest.raises(SettingsRefused, match="luudong secret"):
            read_settings({"LUUDONG_MODE": "production", **secret})


def test_leases_are_a_branch_s_own_choice_and_need_a_code_to_begin_with() -> None:
    demo, office = {"LUUDONG_MODE": "demo"}, {"LUUDONG_SECRET": "x" * 32}

    assert read_settings(demo).leases
    assert not read_settings({**demo, "LUUDONG_LEASES": "off"}).leases
    assert not read_settings(office).leases
    assert read_settings(office).agency == ""
    assert read_settings({**office, "LUUDONG_AGENCY": "H01.2", "LUUDONG_LEASES": "on"}).leases
    with pytest.raises(SettingsRefused, match="LUUDONG_AGENCY"):
        read_settings({**office, "LUUDONG_LEASES": "on"})

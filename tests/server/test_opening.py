"""Opening an office: settings, keys under the secret, epochs, and a start that changes nothing."""

import stat
from dataclasses import replace

import pytest
import sqlalchemy as sa

from server.devices.seats import get_office_seat
from server.devices.tables import devices, seats
from server.office import Office, open_office
from server.records.feeds import number_feeds
from server.records.tables import feeds
from server.schema import metadata
from server.settings import Settings, SettingsRefused, read_settings
from server.staff.tables import areas, staff
from tests.support.phone import new_record


def test_a_second_start_changes_nothing(settings: Settings) -> None:
    first = _everything(settings)

    assert _everything(settings) == first


def test_a_production_office_has_nobody_invented(settings: Settings) -> None:
    office = open_office(replace(settings, mode="production"))

    assert _count(office, staff) == 0
    assert _count(office, devices) == 1
    office.close()


def test_keys_lie_sealed_and_for_us_alone(settings: Settings) -> None:
    open_office(settings).close()

    for name in ("office.key", "epoch"):
        assert stat.S_IMODE((settings.data / name).stat().st_mode) == 0o600


def test_another_secret_is_refused_with_what_to_do(settings: Settings) -> None:
    open_office(settings).close()

    with pytest.raises(SettingsRefused, match="another secret"):
        open_office(replace(settings, secret="another secret that is long enough too"))


def test_a_folder_that_meets_another_database_begins_a_new_epoch(settings: Settings) -> None:
    office = open_office(settings)
    with office.database.engine.begin() as connection:
        number_feeds(connection, {"10441": [(new_record().bytes, False)]}, ())
    office.close()
    (settings.data / "epoch").write_text("6")

    again = open_office(settings)

    assert again.epoch == 7
    with again.database.engine.begin() as connection:
        seat = get_office_seat(connection, again.keys)
        number_feeds(connection, {"10441": [(new_record().bytes, False)]}, ())
        numbers = [row.number for row in connection.execute(feeds.select())]
        retired = [row.number for row in connection.execute(seats.select()) if row.retired_at]
    again.close()
    assert seat.number > 6_000_000
    assert retired == [1]
    assert sorted(numbers) == [1, 6 * 2**32 + 1]


def test_production_without_a_secret_says_how_to_make_one() -> None:
    with pytest.raises(SettingsRefused, match="luudong secret"):
        read_settings({})


@pytest.mark.parametrize(
    "environ",
    [
        {"LUUDONG_MODE": "play"},
        {"LUUDONG_MODE": "demo", "LUUDONG_PORT": "eighty"},
        {"LUUDONG_MODE": "demo", "LUUDONG_PORT": "70000"},
        {"LUUDONG_SECRET": "short"},
    ],
)
def test_settings_that_cannot_be_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused):
        read_settings(environ)


def test_a_demo_needs_no_settings_but_its_mode() -> None:
    settings = read_settings({"LUUDONG_MODE": "demo"})

    assert settings.is_demo
    assert settings.url == "http://localhost:8000"
    assert settings.database.endswith("data/office.sqlite3")


def _everything(settings: Settings) -> dict[str, list[object]]:
    """Open the office once and give every row of its database."""
    office = open_office(settings)
    with office.database.engine.begin() as connection:
        rows = {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in metadata.sorted_tables
        }
    office.close()
    return {name: list(found) for name, found in rows.items()}


def _count(office: Office, table: sa.Table) -> int:
    with office.database.engine.begin() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_start_brings_areas_up_to_the_file(settings: Settings) -> None:
    before = _everything(settings)
    office = open_office(settings)
    with office.database.engine.begin() as connection:
        moved = sa.update(areas).where(areas.c.code == "10441")
        connection.execute(moved.values(name_vi="as it was named before"))
    office.close()

    assert _everything(settings) == before
